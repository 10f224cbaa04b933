/** Lists of tables with regular expressions, on a running stack. */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import axios from "axios";
import { afterAll, beforeAll, expect, it } from "vitest";
import { TestStack } from "./platform";

const stack = new TestStack("e2e-wide");
const CONNECTOR = `http://localhost:${stack.port(8083)}/connectors/debezium-postgres-connector`;

const SOURCE = `
  CREATE SCHEMA IF NOT EXISTS rw;
  CREATE TABLE IF NOT EXISTS public.links ("customerId" int PRIMARY KEY, note text);
  CREATE TABLE IF NOT EXISTS rw.orders (id int PRIMARY KEY, v text);
  CREATE TABLE IF NOT EXISTS rw."Odd $ name" (id int PRIMARY KEY, v text);
  CREATE TABLE IF NOT EXISTS rw.tmp_x (id int PRIMARY KEY);
  CREATE TABLE IF NOT EXISTS rw.visits (id int, day date, PRIMARY KEY (id, day)) PARTITION BY RANGE (day);
  CREATE TABLE IF NOT EXISTS rw.visits_26 PARTITION OF rw.visits FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
  CREATE TABLE IF NOT EXISTS rw."twin$1" (id int PRIMARY KEY);
  CREATE TABLE IF NOT EXISTS rw.twin_1 (id int PRIMARY KEY);
  CREATE OR REPLACE VIEW rw.a_view AS SELECT 1 AS id;
  CREATE UNLOGGED TABLE IF NOT EXISTS rw.unlogged (id int PRIMARY KEY);`;
const CAPTURED = ["public.links", "rw.Odd $ name", "rw.orders", "rw.twin$1", "rw.visits"];

let folder: string;

function configure(list: string): void {
  stack.configure({
    sourceSchema: path.join(folder, "source.sql"),
    connectorOverrides: { "table.include.list": list, "publish.via.partition.root": true },
  });
}

async function run(command: string, ...args: string[]): Promise<string> {
  const { exitCode, text } = await stack.npmRun(command, ...args);
  expect(exitCode, text).toBe(0);
  return text;
}

const captured = async () =>
  JSON.parse(await run("outputs", "--json").then((text) => text.slice(text.indexOf("{")))).capturedTables;
const published = async () =>
  (
    await stack.sql(
      "SELECT schemaname || '.' || tablename FROM pg_publication_tables WHERE tablename !~ 'signal' ORDER BY 1",
    )
  ).split("\n");

beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "lists-e2e-"));
  fs.writeFileSync(path.join(folder, "source.sql"), SOURCE);
  configure("public.links,rw\\.(?!tmp_).*");
  await stack.npmRun("destroy");
});

afterAll(async () => {
  await stack.npmRun("destroy");
  fs.rmSync(folder, { recursive: true });
});

it("what an expression matches is captured, and nothing else is published", async () => {
  const text = await run("up");
  expect(text).toMatch(/the lists of tables mean 5 tables now: public\.links, rw\.Odd \$ name, rw\.orders/);
  expect(await captured()).toEqual(CAPTURED);
  expect(await published()).toEqual([...CAPTURED].sort());
  const { data } = await axios.get(`${CONNECTOR}/config`);
  expect(data["table.include.list"]).toContain("(?-i)rw\\.orders");
  expect(await run("up")).toMatch(/no changes/i);
});

it("a match that cannot be captured is left out, by name and with the reason", async () => {
  const text = await run("preview");
  expect(text).toMatch(
    /left out: rw\.a_view \(a view\), rw\.unlogged \(unlogged\) and rw\.twin_1 \(rw\.twin\$1 and rw\.twin_1, whose changes/,
  );
});

it("the same listed by name is refused before anything is changed", async () => {
  configure("public.links,rw.unlogged,rw\\.(?!tmp_).*");
  const { exitCode, text } = await stack.npmRun("preview");
  configure("public.links,rw\\.(?!tmp_).*");
  expect(exitCode).toBe(1);
  expect(text).toMatch(/names rw\.unlogged, which is unlogged/);
});

it("a table that is made later is named by status and refresh, shown by preview, taken up by up", async () => {
  await stack.sql(
    "CREATE TABLE rw.later (id int PRIMARY KEY); INSERT INTO rw.later SELECT generate_series(1, 50)",
  );
  expect((await stack.npmRun("status")).text).toMatch(/Match, not captured yet.*rw\.later/);
  expect(await run("refresh")).toMatch(/rw\.later matches the lists of tables, and is not captured yet/);
  expect(await run("preview")).toMatch(/topics\.dbserver2\.rw\.later/);
  expect(await run("up")).toMatch(/rw\.later: all rows sent \(50; 50 in the source\)/);
  expect(await published()).toContain("rw.later");
  expect(await run("up")).toMatch(/no changes/i);
});

it("a list that matches nothing is refused", async () => {
  configure("nowhere\\..*");
  const { exitCode, text } = await stack.npmRun("preview");
  expect(exitCode).toBe(1);
  expect(text).toMatch(/the lists of tables match no table of database postgres: nowhere/);
});
