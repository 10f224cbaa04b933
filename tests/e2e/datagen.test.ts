/** The data generator against a PostgreSQL of its own: the stack's image, thrown away afterwards. */
import { randomBytes } from "node:crypto";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import execa from "execa";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { customersCsv } from "./customers";
import { eventually } from "./platform";

const CONTAINER = `e2e-datagen-${process.pid}`;
const PASSWORD = `secret-${randomBytes(6).toString("hex")}`;

let folder: string;
let port: number;
let database: Client;

beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "datagen-e2e-"));
  fs.chmodSync(folder, 0o755);
  const passwordFile = path.join(folder, "password");
  fs.writeFileSync(passwordFile, PASSWORD, { mode: 0o644 });
  // What the stack was made of stays after `npm run destroy`.
  const { stdout: image } = await execa("docker", [
    ...["image", "inspect", "--format", "{{.Id}}", "cdc/postgresql:latest"],
  ]);
  await execa("docker", ["rm", "--force", "--volumes", CONTAINER], { reject: false });
  await execa("docker", [
    ...["run", "--detach", "--rm", "--name", CONTAINER, "--publish", "127.0.0.1::5432"],
    ...["--volume", `${passwordFile}:/etc/postgresql/cdc/password:ro`, image],
    ...["postgres", "-c", "wal_level=logical"],
  ]);
  const { stdout: address } = await execa("docker", ["port", CONTAINER, "5432/tcp"]);
  port = Number(address.split(":").at(-1));
  database = await eventually(
    "PostgreSQL answers",
    60,
    async () => {
      const client = new Client({
        host: "127.0.0.1",
        port,
        user: "postgres",
        password: PASSWORD,
        database: "postgres",
      });
      await client.connect();
      return client;
    },
    () => true,
  );
});

afterAll(async () => {
  await database?.end();
  await execa("docker", ["rm", "--force", "--volumes", CONTAINER], { reject: false });
  fs.rmSync(folder, { recursive: true, force: true });
});

function start(...args: string[]) {
  return execa("node", ["cli/launch.mjs", "datagen", "-p", String(port), ...args], {
    env: { PGPASSWORD: PASSWORD, INIT_CWD: folder },
    all: true,
    reject: false,
    stdin: "ignore",
  });
}

async function datagen(...args: string[]): Promise<{ exitCode: number; text: string }> {
  const { exitCode, all } = await start(...args);
  expect(all).not.toContain(PASSWORD);
  return { exitCode, text: all ?? "" };
}

async function rows(sql: string): Promise<unknown[][]> {
  return (await database.query({ text: sql, rowMode: "array" })).rows;
}

async function digest(table: string): Promise<unknown> {
  const [[value] = []] = await rows(
    `SELECT md5(string_agg(t::text, ';' ORDER BY "customerId")) FROM ${table} t`,
  );
  return value;
}

function write(name: string, text: string): string {
  const file = path.join(folder, name);
  fs.writeFileSync(file, text);
  return file;
}

describe("loading", () => {
  it("runs the seed's command: makes the table, with its types and the names' case, and writes every row", async () => {
    const file = write("customers.csv", customersCsv(50));
    const seedOptions = `-i ${file} -hst localhost -s , -u postgres -psw ${PASSWORD} -db postgres -t customers1 -rst 0.05 -es csv`;
    const { exitCode, text } = await datagen(...seedOptions.split(" "));
    expect(text).toContain("50 rows in 5 batches");
    expect(exitCode).toBe(0);
    expect(
      await rows(
        "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = 'customers1' ORDER BY ordinal_position",
      ),
    ).toEqual([
      ["customerId", "bigint"],
      ...["FName", "LName", "Email", "Password", "Street", "City", "State"].map((name) => [
        `customer${name}`,
        "text",
      ]),
      ["customerZipcode", "bigint"],
    ]);
    const written = await rows('SELECT * FROM customers1 ORDER BY "customerId"');
    expect(written.map((row) => row.join(","))).toEqual(customersCsv(50).trim().split("\n").slice(1));
  });

  it("appends, also with COPY, and refuses a file with other columns", async () => {
    expect(
      (await datagen("-i", "customers.csv", "-t", "customers1", "-rst", "0", "-rs", "7", "-r", "2")).exitCode,
    ).toBe(0);
    expect(await rows("SELECT count(*) FROM customers1")).toEqual([["64"]]);
    write("other.csv", "customerid\n1\n");
    const { exitCode, text } = await datagen("-i", "other.csv", "-t", "customers1");
    expect(text).toContain('"customerid" is only in other.csv (the table has "customerId": case counts)');
    expect(exitCode).toBe(1);
  });

  it("generates the same customers for the same seed", async () => {
    for (const table of ["made1", "made2"])
      await datagen("-t", table, "-rs", "3000", "-rst", "0", "--seed", "9");
    expect(await digest("made1")).toBe(await digest("made2"));
  });

  it("stops at a row that the server refuses, with its line, and keeps the whole batches before it", async () => {
    await database.query('CREATE TABLE days ("id" bigint PRIMARY KEY, "day" date)');
    write("days.csv", "id,day\n1,2020-01-01\n2,2020-01-02\n3,2020-02-30\n4,2020-01-04\n4,2020-01-05\n");
    const { exitCode, text } = await datagen("-i", "days.csv", "-t", "days", "-rst", "0", "-b", "2");
    expect(text).toMatch(
      /days\.csv, line 4, column day: .*2020-02-30.*Committed before that: 2 rows in 1 batch\./,
    );
    expect(exitCode).toBe(1);
    expect(await rows("SELECT id FROM days ORDER BY id")).toEqual([["1"], ["2"]]);
  });

  it("puts such rows aside and writes the others", async () => {
    await database.query("TRUNCATE days");
    const { exitCode, text } = await datagen(
      ...["-i", "days.csv", "-t", "days", "-rst", "0", "--skip-bad-rows", "bad.csv"],
    );
    expect(text).toContain("2 bad rows put aside");
    expect(exitCode).toBe(0);
    expect(await rows("SELECT id FROM days ORDER BY id")).toEqual([["1"], ["2"], ["4"]]);
    expect(fs.readFileSync(path.join(folder, "bad.csv"), "utf8")).toMatch(
      /^id,day\n# line 4, column day: [^\n]+\n3,2020-02-30\n# line 6: duplicate key [^\n]+\n4,2020-01-05\n$/,
    );
  });

  it("leaves whole batches after Ctrl-C and says how many rows they hold", async () => {
    const running = start("-t", "stopped", "-rs", "1000", "-rst", "0.2", "-b", "30");
    await eventually(
      "rows are written",
      20,
      () => rows("SELECT FROM stopped LIMIT 1"),
      (found) => found.length === 1,
    );
    // The terminal would send it to the launcher and to the command; the launcher leaves it to the command.
    running.kill("SIGTERM");
    const { exitCode, all } = await running;
    expect(exitCode).toBe(130);
    const said = Number(/Interrupted: ([\d,]+) rows/.exec(all ?? "")?.[1]?.replace(",", ""));
    expect(said % 30).toBe(0);
    expect(await rows("SELECT count(*)::int FROM stopped")).toEqual([[said]]);
  });
});

describe("changes", () => {
  it("are the same for the same seed and rows, with and without a primary key, and keep to the rate", async () => {
    await datagen("-t", "paced", "-rs", "2000", "-rst", "0", "-pk", "customerId");
    await datagen("-t", "plain", "-rs", "2000", "-rst", "0");
    const before = await digest("paced");
    const { text } = await datagen("-t", "paced", "--changes", "1500", "--rate", "500", "--seed", "3");
    expect(Number(/: ([\d,.]+) per second, 500 asked/.exec(text)?.[1])).toBeGreaterThan(400);
    await datagen("-t", "plain", "--changes", "1500", "--rate", "0", "--seed", "3");
    expect(await digest("paced")).not.toBe(before);
    expect(await digest("plain")).toBe(await digest("paced"));
  });

  it("say what a captured table without replica identity needs", async () => {
    await database.query("CREATE PUBLICATION captured FOR TABLE plain");
    const { exitCode, text } = await datagen("-t", "plain", "--changes", "1", "--mix", "update=1");
    expect(text).toContain('ALTER TABLE "public"."plain" REPLICA IDENTITY FULL');
    expect(exitCode).toBe(1);
  });
});
