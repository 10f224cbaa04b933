import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import execa from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually, TestStack } from "./platform";

const stack = new TestStack("e2e-lake");
const JOB = "streaming_from_kafka_to_minio";

const state = (table: string, query: string) => stack.queryLake(`tables/public/${table}`, query);
const changes = (table: string, query: string) => stack.queryLake(`changes/public/${table}`, query);

async function untilState(table: string, query: string, expected: Record<string, unknown>[]): Promise<void> {
  const rows = await eventually(
    `the state of ${table} in the lake`,
    180,
    () => state(table, query),
    (found) => JSON.stringify(found) === JSON.stringify(expected),
  );
  expect(rows).toEqual(expected);
}

/** The table's rows in the source and in the lake, once they are the same. */
async function untilSame(table: string, columns: string, seconds = 300): Promise<void> {
  const ofSource = (await stack.sql(`select ${columns} from ${table} order by id`)).split("\n");
  const query = `select ${columns} from t order by id`;
  const asText = (row: Record<string, unknown>) =>
    Object.values(row)
      .map((value) => value ?? "")
      .join("|");
  const found = await eventually(
    `${table} in the lake as in the source`,
    seconds,
    async () => (await state(table, query)).map(asText),
    (rows) => rows.join("\n") === ofSource.join("\n"),
  );
  expect(found).toEqual(ofSource);
}

interface Driver {
  processId: number;
  state: string;
  lastBatch?: Record<string, unknown>;
  files?: Record<string, { removedFiles: number }>;
}

async function driver(): Promise<Driver> {
  return JSON.parse(await stack.exec("spark-client", ["application", "state", JOB])).status;
}

const CONFIGURATION = {
  lakeRetention: "5 minutes",
  sourceSchema: "tests/e2e/lake-tables.sql",
  tableKeys: { "public.seats": ["line", "seat"] },
  connectorOverrides: {
    "table.include.list": "public.kinds,public.stock,public.visits,public.seats",
  },
};

beforeAll(async () => {
  stack.configure(CONFIGURATION);
  await stack.npmRun("destroy");
  const { exitCode, text } = await stack.npmRun("up");
  expect(exitCode, text).toBe(0);
});

afterAll(async () => {
  await stack.npmRun("destroy");
});

describe("the current state of a table", () => {
  it("has the types of PostgreSQL, with their values", async () => {
    await stack.sql(`insert into kinds values (1, -3, true, 'Ünï', '6c1f2f9e-6a52-4d0b-8f3e-1a2b3c4d5e6f', -123.456, 1.50,
      1.5, 0.1, '2024-02-29', '2024-02-29 12:34:56.123456', '2024-02-29 12:34:56.123', '2024-02-29 12:34:56.5+02',
      '01:02:03.000004', '\\x00ff', '{"a": [1]}', '{1,null,3}', '{a,"b,c"}');
      insert into kinds (id) values (2)`);
    const [row, empty] = await eventually(
      "two rows",
      180,
      () => state("kinds", "select * from t order by id"),
      (rows) => rows.length === 2,
    );
    expect(row).toEqual({
      id: 1,
      small: -3,
      yes: true,
      word: "Ünï",
      code: "6c1f2f9e-6a52-4d0b-8f3e-1a2b3c4d5e6f",
      exact: "-123.456",
      free: "1.50",
      real: 1.5,
      double: 0.1,
      day: "2024-02-29",
      at: "2024-02-29 12:34:56.123456",
      at_ms: "2024-02-29 12:34:56.123000",
      at_zone: "2024-02-29 10:34:56.500000+00:00",
      clock: "01:02:03.000004",
      raw: "00ff",
      doc: '{"a": [1]}',
      numbers: [1, null, 3],
      words: ["a", "b,c"],
      _lsn: row?._lsn,
    });
    expect(
      new Set(Object.entries(empty ?? {}).map(([name, value]) => (value === null ? "null" : name))),
    ).toEqual(new Set(["id", "null", "_lsn"]));
  });

  it("follows inserts, updates, deletes, changed keys and values that PostgreSQL did not log", async () => {
    await stack.sql(`
      insert into stock select n, n, repeat(md5(n::text), 100) from generate_series(1, 50) n;
      update stock set amount = 1000 where id <= 3;
      delete from stock where id between 10 and 45;
      update stock set id = 100 where id = 7;`);
    await untilSame("stock", "id, amount, note");
  });

  it("is read rightly by Spark", async () => {
    const program = `
from pyspark.sql import SparkSession
t = SparkSession.builder.master("local[1]").getOrCreate().read.format("delta").load("s3a://change-data-capture/tables/public/stock")
print("found", t.count(), t.agg({"amount": "sum"}).first()[0], dict(t.dtypes))`;
    const output = await stack.exec(
      "spark-client",
      ["sh", "-c", "cat >/tmp/read.py && spark-submit /tmp/read.py"],
      program,
    );
    const source = await stack.sql("select count(*) || ' ' || sum(amount) from stock");
    expect(output).toContain(
      `found ${source} {'id': 'int', 'amount': 'int', 'note': 'string', '_lsn': 'bigint'}`,
    );
  });

  it("loses no row to Spark, which skips files by what the log says of their columns", async () => {
    const folder = await mkdtemp(join(tmpdir(), "cdc-twins-"));
    try {
      const twins = join(folder, "twins");
      await execa(".venv/bin/python", ["-m", "lake.twin_tables", twins, "2"], {
        env: { PYTHONPATH: "spark:spark/tests" },
      });
      await execa("docker", ["cp", twins, `${stack.container("spark-client")}:/tmp/twins`]);
    } finally {
      await rm(folder, { recursive: true });
    }
    const output = await stack.exec(
      "spark-client",
      ["sh", "-c", "cat >/tmp/twin_answers.py && spark-submit /tmp/twin_answers.py /tmp/twins"],
      await readFile("tests/e2e/twin_answers.py", "utf8"),
    );
    const answers = JSON.parse(output.trim().split("\n").at(-1) ?? "");
    expect(answers.different).toEqual([]);
    expect(answers.asked).toBeGreaterThan(100);
  }, 1_800_000);

  it("takes added, dropped and widened columns over without a restart", async () => {
    const before = await driver();
    await stack.sql(`
      alter table stock add column city text default 'Bursa';
      alter table stock alter column amount type bigint;
      alter table stock rename column note to remark;
      update stock set amount = 5000000000, city = 'Adana' where id = 1;`);
    // PostgreSQL did not log the large remark: it is the one that was called note.
    await untilState(
      "stock",
      "select id, amount, city, length(remark) as letters from t where amount > 1000",
      [{ id: 1, amount: 5_000_000_000, city: "Adana", letters: 3200 }],
    );
    expect((await driver()).processId).toBe(before.processId);
    // The other rows' city and remark are in no message.
    expect((await stack.npmRun("status")).text).toMatch(/public\.stock needs its rows again/);
  });

  it("is emptied by TRUNCATE", async () => {
    await stack.sql(
      "insert into stock (id) values (501); truncate stock; insert into stock (id) values (502)",
    );
    await untilState("stock", "select id from t", [{ id: 502 }]);
  });

  it("has one row for each configured key of a table without a primary key", async () => {
    await stack.sql(`
      insert into seats values ('A', 1, 'Mary'), ('A', 2, 'Ann');
      update seats set taken_by = 'Eve' where seat = 2;
      delete from seats where seat = 1`);
    await untilState("seats", "select line, seat, taken_by from t", [
      { line: "A", seat: 2, taken_by: "Eve" },
    ]);
  });

  it("is not written for a table without a key, whose change log is, and the status says so", async () => {
    await stack.sql("insert into visits values ('Mary', '2024-01-01')");
    await eventually(
      "the change",
      180,
      () => changes("visits", "select * from t"),
      (rows) => rows.length === 1,
    );
    expect(JSON.stringify((await driver()).lastBatch)).toMatch(/no key: only its change log is written/);
    await expect(state("visits", "select * from t")).rejects.toThrow();
  });
});

describe("exactly once", () => {
  it("a driver that is killed again and again loses and doubles nothing, with its index or without", async () => {
    for (const round of [1, 2, 3]) {
      await stack.sql(`
        insert into stock (id, amount) select n, ${round} from generate_series(${round} * 10000, ${round} * 10000 + 4999) n
          on conflict do nothing;
        update stock set amount = amount + 1 where id % 3 = 0;
        delete from stock where id % 7 = ${round};`);
      const { processId } = await driver();
      if (round === 2) await stack.exec("spark-client", ["sh", "-c", "rm -rf /tmp/lake-index"]);
      await stack.exec("spark-client", ["sh", "-c", `kill -9 ${processId}`]);
      await eventually(
        "the driver is back",
        240,
        driver,
        (now) => now?.state === "running" && now.processId !== processId,
      );
    }
    await untilSame("stock", "id, amount, city");
    const offsets = '"kafka.offset"';
    const [log] = await changes(
      "stock",
      `select count(*) as rows, count(distinct ${offsets}) as messages from t`,
    );
    expect(log?.rows).toBe(log?.messages);
    expect(Number(log?.rows)).toBeGreaterThan(15_000);
  });
});

describe("the schemas of messages", () => {
  /** What is in a topic: keys and values. */
  async function messages(topic: string): Promise<[key: string, value: string][]> {
    const text = await stack.exec("kafka", [
      ...["/kafka/bin/kafka-console-consumer.sh", "--bootstrap-server", "kafka:9092", "--topic", topic],
      ...["--from-beginning", "--timeout-ms", "8000", "--property", "print.key=true"],
    ]);
    return text
      .split("\n")
      .filter((line) => line.includes("\t"))
      .map((line) => line.split("\t") as [string, string]);
  }
  const schemasOf = async (topic: string) =>
    (await messages(topic))
      .filter(([, value]) => value !== "null")
      .map(([, value]) => JSON.parse(value).schema);

  it("are in a compacted topic once, and messages refer to them", async () => {
    const described = await stack.exec("kafka", [
      ...["/kafka/bin/kafka-topics.sh", "--bootstrap-server", "kafka:9092"],
      ...["--describe", "--topic", "dbserver2.schemas"],
    ]);
    expect(described).toMatch(/cleanup\.policy=compact/);
    const schemas = new Map(await messages("dbserver2.schemas"));
    for (const [key, text] of schemas) {
      expect(createHash("sha256").update(text).digest("hex").slice(0, 16)).toBe(key);
    }
    const found = await schemasOf("dbserver2.public.seats");
    expect(found.length).toBeGreaterThan(0);
    const references = [...schemas.keys()].map((key) => `kafka:dbserver2.schemas/${key}`);
    for (const schema of found) expect(references).toContain(schema.$ref);
    const text = schemas.get(found[0].$ref.split("/")[1]) ?? "";
    expect(JSON.parse(text).name).toBe("dbserver2.public.seats.Envelope");
  });

  it("are whole in each message where the connector says so, and the lake goes on with both", async () => {
    const connectorOverrides = { ...CONFIGURATION.connectorOverrides, "value.converter.schemas.topic": "" };
    stack.configure({ ...CONFIGURATION, connectorOverrides });
    const { exitCode, text } = await stack.npmRun("up");
    expect(exitCode, text).toBe(0);
    await stack.sql("insert into seats values ('S', 1, 'whole')");
    await untilState("seats", "select taken_by from t where line = 'S'", [{ taken_by: "whole" }]);
    expect((await schemasOf("dbserver2.public.seats")).at(-1)).toMatchObject({ type: "struct" });
    stack.configure(CONFIGURATION);
    expect((await stack.npmRun("up")).exitCode).toBe(0);
    await stack.sql("insert into seats values ('S', 2, 'referring')");
    await untilState("seats", "select taken_by from t where line = 'S' and seat = 2", [
      { taken_by: "referring" },
    ]);
  });
});

describe("maintenance", () => {
  it("removes files that no version within the retention uses, of a table that got quiet too", async () => {
    await stack.sql("insert into seats values ('V', 1, 'first')");
    await untilState("seats", "select taken_by from t where line = 'V'", [{ taken_by: "first" }]);
    await stack.sql("update seats set taken_by = 'second' where line = 'V'");
    await untilState("seats", "select taken_by from t where line = 'V'", [{ taken_by: "second" }]);
    const { files } = await eventually(
      "a vacuum",
      600,
      driver,
      (now) => (now?.files?.["tables/public/seats"]?.removedFiles ?? 0) > 0,
    );
    expect(files?.["changes/public/seats"]?.removedFiles).toBe(0);
    expect(await state("seats", "select taken_by from t where line = 'V'")).toEqual([{ taken_by: "second" }]);
  });
});

describe("a lake that is told to keep deleted rows and its columns", () => {
  it("flags deleted rows from then on and leaves new columns out", async () => {
    stack.configure({ ...CONFIGURATION, deletedRows: "keep", onSchemaChange: "ignore" });
    const { exitCode, text } = await stack.npmRun("up");
    expect(exitCode, text).toBe(0);
    await stack.sql(`
      insert into seats values ('B', 1, 'Joe'), ('B', 2, 'Zoe');
      delete from seats where line = 'B' and seat = 1;
      alter table seats add column paid boolean default true;
      insert into seats values ('B', 3, 'Lea')`);
    await untilState("seats", "select seat, taken_by, _deleted from t where line = 'B' order by seat", [
      { seat: 1, taken_by: "Joe", _deleted: true },
      { seat: 2, taken_by: "Zoe", _deleted: false },
      { seat: 3, taken_by: "Lea", _deleted: false },
    ]);
    await expect(state("seats", "select paid from t")).rejects.toThrow(/paid/);
  });
});
