/** verify against a stack of its own: equal after a hundred thousand changes, red for every planted difference. */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import execa from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually, TestStack } from "./platform";
import { TYPES } from "./verify-types";

const stack = new TestStack("e2e-verify");
const JOB = "streaming_from_kafka_to_minio";
let folder: string;
const TABLES = ["links", "customers1", "typed", "keyless", "odd", "plain", "visits", "floats"];

interface Result {
  exitCode: number;
  stderr: string;
  // biome-ignore lint/suspicious/noExplicitAny: what --json prints
  report: any;
}

async function verify(...args: string[]): Promise<Result> {
  const { exitCode, stdout, stderr } = await execa(
    "node",
    ["cli/launch.mjs", "verify", "--stack", stack.name, "--json", ...args],
    { reject: false, stdin: "ignore" },
  );
  return { exitCode, stderr, report: stdout ? JSON.parse(stdout) : undefined };
}

function datagen(...args: string[]) {
  return execa("node", ["cli/launch.mjs", "datagen", "-p", "26432", ...args], {
    env: { PGPASSWORD: "postgres" },
    stdin: "ignore",
  });
}

type Plant = Record<string, string | boolean | null>;

async function plant(table: string, key: string, plants: Plant[]): Promise<void> {
  const { minioUrl, lakeAccessKey, lakeSecretKey, bucket } = await stack.outputs();
  await execa(".venv/bin/python", ["tests/e2e/plant.py", `s3a://${bucket}`, `public.${table}`, key], {
    input: JSON.stringify(plants),
    env: {
      AWS_ENDPOINT_URL: minioUrl,
      AWS_ACCESS_KEY_ID: lakeAccessKey,
      AWS_SECRET_ACCESS_KEY: lakeSecretKey,
    },
  });
}

// biome-ignore lint/suspicious/noExplicitAny: what --json prints
type Json = any;

/** Kinds of findings by key, of one side of the first table. */
function kindsIn(report: Json, side: "state" | "changeLog", key: string): Map<string, string[]> {
  const listed: Json[] = report.tables[0][side].differences?.listed ?? [];
  return new Map(listed.map((one) => [one.key[key], one.findings.map(({ kind }: Json) => kind)]));
}

beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "verify-e2e-"));
  const schema = path.join(folder, "schema.sql");
  const tables = `
    CREATE TABLE keyless (a int, b text); ALTER TABLE keyless REPLICA IDENTITY FULL;
    CREATE TABLE odd ("Key One" text, k2 int, "a ""b"" c" text, "é,x" text, PRIMARY KEY ("Key One", k2));
    ALTER TABLE odd REPLICA IDENTITY FULL;
    CREATE TABLE visits (visitor int, day date, n int); ALTER TABLE visits REPLICA IDENTITY FULL;
    CREATE TABLE floats (k double precision PRIMARY KEY, f real);
    CREATE TABLE plain (id bigint PRIMARY KEY, a text, large text);
    INSERT INTO plain SELECT i, 'there before', 'x' FROM generate_series(1, 100) i;`;
  fs.writeFileSync(schema, [fs.readFileSync("sql/schema.sql", "utf8"), TYPES, tables].join("\n"));
  stack.configure({
    sourceSchema: schema,
    deletedRows: "keep",
    flattenedTables: false,
    tableKeys: { "public.visits": ["visitor", "day"] },
    connectorOverrides: { "table.include.list": TABLES.map((table) => `public.${table}`).join(",") },
  });
  const { exitCode, text } = await stack.npmRun("up");
  expect(exitCode, text).toBe(0);
});

afterAll(async () => {
  await stack.npmRun("destroy");
  fs.rmSync(folder, { recursive: true, force: true });
});

describe("a lake that equals its source", () => {
  it("is green after 100,000 random changes over 50,000 rows", async () => {
    await datagen("-t", "links", "-rs", "50000", "-rst", "0");
    await datagen("-t", "links", "--changes", "100000", "--rate", "0");
    const { exitCode, report, stderr } = await verify("--table", "public.links", "--timeout", "900");
    expect(exitCode, stderr + JSON.stringify(report)).toBe(0);
    expect(report.tables[0]).toMatchObject({ table: "public.links", equal: true, events: 150_000 });
    expect(report.tables[0].lakeRows).toBe(report.tables[0].sourceRows);
  });

  it("is green while changes go on, by an exact comparison at one moment", async () => {
    const changes = datagen("-t", "links", "--changes", "100000", "--rate", "200", "--seed", "2");
    changes.catch(() => {});
    try {
      let later = 0;
      for (let run = 0; run < 3; run++) {
        const { exitCode, report, stderr } = await verify("-t", "links", "--timeout", "900");
        expect(exitCode, stderr + JSON.stringify(report)).toBe(0);
        later += report.tables[0].laterChanges;
      }
      expect(later).toBeGreaterThan(0);
    } finally {
      changes.kill("SIGTERM");
      await changes.catch(() => {});
    }
  });

  it("compares values of every type, odd names, several key columns, and tables without a key", async () => {
    await stack.sql(`
      INSERT INTO typed SELECT * FROM typed_rows; UPDATE typed SET i = i + 1 WHERE id = 1; DELETE FROM typed WHERE id = 2;
      INSERT INTO odd VALUES ('K 1', 1, 'v', ''), ('K 1', 2, NULL, 'w'), ('', 2, NULL, 'w');
      UPDATE odd SET "a ""b"" c" = 'vv' WHERE k2 = 1; UPDATE odd SET k2 = 9 WHERE k2 = 1;
      INSERT INTO keyless VALUES (1, 'x'), (1, 'x'), (2, NULL), (2, '');
      UPDATE keyless SET b = 'y' WHERE a = 2 AND b IS NULL;
      DELETE FROM keyless WHERE ctid IN (SELECT ctid FROM keyless WHERE a = 1 LIMIT 1);
      INSERT INTO visits VALUES (1, '2024-01-01', 5), (1, '2024-01-02', 6), (2, '2024-01-01', 7), (3, '2024-01-01', 7);
      UPDATE visits SET n = n + 1 WHERE visitor = 1; UPDATE visits SET visitor = 9 WHERE visitor = 2; DELETE FROM visits WHERE visitor = 3;
      INSERT INTO floats VALUES (0, 0), ('NaN', 'NaN'), (1e20, -0.0), (1.5, 0.1); UPDATE floats SET f = '-0'::real WHERE k = 1.5;`);
    const tables = ["typed", "odd", "keyless", "visits", "floats"];
    const { exitCode, report, stderr } = await verify("-t", ...tables, "--timeout", "900");
    expect(exitCode, stderr + JSON.stringify(report)).toBe(0);
    const [typed] = report.tables.filter(({ table }: { table: string }) => table === "public.typed");
    expect(typed.notes).toEqual([
      "not compared: column not_generated (generated; PostgreSQL does not publish it)",
    ]);
    const [keyless] = report.tables.filter(({ table }: { table: string }) => table === "public.keyless");
    expect(keyless.state.verdict).toBe("absent");
    const [visits] = report.tables.filter(({ table }: { table: string }) => table === "public.visits");
    expect(visits.state).toMatchObject({ verdict: "equal", deletedRows: 2 });
    const notNull =
      "SELECT count(*) FROM typed whole, jsonb_each(to_jsonb(whole)) e WHERE id = 1 AND e.value = 'null'";
    expect(await stack.sql(notNull)).toBe("0");
  });

  it("takes rows from before the capture, and events without the row before them, by their last event", async () => {
    await stack.sql(`
      INSERT INTO plain SELECT i, 'new', (SELECT string_agg(md5(i::text || g), '') FROM generate_series(1, 500) g)
        FROM generate_series(101, 103) i;
      UPDATE plain SET a = 'changed' WHERE id IN (1, 101); UPDATE plain SET id = 1000 WHERE id = 2; DELETE FROM plain WHERE id = 3;`);
    const { exitCode, report, stderr } = await verify("-t", "plain", "--timeout", "900");
    expect(exitCode, stderr + JSON.stringify(report)).toBe(0);
    expect(report.tables[0].notes.join("\n")).toMatch(/no REPLICA IDENTITY FULL/);
    expect(report.tables[0].notes.join("\n")).toMatch(
      /1 rows lack a large value that PostgreSQL did not log/,
    );
    expect(report.tables[0].state.verdict).toBe("equal");
  });

  it("is green after a TRUNCATE, and with rows behind it", async () => {
    await stack.sql("TRUNCATE odd; INSERT INTO odd VALUES ('after', 1, 'v', '')");
    const { exitCode, report, stderr } = await verify("-t", "odd", "--timeout", "900");
    expect(exitCode, stderr + JSON.stringify(report)).toBe(0);
    expect(report.tables[0]).toMatchObject({ sourceRows: 1, state: { rows: 1 }, changeLog: { rows: 1 } });
  });
});

describe("a change log that differs", () => {
  const KEYS = {
    deleted: "1",
    changed: "2",
    doubled: "3",
    missing: "4",
    hidden: "5",
    undeleted: "6",
    last: "7",
  };

  beforeAll(async () => {
    await datagen("-t", "customers1", "-rs", "200", "-rst", "0");
    await stack.sql(`
      UPDATE customers1 SET "customerCity" = 'Izmir' WHERE "customerId" IN (3, 4, 7);
      UPDATE customers1 SET "customerCity" = 'Bursa' WHERE "customerId" IN (3, 4, 5);
      UPDATE customers1 SET "customerState" = 'TR' WHERE "customerId" = 4;
      DELETE FROM customers1 WHERE "customerId" IN (5, 6);`);
    const { exitCode, report, stderr } = await verify("-t", "customers1", "--timeout", "900");
    expect(exitCode, stderr + JSON.stringify(report)).toBe(0);
    await stack.exec("spark-client", ["application", "stop", JOB]);
    await plant("customers1", "customerId", [
      { in: "log", do: "delete", key: KEYS.deleted, op: "c" },
      { in: "log", do: "change", key: KEYS.changed, op: "c", column: "customerCity", value: "Nowhere" },
      { in: "log", do: "double", key: KEYS.doubled, op: "u" },
      { in: "log", do: "delete", key: KEYS.missing, op: "u" },
      // A later delete hides it: no row is there, as it should be.
      { in: "log", do: "double", key: KEYS.hidden, op: "u" },
      { in: "log", do: "delete", key: KEYS.undeleted, op: "d" },
      { in: "log", do: "delete", key: KEYS.last, op: "u" },
    ]);
  });

  it("is red, and each planted difference is named, with the job stopped", async () => {
    const { exitCode, report } = await verify("-t", "customers1");
    expect(exitCode).toBe(1);
    expect(report.tables[0].state.verdict).toBe("equal");
    const { verdict, differences } = report.tables[0].changeLog;
    expect(verdict).toBe("different");
    expect(differences).toMatchObject({ missing: 1, extra: 1 });
    expect(differences.missing + differences.extra + differences.different).toBe(7);
    const kinds = kindsIn(report, "changeLog", "customerId");
    expect([...kinds.keys()].sort()).toEqual(Object.values(KEYS));
    expect(kinds.get(KEYS.deleted)).toEqual(["missing"]);
    expect(kinds.get(KEYS.changed)).toEqual(["different"]);
    const listed = (key: string) => differences.listed.find((one: Json) => one.key.customerId === key);
    expect(listed(KEYS.changed).findings[0].columns).toEqual(["customerCity"]);
    expect(listed(KEYS.changed).lake.customerCity).toBe("Nowhere");
    expect(listed(KEYS.changed).source.customerCity).not.toBe("Nowhere");
    expect(kinds.get(KEYS.doubled)).toContain("doubled event");
    expect(kinds.get(KEYS.missing)).toEqual(["different"]);
    expect(listed(KEYS.missing).findings[0].columns).toEqual(["customerCity", "customerState"]);
    expect(kinds.get(KEYS.hidden)).toContain("doubled event");
    expect(kinds.get(KEYS.undeleted)).toEqual(["extra"]);
    expect(kinds.get(KEYS.last)).toEqual(["different"]);
  });

  it("is shown to a person, with both values", async () => {
    const { exitCode, text } = await stack.npmRun("verify", "-t", "customers1");
    expect(exitCode).toBe(1);
    expect(text).toContain(
      "change log: 7 keys differ: 1 missing in the lake, 1 only in the lake, 5 different",
    );
    expect(text).toMatch(/customerId "2": customerCity is "[^"]+" in the source, "Nowhere" in the lake/);
    expect(text).toMatch(/Not equal at [0-9A-F]+\/[0-9A-F]+: public\.customers1/);
  });

  it("says which event is missing when later ones are there", async () => {
    await stack.exec("spark-client", ["application", "start", JOB]);
    await stack.sql(`UPDATE customers1 SET "customerState" = 'XX' WHERE "customerId" IN (4, 8)`);
    const { exitCode, report } = await verify("-t", "customers1", "--timeout", "900");
    expect(exitCode).toBe(1);
    const four = report.tables[0].changeLog.differences.listed.find(
      (one: Json) => one.key.customerId === "4",
    );
    expect(four.findings).toMatchObject([
      { kind: "missing event", columns: ["customerCity", "customerState"] },
    ]);
  });

  it("names the file and row of what is no event", async () => {
    await stack.exec("spark-client", ["application", "stop", JOB]);
    await plant("customers1", "customerId", [{ in: "log", do: "break", key: "9", op: "c" }]);
    const { exitCode, report } = await verify("-t", "customers1");
    expect(exitCode).toBe(1);
    expect(report.tables[0].changeLog.problems[0]).toMatch(
      /^1 rows are no change events; the first: row \d+ of s3a:.*op '\?'$/,
    );
    await stack.exec("spark-client", ["application", "start", JOB]);
  });
});

describe("a current state that differs", () => {
  const expectRed = async (table: string, key: string, plants: Plant[]): Promise<Map<string, string[]>> => {
    await plant(
      table,
      key,
      plants.map((one) => ({ in: "state", ...one })),
    );
    const { exitCode, report } = await verify("-t", table);
    expect(exitCode).toBe(1);
    expect(report.tables[0].state.verdict, JSON.stringify(report.tables[0])).toBe("different");
    expect(report.tables[0].changeLog.verdict).toBe("equal");
    return kindsIn(report, "state", key);
  };

  beforeAll(async () => {
    await stack.sql(`
      INSERT INTO plain SELECT i, 'for the plants ' || i, 'l' FROM generate_series(201, 220) i; DELETE FROM plain WHERE id = 220;
      UPDATE visits SET n = n + 1 WHERE visitor = 1;`);
    const tables = ["plain", "floats", "typed", "visits"];
    const { exitCode, report, stderr } = await verify("-t", ...tables, "--timeout", "900");
    expect(exitCode, stderr + JSON.stringify(report)).toBe(0);
    await stack.exec("spark-client", ["application", "stop", JOB]);
  });

  afterAll(async () => {
    await stack.exec("spark-client", ["application", "start", JOB]);
  });

  it("is red for a row lost, doubled, changed, emptied, moved, swapped, flagged, brought back", async () => {
    const kinds = await expectRed("plain", "id", [
      { do: "delete", key: "201" },
      { do: "double", key: "202" },
      { do: "change", key: "203", column: "a", value: "wrong" },
      { do: "change", key: "204", column: "a", value: null },
      { do: "move", key: "205", to: "999" },
      { do: "swap", key: "206", other: "207" },
      { do: "flag", key: "208", value: true },
      { do: "flag", key: "220", value: false },
      { do: "change", key: "101", column: "large", value: "__debezium_unavailable_value" },
    ]);
    expect(Object.fromEntries(kinds)).toEqual({
      "201": ["missing"],
      "202": ["doubled row"],
      "203": ["different"],
      "204": ["different"],
      "205": ["missing"],
      "999": ["extra"],
      "206": ["different"],
      "207": ["different"],
      "208": ["flagged as deleted"],
      "220": ["extra"],
      "101": ["different"],
    });
  });

  it("is red for -0 instead of 0, and for NULL instead of NaN", async () => {
    const kinds = await expectRed("floats", "k", [
      { do: "change", key: "0", column: "f", value: "-0" },
      { do: "change", key: "nan", column: "f", value: null },
    ]);
    expect(kinds).toEqual(
      new Map([
        ["0", ["different"]],
        ["NaN", ["different"]],
      ]),
    );
  });

  it("is red for what was rescued and is no longer, and for NULL in _deleted", async () => {
    const kinds = await expectRed("typed", "id", [
      { do: "change", key: "4", column: "_rescued_data", value: null },
      { do: "flag", key: "6", value: null },
    ]);
    expect(kinds).toEqual(new Map([["4", ["different"]]]));
    const { report } = await verify("-t", "typed");
    expect(report.tables[0].state.problems).toEqual([
      "1 rows have NULL in _deleted, so that `not _deleted` leaves them out",
    ]);
  });

  it("is red for a deletion vector that is gone", async () => {
    const kinds = await expectRed("visits", "visitor", [{ do: "revive" }]);
    expect(kinds.get("1")).toContain("doubled row");
  });

  it("is red for a file that is no longer in the table, and says so of one that is not in the store", async () => {
    const kinds = await expectRed("links", "customerId", [{ do: "drop file" }]);
    expect(new Set([...kinds.values()].flat())).toEqual(new Set(["missing"]));
    await plant("links", "customerId", [{ in: "state", do: "lose file" }]);
    const { exitCode, report } = await verify("-t", "links", "odd");
    expect(exitCode).toBe(1);
    const [links, odd] = report.tables;
    expect(links.state.verdict).toBe("not compared");
    expect(links.state.problems[0]).toMatch(/could not be read: s3a:.*\.parquet is missing$/);
    expect(links.changeLog.verdict).toBe("equal");
    expect(odd.equal).toBe(true);
  });
});

describe("what cannot be compared", () => {
  it("is said: a job that does not run", async () => {
    await stack.exec("spark-client", ["application", "stop", JOB]);
    await stack.sql(`UPDATE customers1 SET "customerState" = 'YY' WHERE "customerId" = 10`);
    const { exitCode, stderr } = await verify("-t", "customers1");
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/The streaming job streaming_from_kafka_to_minio is stopped/);
    expect(stderr).toMatch(/Fix: +Run `npm run refresh`, then `npm run up`/);
    await stack.exec("spark-client", ["application", "start", JOB]);
  });

  it("is said: a connector that does not run", async () => {
    const { kafkaConnectUrl, connectorName } = await stack.outputs();
    const connector = `${kafkaConnectUrl}/connectors/${connectorName}`;
    await execa("curl", ["-sf", "-X", "PUT", `${connector}/pause`]);
    await eventually(
      "the connector is paused",
      60,
      async () => (await execa("curl", ["-sf", `${connector}/status`])).stdout,
      (status) => JSON.parse(status).tasks[0]?.state === "PAUSED",
    );
    const { exitCode, stderr } = await verify("-t", "odd");
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/Connector debezium-postgres-connector is PAUSED/);
    await execa("curl", ["-sf", "-X", "PUT", `${connector}/resume`]);
  });

  it("is said: a column that only the source has, and a table that is not captured", async () => {
    await stack.sql("ALTER TABLE odd ADD COLUMN fresh int");
    const added = await verify("-t", "odd", "--timeout", "900");
    expect(added.exitCode).toBe(1);
    const onlyInSource = [
      expect.stringMatching(/^column fresh is only in the source: the lake gets it with the next event/),
    ];
    expect(added.report.tables[0].state.problems).toEqual(onlyInSource);
    expect(added.report.tables[0].changeLog.problems).toEqual(onlyInSource);
    await stack.sql("ALTER TABLE odd DROP COLUMN fresh");
    const other = await verify("-t", "nope");
    expect(other.exitCode).toBe(1);
    expect(other.stderr).toMatch(/public\.nope is not captured; captured are public\.links/);
  });

  it("is told apart from a verify that could not run at all", async () => {
    expect((await verify("--timeout", "soon")).exitCode).toBe(2);
    const nowhere = await execa("node", ["cli/launch.mjs", "verify", "--stack", "e2e-nowhere"], {
      reject: false,
    });
    expect(nowhere.exitCode).toBe(2);
    expect(nowhere.stderr).toMatch(/There is no stack e2e-nowhere/);
  });
});
