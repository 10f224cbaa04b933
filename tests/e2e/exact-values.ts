/** Tables with a column, or a key, of every type, and what the connector's topics have of them. */
import type { TestStack } from "./platform";
import { PREPARATION, VALUE_TYPES, type ValueType } from "./value-types";

/** One more than the longest list of values: the last row is all NULL. */
export const ROWS = Math.max(...VALUE_TYPES.map(({ values }) => values.length)) + 1;
const KEY_ROWS = 14;
const KEY_COLUMNS = 20;
const PREFIX = process.env.PREFIX ?? "dbserver2";

export interface Column extends ValueType {
  column: string;
}

export const COLUMNS: Column[] = VALUE_TYPES.map((of, index) => ({ ...of, column: `v${index}` }));

const keys = COLUMNS.filter(({ isKey }) => isKey);

/** Tables whose primary key is of many types at once: an index can have 32 columns. */
export const KEY_TABLES = [
  ...inGroups(
    keys.filter(({ hasNoChunks }) => !hasNoChunks),
    KEY_COLUMNS,
  ),
  keys.filter(({ hasNoChunks }) => hasNoChunks),
].map((columns, index) => ({ table: `keys${index}`, columns }));

function inGroups<T>(all: T[], size: number): T[][] {
  return all.length <= size ? [all] : [all.slice(0, size), ...inGroups(all.slice(size), size)];
}

/** How a row came into its topic. */
export type Way = "initial" | "stream" | "before" | "update" | "incremental" | "blocking";

const literal = ({ type, values }: ValueType, row: number) =>
  row < values.length ? `(${values[row]})::${type}` : "null";

const rowOf = (row: number) => [row + 1, ...VALUE_TYPES.map((of) => literal(of, row))].join(", ");

/** Columns whose rows from before them have values. */
export const DEFAULTED = {
  number: "int default 7",
  document: "jsonb default '{}'",
  list: "text[] default '{}'",
  pairs: "hstore default ''",
  mail: "citext default 'none'",
  bytes: "bytea not null default '\\x00'",
  given: "given",
  identity: "int generated always as identity",
  at: "timestamptz default now()",
};
const WITHOUT_DEFAULT = { plain: "int", needed: "text not null" };

const DEFAULTED_TABLE = `
  create domain given as int default 5;
  create table defaulted (id int primary key, ${Object.entries({ ...WITHOUT_DEFAULT, ...DEFAULTED })
    .map(([name, type]) => `${name} ${type}`)
    .join(", ")});
  insert into defaulted (id, needed) values (1, 'x');
  insert into defaulted (id, needed, number, document, list, pairs, mail, given, at)
    values (2, 'x', null, null, null, null, null, null, null);`;

/** Values so large that PostgreSQL keeps them outside of the row, and does not log them when an update leaves them alone. */
export const LARGE = {
  words: "text not null",
  document: "jsonb",
  list: "text[] not null",
  numbers: "numeric[]",
  number: "numeric not null",
  bytes: "bytea",
  pairs: "hstore",
  bits: "bit varying",
  shape: "polygon not null",
  moments: "timestamptz[]",
};

const LARGE_TABLE = `
  create table large (id int primary key, n int, ${Object.entries(LARGE)
    .map(([name, type]) => `${name} ${type}`)
    .join(", ")}, said text);
  ${Object.keys(LARGE)
    .map((name) => `alter table large alter ${name} set storage external;`)
    .join("\n")}
  create function large(id int) returns large language sql as $$
    select id, 1, string_agg(md5(i::text), ''), to_jsonb(array_agg(md5(i::text))), array_agg(md5(i::text)), array_agg(i::numeric),
      ('1' || string_agg(i::text, ''))::numeric, convert_to(string_agg(md5(i::text), ''), 'UTF8'),
      hstore(array_agg(i::text), array_agg(md5(i::text))), string_agg(i::bit(32)::text, '')::bit varying,
      polygon(3000, circle '((0,0),1)'), array_agg('2024-01-01'::timestamptz + i * interval '1 second'), '__debezium_unavailable_value'
    from generate_series(1000, 4000) i $$;`;

interface Altered {
  /** What there is when a row with this value is inserted. */
  type: string;
  value: string;
  /** What is done to the column `v` then, and the next row's value. */
  change: string;
  later: string;
  /** Schema, or its name, and value of each row; null: it has no such field any more. */
  expected: [[string, unknown], [string, unknown] | null];
}

const retyped = (type: string, using: string) => `alter v type ${type} using ${using}`;

/** Tables whose column becomes another one while rows of before are not read yet, by name. */
export const ALTERED: Record<string, Altered> = {
  text_to_int: {
    type: "text",
    value: "'a long text'",
    change: retyped("int", "length(v)"),
    later: "5",
    expected: [
      ["cdc.Text", "a long text"],
      ["int32", 5],
    ],
  },
  array_to_int: {
    type: "text[]",
    value: "'{a,b}'",
    change: retyped("int", "cardinality(v)"),
    later: "5",
    expected: [
      ["cdc.Array", "{a,b}"],
      ["int32", 5],
    ],
  },
  text_to_moment: {
    type: "text",
    value: "'now or then'",
    change: retyped("timestamptz", "now()"),
    later: "'2024-01-01 12:00+02'",
    expected: [
      ["cdc.Text", "now or then"],
      ["cdc.TimestampTz", "2024-01-01 10:00:00+00"],
    ],
  },
  bits_to_int: {
    type: "bit varying",
    value: "'101'",
    change: retyped("int", "length(v)"),
    later: "5",
    expected: [
      ["cdc.Text", "101"],
      ["int32", 5],
    ],
  },
  int_to_array: {
    type: "int",
    value: "7",
    change: retyped("text[]", "array[v::text]"),
    later: "'{a,NULL}'",
    expected: [
      ["int32", 7],
      ["cdc.Array", "{a,NULL}"],
    ],
  },
  numeric_to_boolean: {
    type: "numeric",
    value: "1.50",
    change: retyped("boolean", "v > 1"),
    later: "false",
    expected: [
      ["cdc.Numeric", "1.50"],
      ["boolean", false],
    ],
  },
  pairs_to_bytes: {
    type: "hstore",
    value: "'a=>1'",
    change: retyped("bytea", "''"),
    later: "'\\x00ff'",
    expected: [
      ["cdc.Text", '{"a": "1"}'],
      ["cdc.Bytes", "AP8="],
    ],
  },
  made_anew: {
    type: "bit varying[]",
    value: "'{101}'",
    change: "drop v, add v int",
    later: "5",
    expected: [
      ["cdc.Array", "{101}"],
      ["int32", 5],
    ],
  },
  renamed: {
    type: "interval",
    value: "'1 mon'",
    change: "rename v to w",
    later: "'2 mons'",
    expected: [["cdc.Text", "1 mon"], null],
  },
  dropped: {
    type: "bytea",
    value: "'\\x00ff'",
    change: "drop v",
    later: "",
    expected: [["cdc.Bytes", "AP8="], null],
  },
};

/** Rows before and after what becomes of the columns. */
export const ALTERATIONS = Object.entries(ALTERED)
  .map(
    ([table, { value, change, later }]) => `
      insert into ${table} values (1, ${value});
      alter table ${table} ${change};
      insert into ${table} values (2${later && `, ${later}`});`,
  )
  .join("\n");

/** Rows that are there before the connector is. */
export function sourceSchema(): string {
  const columns = COLUMNS.map(({ column, type }) => `${column} ${type}`).join(", ");
  const rows = Array.from({ length: ROWS }, (_, row) => `insert into kinds values (${rowOf(row)});`);
  return [
    PREPARATION,
    `create table kinds (id int primary key, ${columns});`,
    "alter table kinds replica identity full;",
    ...rows,
    DEFAULTED_TABLE,
    LARGE_TABLE,
    ...Object.entries(ALTERED).map(
      ([table, { type }]) => `create table ${table} (id int primary key, v ${type});`,
    ),
    ...KEY_TABLES.map(({ table, columns }) => {
      const names = columns.map(({ column }) => column).join(", ");
      return `create table ${table} (id int, ${columns.map(({ column, type }) => `${column} ${type}`).join(", ")}, primary key (${names}, id));
        ${Array.from({ length: KEY_ROWS }, (_, row) => `insert into ${table} values (${keyRow(columns, row)});`).join("\n")}`;
    }),
  ].join("\n");
}

const keyRow = (columns: ValueType[], row: number) =>
  [row + 1, ...columns.map((of) => literal(of, row % of.values.length))].join(", ");

/** Tables whose keys Debezium can cut into chunks. */
export const CHUNKED = ["kinds", ...KEY_TABLES.slice(0, -1).map(({ table }) => table)];

const KIND_TABLES = ["kinds", ...KEY_TABLES.map(({ table }) => table)];

export const TABLES = [...KIND_TABLES, "defaulted", "large", ...Object.keys(ALTERED)];

/** Every row goes and comes once more: with its old values and with its new ones. */
export const CHANGES = KIND_TABLES.map(
  (table) =>
    `begin; create temp table copy_${table} as select * from ${table}; delete from ${table}; insert into ${table} select * from copy_${table}; commit;`,
).join("\n");

/** What the source prints for the rows of a table: id → column → text as messages are to have it. */
export async function expectedTexts(
  stack: TestStack,
  table: string,
  columns: Column[],
): Promise<Map<number, Record<string, string | null>>> {
  const texts = columns.map(({ column, expected = "format('%s', v)" }) => {
    const text = expected.replace(/\bv\b/g, column);
    return `case when num_nulls(${column}) = 1 then null else ${text} end as ${column}`;
  });
  const answer = await stack.sql(
    `set timezone = 'UTC'; select json_agg(row_to_json(t)) from (select id, ${texts.join(", ")} from ${table}) t`,
  );
  return new Map(JSON.parse(answer).map(({ id, ...row }: { id: number }) => [id, row]));
}

export interface Message {
  way: Way;
  /** Column → JSON value; whole numbers of many digits as text. */
  row: Record<string, unknown>;
  key: Record<string, unknown>;
}

/** The messages of a table's topic, in their order. */
export async function messages(stack: TestStack, table: string): Promise<Message[]> {
  const lines = await kcat(stack, `${PREFIX}.public.${table}`, "%k\\t%s\\n");
  const found: Message[] = [];
  let hasChanges = false;
  for (const line of lines) {
    const [key = "", value = ""] = line.split("\t");
    if (value === "") continue;
    const { before, after, op, source } = exactJson(value).payload;
    const keyRow = exactJson(key).payload;
    if (op === "d") found.push({ way: "before", row: before, key: keyRow });
    if (op === "u") found.push({ way: "update", row: after, key: keyRow });
    if (op === "c") found.push({ way: "stream", row: after, key: keyRow });
    if (op === "c" || op === "d") hasChanges = true;
    if (op !== "r") continue;
    const way = source.snapshot === "incremental" ? "incremental" : hasChanges ? "blocking" : "initial";
    found.push({ way, row: after, key: keyRow });
  }
  return found;
}

interface Field {
  field: string;
  type: string;
  name?: string;
  optional: boolean;
  default?: unknown;
  parameters?: Record<string, string>;
}

/** Every schema that a table's rows had, oldest first: column → field. */
export async function rowSchemas(stack: TestStack, table: string): Promise<Record<string, Field>[]> {
  const schemas = (await kcat(stack, `${PREFIX}.schemas`, "%s\\n")).map((line) => JSON.parse(line));
  return schemas
    .filter(({ name }) => name === `${PREFIX}.public.${table}.Envelope`)
    .map(({ fields }) => fields.find((part: { field: string }) => part.field === "after").fields as Field[])
    .map((fields) => Object.fromEntries(fields.map((field) => [field.field, field])));
}

async function kcat(stack: TestStack, topic: string, format: string): Promise<string[]> {
  const reader = ["kcat", "-b", "kafka:9092", "-C", "-q", "-e", "-o", "beginning"];
  const output = await stack.exec("kafka", [...reader, "-t", topic, "-f", format]);
  return output.split("\n").filter((line) => line !== "");
}

/** JSON with whole numbers of more digits than a double holds as text. */
// biome-ignore lint/suspicious/noExplicitAny: a Debezium envelope
function exactJson(text: string): any {
  return JSON.parse(text.replace(/(":)(-?\d{16,})(?=[,}])/g, '$1"$2"'));
}

const BOOLEANS = [
  ["t", true],
  ["f", false],
  ["1", true],
  ["0", false],
] as const;

/** A value of a message as `expectedTexts` has it. */
export function asText(value: unknown, { schema }: ValueType, expected: string | null): string | null {
  if (value === null || value === undefined) return null;
  if (schema === "boolean" && typeof value === "boolean")
    return BOOLEANS.find(([text]) => text === expected)?.[1] === value ? expected : String(value);
  // The server's and JSON's texts of one number differ.
  if (schema === "double" && Number(value) === Number(expected) && !Object.is(value, -0)) return expected;
  if (schema === "float" && Math.fround(Number(value)) === Math.fround(Number(expected))) return expected;
  return Object.is(value, -0) ? "-0" : String(value);
}
