/** What looks at a stack all the time: the continuous proof, which finds what is planted into the lake and nothing else, and the console. */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import axios from "axios";
import execa from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { describeConsole, signedIn } from "./console";
import { eventually, TestStack } from "./platform";

const stack = new TestStack("e2e-proof");
const URL = `http://localhost:${stack.port(9464)}`;
/** `orders` is large enough to be compared in two ranges of its key. */
const SCHEMA = `
  CREATE TABLE IF NOT EXISTS orders (id bigint PRIMARY KEY, city text, note text);
  ALTER TABLE orders ALTER note SET STORAGE EXTERNAL;
  CREATE TABLE IF NOT EXISTS busy (id int PRIMARY KEY, n int);
  CREATE TABLE IF NOT EXISTS keyless (n int); ALTER TABLE keyless REPLICA IDENTITY FULL;
  INSERT INTO orders SELECT n, 'Izmir', repeat(md5(n::text), 290) FROM generate_series(1, 2000) n ON CONFLICT DO NOTHING;
  INSERT INTO busy SELECT n, 0 FROM generate_series(1, 100) n ON CONFLICT DO NOTHING;
  ANALYZE orders;`;
const PASSWORD = `of "this" stack's own`;
const TABLES = ["public.orders", "public.busy", "public.keyless"];

let folder: string;
let writing = true;
let writer: Promise<void>;

async function write(): Promise<void> {
  for (let n = 1; writing; n++) {
    await stack.sql(
      `UPDATE busy SET n = ${n} WHERE id % 10 = ${n % 10}; INSERT INTO busy VALUES (${100 + n}, 0); DELETE FROM busy WHERE id = ${90 + n};`,
    );
  }
}

// biome-ignore lint/suspicious/noExplicitAny: what --json prints
type Json = any;

async function status(): Promise<{ exitCode: number; report: Json; stderr: string }> {
  const { exitCode, stdout, stderr } = await execa(
    "node",
    ["cli/launch.mjs", "status", "--stack", stack.name, "--json"],
    { reject: false, stdin: "ignore" },
  );
  return { exitCode, report: JSON.parse(stdout), stderr };
}

const proofOf = ({ report }: { report: Json }, table: string) =>
  report.tables.find((one: Json) => one.table === table)?.proof;

/** Of a table, as the service itself says. */
const told = async (table: string): Promise<Json> =>
  (await axios.get(`${URL}/proof`)).data.tables.find((one: Json) => one.table === table);

async function plant(...plants: object[]): Promise<void> {
  const { minioUrl, lakeAccessKey, lakeSecretKey, bucket } = await stack.outputs();
  await execa(".venv/bin/python", ["tests/e2e/plant.py", `s3a://${bucket}`, "public.orders", "id"], {
    input: JSON.stringify(plants.map((one) => ({ in: "state", ...one }))),
    env: {
      AWS_ENDPOINT_URL: minioUrl,
      AWS_ACCESS_KEY_ID: lakeAccessKey,
      AWS_SECRET_ACCESS_KEY: lakeSecretKey,
    },
  });
}

beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "proof-e2e-"));
  fs.writeFileSync(path.join(folder, "schema.sql"), SCHEMA);
  stack.configure({
    continuousProof: true,
    console: true,
    // No word that is anywhere else.
    postgresPassword: PASSWORD,
    sourceSchema: path.join(folder, "schema.sql"),
    flattenedTables: false,
    connectorOverrides: { "table.include.list": TABLES.join(",") },
  });
  const { exitCode, text } = await stack.npmRun("up");
  expect(exitCode, text).toBe(0);
  writer = write();
});

afterAll(async () => {
  writing = false;
  await writer?.catch(() => {});
  await stack.npmRun("destroy");
  fs.rmSync(folder, { recursive: true, force: true });
});

describeConsole(stack);

describe("the continuous proof", () => {
  it("proves what is the source's, also while it changes, and names what it cannot prove", async () => {
    for (const table of ["public.orders", "public.busy"]) {
      const proven = await eventually(
        table,
        120,
        () => told(table),
        ({ verifiedThrough }) => verifiedThrough,
      );
      expect(proven, table).toMatchObject({ finding: null, notProven: null });
    }
    const keyless = await eventually(
      "keyless",
      60,
      () => told("public.keyless"),
      ({ notProven }) => notProven,
    );
    expect(keyless.notProven).toMatch(/no key/);
  });

  it("finds a wrong value, a lost row and a doubled row, and says so in status and metrics", async () => {
    const before = (await told("public.orders")).verifiedThrough;
    await plant(
      { do: "change", key: "3", column: "city", value: "nowhere" },
      { do: "double", key: "5" },
      { do: "delete", key: "1999" },
    );
    await eventually(
      "the differences",
      400,
      () => told("public.orders"),
      ({ finding }) => finding?.keys === 3,
    );
    const seen = await status();
    expect(seen.exitCode).toBe(1);
    const { finding, verifiedThrough } = proofOf(seen, "public.orders");
    expect([...finding.examples].sort()).toEqual([
      'id "1999": missing in the lake',
      'id "3": other values in city',
      'id "5": 2 rows in the lake',
    ]);
    expect(Date.parse(finding.since.at)).toBeGreaterThan(Date.parse(before.at));
    expect(verifiedThrough).toEqual(finding.equalAt);
    expect(seen.stderr).toMatch(
      /the lake's rows are not the source's in public\.orders \(3 keys; seen since .*, equal until .*`npm run resnapshot -- --stack e2e-proof public\.orders`/,
    );
    const { data: view } = await (await signedIn(stack)).get("/view");
    expect(view.alarms.map(({ text }: Json) => text)).toEqual(seen.report.alarms);
    expect(view.tables[0]).toMatchObject({ table: "public.orders", trouble: expect.any(String) });
    expect(proofOf(seen, "public.busy")).toMatchObject({ finding: null, notProven: null });
    const { data } = await axios.get<string>(`${URL}/metrics`);
    expect(data).toContain('cdc_proof_differing_keys{table="public.orders"} 3\n');
    expect(data).toContain('cdc_proof_different{table="public.busy"} 0\n');
    expect(data).toContain('cdc_proof_not_provable{table="public.keyless"} 1\n');
    const at = Date.parse(verifiedThrough.at) / 1000;
    expect(data).toContain(`cdc_proof_verified_through_timestamp_seconds{table="public.orders"} ${at}\n`);
  });

  it("knows it all after a restart, and has stayed within its memory", async () => {
    const before = await told("public.orders");
    await execa("docker", ["restart", stack.container("proof")]);
    const after = await eventually("the service", 60, () => told("public.orders"), Boolean);
    expect(after).toEqual(before);
    const { stdout } = await execa("docker", [
      "inspect",
      "--format",
      "{{.State.OOMKilled}} {{.RestartCount}}",
      stack.container("proof"),
    ]);
    expect(stdout).toBe("false 0");
  });
});
