/** Wide rows, and many of them at once: the inputs of tests/e2e/wide-rows, each test named after its folder. */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import execa from "execa";
import { afterAll, beforeAll, expect, it } from "vitest";
import { eventually, TestStack } from "./platform";

const stack = new TestStack("e2e-wide");
const SERVICES = ["postgresql", "kafka", "kafka-connect", "spark-worker", "spark-client"];

let folder: string;

function configure(more: Record<string, unknown> = {}): void {
  stack.configure({
    sourceSchema: path.join(folder, "source.sql"),
    flattenedTables: false,
    connectorOverrides: { "table.include.list": "public.links,rw\\..*" },
    ...more,
  });
}

function sqlOf(name: string, file: string): string {
  return fs.readFileSync(path.join(__dirname, "wide-rows", name, file), "utf8");
}

async function up(): Promise<string> {
  const { exitCode, text } = await stack.npmRun("up");
  expect(exitCode, text).toBe(0);
  return text;
}

/** Every row that is in the source is in the lake. */
async function equal(table: string): Promise<void> {
  const { exitCode, text } = await stack.npmRun("verify", "--table", table);
  expect(exitCode, text).toBe(0);
}

/** Of the containers. */
async function restarts(): Promise<string> {
  const names = SERVICES.map((service) => stack.container(service));
  const { stdout } = await execa("docker", ["inspect", "--format", "{{.Name}} {{.RestartCount}}", ...names]);
  return stdout;
}

beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "wide-e2e-"));
  const names = ["row-larger-than-a-megabyte", "a-million-rows-in-one-transaction"];
  const links = 'CREATE TABLE IF NOT EXISTS public.links ("customerId" int PRIMARY KEY);';
  fs.writeFileSync(
    path.join(folder, "source.sql"),
    [links, ...names.map((name) => sqlOf(name, "source.sql"))].join("\n"),
  );
  configure();
  await stack.npmRun("destroy");
  await up();
});

afterAll(async () => {
  await stack.npmRun("destroy");
  fs.rmSync(folder, { recursive: true });
});

it("row-larger-than-a-megabyte: it arrives, and an application's message of 2 MB stops nothing", async () => {
  const before = await restarts();
  await stack.sql(sqlOf("row-larger-than-a-megabyte", "change.sql"));
  await stack.sql(sqlOf("row-larger-than-a-megabyte", "change-b.sql"));
  await equal("rw.documents");
  expect(await restarts()).toBe(before);
});

it("row-larger-than-a-megabyte: 16 MB with both rows of an update, with the defaults", async () => {
  const before = await restarts();
  await stack.sql(`
    ALTER TABLE rw.documents REPLICA IDENTITY FULL;
    INSERT INTO rw.documents SELECT 16, string_agg(md5(i::text), ''), NULL FROM generate_series(1, 520000) AS i;
    UPDATE rw.documents SET body = body || 'more' WHERE id = 16;`);
  await equal("rw.documents");
  expect(await restarts()).toBe(before);
});

it("a-million-rows-in-one-transaction: none of those rolled back, and what is behind them", async () => {
  const before = await restarts();
  await stack.sql(sqlOf("a-million-rows-in-one-transaction", "change.sql"));
  await equal("rw.million");
  expect(await restarts()).toBe(before);
});

it("fat-rows-and-the-workers-heap: the rows of before, and a transaction of as many, pass the worker and Kafka", async () => {
  const before = await restarts();
  const links = fs.readFileSync(path.join(folder, "source.sql"), "utf8");
  fs.writeFileSync(
    path.join(folder, "source.sql"),
    `${links}\n${sqlOf("fat-rows-and-the-workers-heap", "source.sql")}`,
  );
  expect(await up()).toMatch(/rw\.fat_rows: all rows sent \(3,000; 3,000 in the source\)/);
  await stack.sql(sqlOf("fat-rows-and-the-workers-heap", "change.sql"));
  await equal("rw.fat_rows");
  expect(await restarts()).toBe(before);
  const { all } = await execa("docker", ["logs", stack.container("spark-client")], { all: true });
  expect(all).not.toMatch(/Lost executor/);
});

it("a larger row fails with its table, key and size; set aside, it lets the others go on", async () => {
  configure({ maxRowSize: "1MB" });
  await up();
  await stack.sql(
    "INSERT INTO rw.documents SELECT 99, repeat('x', 4000000), NULL; INSERT INTO rw.documents VALUES (100, 'behind', NULL)",
  );
  const { text } = await eventually(
    "status says what failed",
    180,
    () => stack.npmRun("status"),
    (result) => /FAILED/.test(result.text),
  );
  expect(text).toMatch(/FAILED/);
  const failed = await stack.npmRun("up");
  expect(failed.exitCode).toBe(1);
  expect(failed.text).toMatch(
    /table rw\.documents, key .*99.*: the change has 40\d+ bytes, and a message may have/,
  );

  configure({ maxRowSize: "1MB", rowsTooLarge: "setAside" });
  await up();
  await eventually(
    "the row behind it is in the lake",
    180,
    () => stack.queryLake("tables/rw/documents", "select count(*) as n from t where id = 100"),
    ([row]) => Number(row?.n) === 1,
  );
});

it("64 MB by one value: a row of nearly that passes, and its update with both rows", async () => {
  configure({ maxRowSize: "64MB" });
  await up();
  const before = await restarts();
  await stack.sql(`
    INSERT INTO rw.documents SELECT 64, string_agg(md5(i::text), ''), NULL FROM generate_series(1, 1950000) AS i;
    UPDATE rw.documents SET body = body || 'more' WHERE id = 64;`);
  await equal("rw.documents");
  expect(await restarts()).toBe(before);
});
