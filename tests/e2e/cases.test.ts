/**
 * Reported trouble with data, each folder of tests/e2e/cases one kind; and every type in its place. All of it in one stack,
 * whose tables are all captured from the start; all changes are made, then each promise is a look at the lake.
 */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { Client as ObjectStore } from "minio";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { changesOf, sourceOfAll } from "./cases/files";
import { arrayLakeType, ELEMENTS, KIND_TYPES, KINDS } from "./cases/kinds";
import { LakeAndSource, untilArrived } from "./cases/lake-and-source";
import { MEMBERS } from "./cases/members";
import { NOT_CAPTURED } from "./cases/members/not-captured";
import { type CommandResult, eventually, TestStack } from "./platform";

const stack = new TestStack("e2e-cases");
const both = new LakeAndSource(stack, "rw");
const JOB = "streaming_from_kafka_to_minio";

/** Captured tables of the cases, without their schema. */
const TABLES = [
  ...[
    "null_default",
    "toast_kinds",
    "placeholder_text",
    "generated",
    "array_elements",
    "embeddings",
    "beside_it",
  ],
  ...["extremes", "payment", "card_payment", "seats", "money_values", "nan_not_null", "events", "logs"],
  ...["numeric_key", "item_ids", "products", "members", "items", "labels", "people", "ddl_tx", "baskets"],
];
const NAMES = [
  ...[
    "LİNKS",
    "Sipariş Detayı",
    "Company Inc$Sales Header",
    "price$list",
    "order-lines",
    "user",
    "1st",
    "MixedCase",
  ],
  "a_name_of_sixty_three_characters_is_the_longest_postgres_takes_",
];
const OWN = Object.values(MEMBERS).flatMap((member) => member.tables);
const ALL = ["public.customers1", ...TABLES, ...NAMES, ...OWN];
/** Changed after capture; the other cases are about one table that is added, or refused. */
const CHANGED = [
  ...[
    "null-in-a-column-with-a-default",
    "unlogged-large-values-of-other-types",
    "text-that-equals-the-placeholder",
  ],
  ...[
    "stored-generated-column",
    "elements-of-arrays",
    "embedding-that-may-not-be-null",
    "enum-type-without-labels",
  ],
  ...["extreme-dates-and-times", "inherited-table", "keys-that-move-up-by-one", "money", "names"],
  ...["nan-in-a-numeric-that-may-not-be-null", "partitioned-table", "partitioned-table-through-its-root"],
  ...["primary-key-of-type-numeric", "renamed-key-column", "replica-identity-by-another-index"],
  ...["unique-column-that-may-be-null-taken-for-a-key", "unlisted-table-whose-name-differs-in-case-only"],
  ...["column-becomes-another-kind", "column-renamed-in-case-only", "columns-changed-inside-a-transaction"],
];
/** Their columns change in ways that leave the earlier rows to be read again. */
const RESHAPED = [
  "labels",
  "ddl_tx",
  "item_ids",
  "people",
  ...MEMBERS.usingPairs.tables,
  ...MEMBERS.renames.tables,
];

const full = (table: string) => (table.startsWith("public.") ? table : `rw.${table}`);
const listed = (tables: readonly string[]) => ["public.links", ...tables.map(full)].join(",");

let folder: string;
/** What preview says when tables are added that it only warns of. */
let warnings: CommandResult;

function configure(tables: readonly string[], more: Record<string, unknown> = {}): void {
  stack.configure({
    sourceSchema: path.join(folder, "source.sql"),
    flattenedTables: false,
    maxSlotWalKeepSize: "64MB",
    connectorOverrides: { "table.include.list": listed(tables), "publish.via.partition.root": "true" },
    ...more,
  });
}

async function preview(tables: readonly string[]): Promise<CommandResult> {
  configure(tables);
  const result = await stack.npmRun("preview");
  configure(ALL);
  return result;
}

async function up(): Promise<string> {
  const { exitCode, text } = await stack.npmRun("up");
  expect(exitCode, text).toBe(0);
  return text;
}

async function status(): Promise<CommandResult> {
  return stack.npmRun("status");
}

/** The current state of the tables is the source. */
function same(...tables: string[]): void {
  for (const table of tables) expect(both.differencesOf(table), table).toEqual([]);
}

beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "cases-e2e-"));
  const own = Object.values(MEMBERS).map((member) => member.source);
  fs.writeFileSync(
    path.join(folder, "source.sql"),
    sourceOfAll([KIND_TYPES, NOT_CAPTURED, ...own].join("\n")),
  );
  configure(ALL);
  await stack.npmRun("destroy");
  await up();
  await eventually(
    "the connector reads the log",
    120,
    () => stack.sql("select count(*) from pg_stat_replication where state = 'streaming'"),
    (count) => count === "1",
  );
  for (const name of CHANGED) await stack.sql(changesOf(name));
  for (const member of Object.values(MEMBERS)) await stack.sql(member.change);
  warnings = await preview([...ALL, "seats_plain", "mute", "keyless", "partial_key"]);
  await untilArrived(stack, 600);
  await both.readUntilSame(ALL, 45);
});

afterAll(async () => {
  await stack.npmRun("destroy");
  fs.rmSync(folder, { recursive: true, force: true });
});

describe("values", () => {
  it("null-in-a-column-with-a-default: NULL stays NULL, with a default of any type", async () => {
    same("null_default", ...MEMBERS.everyDefault.tables);
    expect(both.rowsOf("null_default", "id", "qty", "status", "price", "created", "doc")).toEqual([
      ["1", null, null, null, null, null],
      ["2", null, null, "1.50", null, "{}"],
      ["3", null, null, null, null, null],
    ]);
    const [changes] = await stack.lakeTexts([
      ["changes/rw/null_default", 'select "payload.after.qty" as qty from t order by "kafka.offset"'],
    ]);
    expect(changes?.rows.map(({ qty }) => qty)).toEqual([null, "5", null, null]);
  });

  it("unlogged-large-values-of-other-types: what an update left alone keeps its value, of every type", async () => {
    same("toast_kinds", ...MEMBERS.everyUnlogged.tables);
    expect(both.rowsOf("toast_kinds", "id", "x")).toEqual([
      ["1", "2"],
      ["2", "3"],
    ]);
    expect(await both.deadLetters("toast_kinds")).toBe(0);
  });

  it("text-that-equals-the-placeholder: the text is data", async () => {
    same("placeholder_text");
    const text = "__debezium_unavailable_value";
    expect(both.rowsOf("placeholder_text", "id", "note")).toEqual(["1", "2", "3"].map((id) => [id, text]));
    expect(await both.deadLetters("placeholder_text")).toBe(0);
  });

  it("stored-generated-column: the generated value in every row, or in none and preview says so", async () => {
    if ("total" in both.answerOf("generated").types) return same("generated");
    const [total, lower, ...others] = both.differencesOf("generated");
    expect([
      total,
      lower,
      ...others.filter((text) => !/"(total|lower_name)" is|: (total|lower_name) is/.test(text)),
    ]).toEqual(["column total is not in the lake", "column lower_name is not in the lake"]);
    expect(warnings.text).toMatch(/rw\.generated\.total[^\n]*rw\.generated\.lower_name/);
  });

  it("elements-of-arrays: each element as it is in PostgreSQL, of every type", async () => {
    same("array_elements", "every_array", ...MEMBERS.shapes.tables);
    const columns = ["id", "times", "stamps", "plain", "days", "states", "nets", "lower_bound", "chars"];
    expect(both.rowsOf("array_elements", ...columns)[0]).toEqual([
      "1",
      ["12:34:56.123456", "00:00:00.000001"],
      ["2023-12-31 21:00:00.123456+00"],
      ["2024-01-01 00:00:00.123456"],
      ["2024-02-29"],
      [null],
      ["10.0.0.1/24", "::1"],
      ["1", "2", "3"],
      ["ab  ", "cdef"],
    ]);
    const [changes] = await stack.lakeTexts([
      [
        "changes/rw/array_elements",
        'select "payload.after.states" as states from t order by "kafka.offset" limit 1',
      ],
    ]);
    expect(changes?.rows).toEqual([{ states: '{ok,NULL,"a,b"}' }]);
  });

  it("embedding-that-may-not-be-null: it keeps its numbers, and the connector runs", async () => {
    same("embeddings");
    const numbers = both
      .rowsOf("embeddings", "id", "v")
      .map(([id, v]) => [id, (v as string[]).length, (v as string[])[0]]);
    expect(numbers[1]).toEqual(["2", 1536, "0.9092974268256817"]);
    expect(numbers[3]).toEqual(["4", 1536, "0.5403023058681398"]);
    expect((await status()).text).toMatch(/Connector\s*│\s*(connector )?RUNNING/);
  });

  it("enum-type-without-labels: the connector runs beside it", () => {
    same("beside_it");
  });

  it("extreme-dates-and-times: the row is there, and what its type cannot hold is said", async () => {
    same("extremes");
    expect(both.rowsOf("extremes", "id", "ts", "d", "tz", "iv")).toEqual([
      ["1", null, null, "2024-01-01 00:00:00+00", "178000000 years"],
      ["2", null, null, "0001-01-01 00:00:00+00", "-178000000 years"],
      ["3", null, null, "9999-12-31 23:59:59.999999+00", "1 mon"],
      ["4", null, null, "2024-06-01 09:00:00.000001+00", "1 day -00:00:01"],
      ["5", "2024-01-01 00:00:00", "2024-01-01", null, "00:00:00"],
      ["6", "2024-01-01 00:00:00", "2024-01-01", null, "00:00:00"],
    ]);
    const rescued = both
      .rowsOf("extremes", "id", "_rescued_data")
      .map(([, text]) => JSON.parse(String(text)));
    expect(rescued[2]).toEqual({ ts: "infinity", ts3: "-infinity", d: "infinity" });
    expect(rescued[5]).toEqual({ tz: "0044-03-15 00:00:00+00 BC" });
    const [changes] = await stack.lakeTexts([["changes/rw/extremes", "select * from t"]]);
    expect(changes?.rows.length).toBe(6);
  });

  it("dates before 1582 and beyond are read by Spark", async () => {
    const program = `
from pyspark.sql import SparkSession
spark = SparkSession.builder.master("local[1]").getOrCreate()
for table in ("extremes", "every_type", "out_of_range"):
    rows = spark.read.format("delta").load("s3a://change-data-capture/tables/rw/" + table).selectExpr("to_json(struct(*))").collect()
    print("read", table, len(rows))`;
    const output = await stack.exec(
      "spark-client",
      ["sh", "-c", "cat >/tmp/read.py && spark-submit /tmp/read.py"],
      program,
    );
    expect(output).toMatch(/read extremes 6\n/);
    expect(output).toMatch(/read every_type 11\n/);
    expect(output).toMatch(/read out_of_range 11$/m);
  });

  it("values outside of the lake's types keep their row, alone, in arrays and where NULL is forbidden", () => {
    same(...MEMBERS.outOfRange.tables);
  });

  it("money: a decimal", () => {
    same("money_values");
    expect(both.rowsOf("money_values", "id", "amount", "fee")).toEqual([
      ["1", "1234.50", "0.00"],
      ["2", "-1234.50", "-0.01"],
      ["3", "92233720368547758.07", "1.00"],
      ["4", "-92233720368547758.08", "1.00"],
      ["5", null, "0.00"],
    ]);
  });

  it("nan-in-a-numeric-that-may-not-be-null: the row is there, and the other tables go on", () => {
    same("nan_not_null");
    expect(both.rowsOf("nan_not_null", "id", "reading", "_rescued_data")).toEqual([
      ["1", "20.50", null],
      ["2", null, '{"reading":"NaN"}'],
      ["3", "21.00", null],
    ]);
  });

  it("every type has its values, and the documented type in the lake", () => {
    same("every_type");
    const wanted = Object.fromEntries(KINDS.map((kind) => [kind.name, kind.lake]));
    expect(both.answerOf("every_type").types).toMatchObject(wanted);
    const arrays = Object.fromEntries(ELEMENTS.map((kind) => [kind.name, arrayLakeType(kind)]));
    expect(both.answerOf("every_array").types).toMatchObject(arrays);
  });

  it("tables that begin empty, are emptied, or stay as they were", () => {
    same("emptied", "quiet");
    expect(both.differencesOf("never_written").filter((text) => !/cannot be read/.test(text))).toEqual([]);
  });
});

describe("keys", () => {
  it("primary-key-of-type-numeric: rows by their keys", () => {
    same("numeric_key");
    expect(both.rowsOf("numeric_key", "id", "v")).toEqual([
      ["1", "ONE"],
      ["2.5", "two and a half"],
      ["12345678901234567890123", "long"],
    ]);
  });

  it.each(MEMBERS.everyKey.tables)("every type that can be a key is one: %s", (table) => {
    same(table);
  });

  it("keys-that-move-up-by-one: each row once", () => {
    same("seats");
    expect(both.rowsOf("seats", "id", "who")).toEqual([
      ["2", "b"],
      ["3", "a"],
      ["4", "c"],
    ]);
  });

  it.each(MEMBERS.movedKeys.tables)("moves, chains and swaps of keys, with large values: %s", (table) => {
    same(table);
  });

  it("replica-identity-by-another-index: the right row is deleted, or none and the change is a dead letter", async () => {
    if (both.differencesOf("products").length === 0) return;
    expect(await both.deadLetters("products")).toBeGreaterThanOrEqual(2);
    expect(both.rowsOf("products", "id", "code")).toEqual(expect.arrayContaining([["0", "zero"]]));
  });

  it("unique-column-that-may-be-null-taken-for-a-key: all rows, or no current state and status says so", async () => {
    const answer = both.differencesOf("members");
    if (answer.length === 0) return;
    expect(answer).toEqual([expect.stringMatching(/cannot be read/)]);
    expect((await status()).text).toMatch(/rw\.members[^\n]*key/);
    const [changes] = await stack.lakeTexts([["changes/rw/members", "select * from t"]]);
    expect(changes?.rows.length).toBe(5);
  });
});

describe("names, partitions and children", () => {
  it.each(NAMES)("names: rw.%s is captured", (name) => {
    same(name);
  });

  it("unlisted-table-whose-name-differs-in-case-only: its writers notice nothing", async () => {
    same("items");
    expect(await stack.sql('select v from rw."Items"')).toBe("y");
    expect(
      await stack.sql(
        "select tablename from pg_publication_tables where schemaname = 'rw' and lower(tablename) = 'items'",
      ),
    ).toBe("items");
    const topics = await stack.exec("kafka", [
      ...["/kafka/bin/kafka-topics.sh", "--bootstrap-server", "kafka:9092", "--list"],
    ]);
    expect(topics).not.toContain("dbserver2.rw.Items");
  });

  it("partitioned-table: its changes arrive under the root's name", () => {
    same("events");
    expect(both.rowsOf("events", "id", "at", "note")).toEqual([
      ["1", "2024-07-01", "a"],
      ["2", "2024-05-01", "b2"],
      ["4", "2024-06-01", "d"],
      ["5", "2023-06-01", "e"],
    ]);
  });

  it("partitioned-table-through-its-root: moves arrive, and verify names what no event tells", async () => {
    const rows = both.rowsOf("logs", "id", "at", "note");
    expect(rows.filter(([id]) => id !== "3" && id !== "6")).toEqual([
      ["1", "2024-07-01", "a"],
      ["2", "2024-05-01", "b"],
      ["4", "2024-06-01", "d"],
      ["8", "2025-02-01", "h"],
    ]);
    const { exitCode, text } = await stack.npmRun("verify", "--table", "rw.logs");
    expect(exitCode, text).toBe(1);
    expect(text).toMatch(/only in the lake/);
    for (const id of [3, 6, 7]) expect(text).toContain(`id "${id}"`);
  });

  it("inherited-table: only the parent's own rows, or all with their changes, or preview warns of its children", () => {
    same("card_payment");
    if (/rw\.payment[^\n]*inherit/.test(warnings.text)) return;
    const rows = both.rowsOf("payment", "id", "amount");
    expect([
      [["1", "11"]],
      [
        ["1", "11"],
        ["2", "21"],
        ["4", "40"],
      ],
    ]).toContainEqual(rows);
  });
});

describe("schema changes", () => {
  /** Rows that were there before are those of the source, or the table says that it needs them again. */
  async function sameOrMarked(table: string): Promise<void> {
    if (both.differencesOf(table).length === 0) return;
    const { text } = await status();
    expect(text, both.differencesOf(table).join("\n")).toMatch(new RegExp(`rw\\.${table}\\b`));
  }

  it("column-becomes-another-kind: new rows have the new type's values, no table stops", async () => {
    const rows = both.rowsOf("labels", "id", "tags", "token", "words", "due");
    expect(rows.map(([id]) => id)).toEqual(["1", "2", "3", "4", "5"]);
    expect(rows[1]?.[1]).toBe('["c"]');
    expect(rows[2]?.[2]).toBe("ff02");
    expect([["p", "q"], "{p,q}"]).toContainEqual(rows[3]?.[3]);
    expect(rows[4]?.[4]).toMatch(/^2024-05-06 00:00:00$/);
    expect(await both.deadLetters("labels")).toBe(0);
  });

  it("column-renamed-in-case-only: the table stays readable", async () => {
    expect(both.differencesOf("people")).toEqual([]);
    const [changes] = await stack.lakeTexts([["changes/rw/people", "select * from t"]]);
    expect(changes?.error).toBeUndefined();
    expect(changes?.rows.length).toBe(2);
  });

  it("columns-changed-inside-a-transaction: the rows that PostgreSQL has", () => {
    expect(both.rowsOf("ddl_tx", "id", "b")).toEqual([
      ["1", "x2"],
      ["2", "y"],
      ["3", "z"],
      ["4", "w"],
      ["5", "v"],
    ]);
  });

  it("renamed-key-column: no row vanishes that nobody deleted", async () => {
    await sameOrMarked("item_ids");
  });

  it.each(RESHAPED)(
    "earlier rows are the source's, or status says that they are needed again: %s",
    async (table) => {
      await sameOrMarked(table);
    },
  );

  it("rows of USING's other type that come afterwards are there", () => {
    const later = both.differencesOf("using_pairs").filter((text) => /^\["1[12]"\]/.test(text));
    expect(later).toEqual([]);
  });

  it("resnapshot makes them the source's, while the other tables go on", async () => {
    const { exitCode, text } = await stack.npmRun("resnapshot", ...RESHAPED.map(full));
    expect(exitCode, text).toBe(0);
    await untilArrived(stack, 300);
    await both.readUntilSame(RESHAPED, 60);
    same(...RESHAPED);
    expect(both.rowsOf("ddl_tx", "id", "b", "c", "a")).toEqual([
      ["1", "x2", "7", null],
      ["2", "y", "7", "text"],
      ["3", "z", "33", null],
      ["4", "w", "7", null],
      ["5", "v", "7", null],
    ]);
    expect(both.rowsOf("item_ids", "item_id", "name")).toEqual([
      ["1", "new1"],
      ["101", "n101"],
      ["102", "changed"],
    ]);
  });
});

describe("refusals", () => {
  it("tables that cannot be captured fail the preview, which names each with its reason", async () => {
    const refused = [
      ...["scratch", "scratch_view", "scratch_stored", "nowhere"],
      ...["from_elsewhere", "numbers", "case_twins", "generated_key"],
    ];
    const { exitCode, text } = await preview([...ALL, ...refused]);
    expect(exitCode, text).not.toBe(0);
    // unlogged-table
    expect(text).toMatch(/rw\.scratch\b[^\n]*unlogged/i);
    expect(text).toMatch(/rw\.scratch_view[^\n]*view/);
    expect(text).toMatch(/rw\.scratch_stored[^\n]*view/);
    expect(text).toMatch(/rw\.nowhere/);
    expect(text).toMatch(/rw\.from_elsewhere[^\n]*foreign table/);
    expect(text).toMatch(/rw\.numbers[^\n]*sequence/);
    expect(text).toMatch(/rw\.case_twins[^\n]*differ in case only/);
    expect(text).toMatch(/rw\.generated_key[^\n]*key/);
  });

  it.each([
    ["cut off", ["a_name_of_sixty_three_characters_is_the_longest_postgres_takes_ok"], /63/],
    ["with a dot", ["sales.eu"], /dot/],
    ["that share a topic", ["twin$1", "twin_1"], /dbserver2\.rw\.twin_1/],
  ])("names: one %s is refused by name", async (_why, tables, reason) => {
    const { exitCode, text } = await preview([...ALL, ...tables]);
    expect(exitCode, text).not.toBe(0);
    for (const name of tables) expect(text).toContain(name);
    expect(text).toMatch(reason);
  });

  it("partitioned-table: preview says what it needs", async () => {
    const overrides = { "table.include.list": listed(ALL), "publish.via.partition.root": "false" };
    configure(ALL, { connectorOverrides: overrides });
    const { text } = await stack.npmRun("preview");
    configure(ALL);
    expect(text).toMatch(/publish\.via\.partition\.root[^\n]*rw\.events/);
  });

  it("tables whose rows would not all be told apart are warned of, with the SQL that helps", () => {
    expect(warnings.exitCode, warnings.text).toBe(0);
    // keys-that-move-up-by-one: PostgreSQL refuses its updates once it is published
    expect(warnings.text).toMatch(/rw\.seats_plain[^\n]*ALTER TABLE[^\n]*REPLICA IDENTITY FULL/);
    expect(warnings.text).toMatch(/rw\.mute[^\n]*REPLICA IDENTITY FULL/);
    expect(warnings.text).toMatch(/rw\.keyless[^\n]*without a key/);
    expect(warnings.text).toMatch(/rw\.partial_key[^\n]*unique index/);
    // replica-identity-by-another-index, unique-column-that-may-be-null-taken-for-a-key, inherited-table
    expect(warnings.text).toMatch(/rw\.products[^\n]*replica identity does not contain the key/);
    expect(warnings.text).toMatch(/rw\.members[^\n]*may be NULL/);
    expect(warnings.text).toMatch(/rw\.payment[^\n]*inherit/);
  });
});

describe("gaps", () => {
  const KEPT = ["public.customers1", "baskets", "beside_it"];
  const REST = [...KEPT, "visits_old"];

  it("keyless-table-added-to-a-running-stack: its earlier rows arrive, or up says that they were not sent", async () => {
    configure(REST);
    const text = await up();
    await stack.sql(changesOf("keyless-table-added-to-a-running-stack"));
    await untilArrived(stack, 300);
    expect(text).not.toMatch(/visits_old[^\n]*it had none/);
    const [changes] = await stack.lakeTexts([
      ["changes/rw/visits_old", 'select "payload.op" as op from t order by "kafka.offset"'],
    ]);
    const ops = changes?.rows.map(({ op }) => op).join("");
    if (ops !== "c") expect(ops?.replace(/[^rc]/g, "")).toBe("rrrc");
    else expect(text).toMatch(/rw\.visits_old[^\n]*(not sent|key)/);
  });

  it("table-dropped-and-made-again: status names it, up publishes it again, its rows arrive", async () => {
    await stack.sql(changesOf("table-dropped-and-made-again"));
    const { exitCode, text } = await status();
    expect(exitCode, text).toBe(1);
    expect(text).toMatch(/rw\.baskets/);
    await stack.npmRun("refresh");
    const repair = await up();
    await wayBack(repair, "baskets");
    expect(both.rowsOf("baskets", "id", "v", "extra")).toEqual([
      ["2", "new", "2"],
      ["3", "newer", "3"],
    ]);
  });

  /** When `up` says that a table needs its rows again, does that; the table is the source then. */
  async function wayBack(said: string, table: string): Promise<void> {
    await untilArrived(stack, 300);
    await both.readUntilSame([table], 20);
    if (both.differencesOf(table).length > 0) {
      expect(said).toMatch(new RegExp(`resnapshot[^\n]*${full(table).replace(".", "\\.")}`));
      const { exitCode, text } = await stack.npmRun("resnapshot", full(table));
      expect(exitCode, text).toBe(0);
      await both.readUntilSame([table], 60);
    }
    same(table);
  }

  describe("publication-altered-by-hand", () => {
    const customer = (id: number) => stack.sql(`insert into public.customers1 ("customerId") values (${id})`);

    it("a table taken out of it: status names it, up puts it back, and the rows that were missed come or are named", async () => {
      await customer(900_001);
      await stack.sql("alter publication cdc_dbserver2 drop table public.customers1");
      await customer(900_002);
      const { exitCode, text } = await status();
      expect(exitCode, text).toBe(1);
      expect(text).toMatch(/public\.customers1/);
      await stack.npmRun("refresh");
      const repair = await up();
      await customer(900_003);
      await wayBack(repair, "public.customers1");
      expect(both.rowsOf("public.customers1", "customerId").flat()).toEqual(
        expect.arrayContaining(["900001", "900002", "900003"]),
      );
    });

    it("a row filter: status names it, up takes it out", async () => {
      await stack.sql(`alter publication cdc_dbserver2 drop table public.links;
        alter publication cdc_dbserver2 add table public.links where ("customerId" < 10);
        insert into public.links ("customerId") values (11)`);
      const { exitCode, text } = await status();
      expect(exitCode, text).toBe(1);
      expect(text).toMatch(/public\.links[^\n]*filter|filter[^\n]*public\.links/);
      await stack.npmRun("refresh");
      const repair = await up();
      expect(
        await stack.sql(
          "select count(*) from pg_publication_tables where tablename = 'links' and rowfilter is null",
        ),
      ).toBe("1");
      await wayBack(repair, "public.links");
    });
  });

  describe("lake-table-deleted-by-hand", () => {
    it.each(["tables", "changes"])(
      "%s/public/links: status names it, and it is made anew with the source's rows",
      async (part) => {
        await stack.sql(
          `insert into public.links ("customerId") select n from generate_series(1000, 1099) n on conflict do nothing`,
        );
        await untilArrived(stack, 300);
        await deleteBelow(`${part}/public/links/`);
        await stack.sql(`update public.links set "customerFName" = '${part}' where "customerId" = 1000`);
        await untilArrived(stack, 300);
        const { text } = await status();
        await both.readUntilSame(["public.links"], 10);
        const [changes] = await stack.lakeTexts([["changes/public/links", "select * from t"]]);
        if (both.differencesOf("public.links").length > 0 || changes?.error) {
          expect(text).toMatch(/public\.links/);
          const again = await stack.npmRun("resnapshot", "public.links");
          expect(again.exitCode, again.text).toBe(0);
          await untilArrived(stack, 300);
        }
        await both.readUntilSame(["public.links"], 60);
        same("public.links");
        const [log] = await stack.lakeTexts([
          ["changes/public/links", `select distinct "payload.after.customerId" as id from t`],
        ]);
        expect(log?.error).toBeUndefined();
        expect(log?.rows.length).toBeGreaterThanOrEqual(part === "changes" ? 1 : 100);
      },
    );
  });

  describe("checkpoint-deleted", () => {
    const application = (...command: string[]) =>
      stack.exec("spark-client", ["application", ...command, JOB]);

    it("a lost checkpoint doubles no event and no row", async () => {
      await application("stop");
      await deleteBelow("_checkpoints/");
      await application("start");
      await stack.sql(`insert into public.links ("customerId") values (2000)`);
      await untilArrived(stack, 240);
      await both.readUntilSame(["public.links"], 30);
      same("public.links");
      const [log] = await stack.lakeTexts([
        [
          "changes/public/links",
          `select count(*) as events, count(distinct cast("kafka.partition" as varchar) || ' ' || cast("kafka.offset" as varchar)) as messages from t`,
        ],
      ]);
      expect(log?.rows[0]?.events).toBe(log?.rows[0]?.messages);
    });

    it("a file of it that was cut off: the job runs, or names the file", async () => {
      await application("stop");
      await emptyNewestBelow(`_checkpoints/${JOB}/offsets/`);
      await application("start");
      await stack.sql(`insert into public.links ("customerId") values (2001)`);
      try {
        await untilArrived(stack, 90);
      } catch {
        expect((await stack.npmRun("up")).text).toMatch(/offsets\/\d+/);
        return;
      }
      await both.readUntilSame(["public.links"], 30);
      same("public.links");
    });
  });

  it("slot-given-up: status raises the alarm, and up leads to a lake that is the source", async () => {
    configure(REST, { connectorState: "stopped" });
    await up();
    await stack.sql(
      `delete from public.links where "customerId" < 1050; create table public.filler (t text)`,
    );
    for (let round = 0; round < 6; round++) {
      await stack.sql(
        "insert into public.filler select repeat(md5(i::text), 100) from generate_series(1, 8000) i",
      );
      await stack.sql("select pg_switch_wal(); checkpoint");
    }
    expect(
      await stack.sql("select wal_status from pg_replication_slots where slot_name = 'cdc_dbserver2'"),
    ).toBe("lost");
    const alarm = await status();
    expect(alarm.exitCode, alarm.text).toBe(1);
    expect(alarm.text).toMatch(/cdc_dbserver2/);
    configure(REST);
    const repair = await up();
    expect(repair).toMatch(/gave up replication slot cdc_dbserver2/);
    expect(repair).toMatch(/a new snapshot takes the place of all rows sent before/);
    await wayBack(repair, "public.links");
    expect((await status()).text).toMatch(/Connector\s*│\s*(connector )?RUNNING/);
  });
});

async function objectStore(): Promise<{ store: ObjectStore; bucket: string }> {
  const { minioUrl, lakeAccessKey, lakeSecretKey, bucket } = await stack.outputs();
  const { hostname, port } = new URL(minioUrl);
  const store = new ObjectStore({
    endPoint: hostname,
    port: Number(port),
    useSSL: false,
    accessKey: lakeAccessKey,
    secretKey: lakeSecretKey,
  });
  return { store, bucket };
}

async function namesBelow(store: ObjectStore, bucket: string, prefix: string): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of store.listObjectsV2(bucket, prefix, true)) names.push(name);
  return names;
}

async function deleteBelow(prefix: string): Promise<void> {
  const { store, bucket } = await objectStore();
  const names = await namesBelow(store, bucket, prefix);
  expect(names.length).toBeGreaterThan(0);
  await store.removeObjects(bucket, names);
}

async function emptyNewestBelow(prefix: string): Promise<void> {
  const { store, bucket } = await objectStore();
  const numbers = (await namesBelow(store, bucket, prefix)).map((name) => Number(path.basename(name)));
  const newest = Math.max(...numbers.filter(Number.isInteger));
  await store.putObject(bucket, `${prefix}${newest}`, "");
}
