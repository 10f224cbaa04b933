import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import axios from "axios";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  ALTERATIONS,
  ALTERED,
  asText,
  CHANGES,
  CHUNKED,
  COLUMNS,
  DEFAULTED,
  expectedTexts,
  KEY_TABLES,
  LARGE,
  type Message,
  messages,
  ROWS,
  rowSchemas,
  sourceSchema,
  TABLES,
  type Way,
} from "./exact-values";
import { eventually, TestStack } from "./platform";
import { typesDocument } from "./types-document";

const stack = new TestStack("e2e-values");
const UNLOGGED = "\0";
const EVERY_TABLE = [{ table: "kinds", columns: COLUMNS }, ...KEY_TABLES];

const signal = (id: string, type: string, tables: string[]) =>
  stack.sql(
    `insert into cdc_dbserver2_signal values ('${id}', 'execute-snapshot', '${JSON.stringify({
      type,
      "data-collections": tables.map((table) => `public.${table}`),
    })}')`,
  );

/** The messages of a table that came in one way, once there are as many. */
async function arrived(table: string, way: Way, rows: number): Promise<Message[]> {
  return eventually(
    `${rows} messages of ${table} by way of ${way}`,
    120,
    async () => (await messages(stack, table)).filter((message) => message.way === way),
    (found) => found.length >= rows,
  );
}

/** What is not as the server prints it, in the row and in the key. */
async function wrong(way: Way, tables = EVERY_TABLE): Promise<string[]> {
  const found: string[] = [];
  for (const { table, columns } of tables) {
    const expected = await expectedTexts(stack, table, columns);
    for (const { row, key } of await arrived(table, way, expected.size)) {
      for (const of of columns) {
        const text = expected.get(Number(row.id))?.[of.column] ?? null;
        for (const part of of.column in key ? [row, key] : [row]) {
          const value = asText(part[of.column], of, text);
          if (value !== text)
            found.push(`${of.type}: ${JSON.stringify(value)} and not ${JSON.stringify(text)}`);
        }
      }
    }
  }
  return found;
}

beforeAll(async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "exact-values-"));
  const file = path.join(folder, "source.sql");
  fs.writeFileSync(file, sourceSchema());
  stack.configure({
    sourceSchema: file,
    connectorOverrides: {
      "table.include.list": TABLES.map((table) => `public.${table}`).join(","),
      // More chunks than the driver needs to switch to its binary format.
      "incremental.snapshot.chunk.size": "2",
    },
  });
  await stack.npmRun("destroy");
  const { exitCode, text } = await stack.npmRun("up");
  expect(exitCode, text).toBe(0);
  await stack.sql(
    "create table if not exists cdc_dbserver2_signal (id varchar(64) primary key, type varchar(32) not null, data text)",
  );
});

afterAll(async () => {
  await stack.npmRun("destroy");
});

describe("a value of any type is in its topic as PostgreSQL prints it", () => {
  it("when the first snapshot reads it", async () => {
    expect(await wrong("initial")).toEqual([]);
  });

  it("when it is inserted", async () => {
    await stack.sql(CHANGES);
    expect(await wrong("stream")).toEqual([]);
  });

  it("when it is deleted from a table with full replica identity", async () => {
    expect(await wrong("before", [{ table: "kinds", columns: COLUMNS }])).toEqual([]);
  });

  it("when an incremental snapshot reads it, in many chunks", async () => {
    await signal("incremental", "incremental", CHUNKED);
    expect(
      await wrong(
        "incremental",
        EVERY_TABLE.filter(({ table }) => CHUNKED.includes(table)),
      ),
    ).toEqual([]);
  });

  it("when a snapshot is taken while the stream pauses", async () => {
    await signal(
      "blocking",
      "blocking",
      EVERY_TABLE.map(({ table }) => table),
    );
    expect(await wrong("blocking")).toEqual([]);
  });
});

describe("the schema of a column", () => {
  it("says what the text is of, lets every value be null, and is the same in each way in", async () => {
    for (const { table, columns } of EVERY_TABLE) {
      const [schema = {}, ...later] = await rowSchemas(stack, table);
      for (const { column, type, schema: name, parameters = {} } of columns) {
        const {
          name: found = schema[column]?.type,
          optional,
          parameters: has = {},
          ...rest
        } = schema[column] ?? {};
        expect({ type, name: found, optional, parameters: has }).toEqual({
          type,
          name,
          optional: true,
          parameters,
        });
        expect(rest).not.toHaveProperty("default");
      }
      for (const other of later) expect(other).toEqual(schema);
    }
  });

  it("says that there is a DEFAULT, whatever it is, and NULL stays null", async () => {
    const [schema = {}] = await rowSchemas(stack, "defaulted");
    const defaulted = Object.values(schema).filter(({ parameters }) => parameters?.default === "true");
    expect(defaulted.map(({ field }) => field).sort()).toEqual(Object.keys(DEFAULTED).sort());
    const [, row] = await arrived("defaulted", "initial", 2);
    expect(row?.row).toMatchObject({
      id: 2,
      number: null,
      document: null,
      list: null,
      given: null,
      at: null,
    });
  });

  it("says so of a column that is added with one", async () => {
    await stack.sql(
      "alter table defaulted add late uuid[] default '{}', add plainer int; insert into defaulted (id, needed) values (3, 'x')",
    );
    await arrived("defaulted", "stream", 1);
    const schema = (await rowSchemas(stack, "defaulted")).at(-1);
    expect(schema?.late?.parameters).toMatchObject({ default: "true", element: "uuid" });
    expect(schema?.plainer?.parameters).toBeUndefined();
  });
});

describe("a large value that an update left alone", () => {
  it("is a mark that no text can be, for every type, and the update arrives", async () => {
    await stack.sql("insert into large select (large(1)).*; update large set n = 2");
    const [updated] = await arrived("large", "update", 1);
    const marks = Object.keys(LARGE).map((name) => [name, UNLOGGED]);
    expect(updated?.row).toEqual({
      id: 1,
      n: 2,
      ...Object.fromEntries(marks),
      said: "__debezium_unavailable_value",
    });
  });
});

describe("a row from before its table was altered, read afterwards", () => {
  it("has the value and the schema of then, and the connector goes on", async () => {
    const connectors = `http://localhost:${stack.port(8083)}/connectors`;
    const [connector] = (await axios.get<string[]>(connectors)).data;
    const status = async () => (await axios.get(`${connectors}/${connector}/status`)).data;
    await axios.put(`${connectors}/${connector}/stop`, {});
    await eventually("no task", 60, status, ({ tasks }) => tasks.length === 0);
    await stack.sql(ALTERATIONS);
    await axios.put(`${connectors}/${connector}/resume`, {});
    for (const [table, { expected }] of Object.entries(ALTERED)) {
      const came = await arrived(table, "stream", 2);
      const schemas = await rowSchemas(stack, table);
      expect({ table, values: came.map(({ row }) => row.v) }).toEqual({
        table,
        values: expected.map((of) => of?.[1]),
      });
      expect({ table, schemas: schemas.map(({ v }) => v && (v.name ?? v.type)) }).toEqual({
        table,
        schemas: expected.map((of) => of?.[0]),
      });
    }
    expect((await status()).tasks).toMatchObject([{ state: "RUNNING" }]);
  });
});

describe("docs/types.md", () => {
  it("has what the test found", async () => {
    const document = await typesDocument(await arrived("kinds", "stream", ROWS));
    const file = path.join(__dirname, "../../docs/types.md");
    if (process.env.WRITE_DOCS) fs.writeFileSync(file, document);
    expect(fs.readFileSync(file, "utf8"), "WRITE_DOCS=1 writes it anew").toBe(document);
  });
});
