/** The rows of a source table and of its current state in the lake, value by value. */
import type { Client } from "pg";
import type { LakeAnswer } from "../platform";
import { COLUMN_TYPES, type ColumnType, lakeValue, sourceValue, type Value } from "./postgres-text";

export type Row = Record<string, Value>;

export interface SourceRows {
  readonly types: readonly ColumnType[];
  readonly key: readonly string[];
  readonly rows: readonly Row[];
}

const OWN_COLUMNS = ["_lsn", "_deleted", "_rescued_data"];
const DIFFERENCES_SHOWN = 20;

const asText = { getTypeParser: () => (text: string) => text };

/** @param name `schema.table`, as it is, without quotes */
export async function sourceRows(client: Client, schema: string, table: string): Promise<SourceRows> {
  const name = `${quoted(schema)}.${quoted(table)}`;
  const types: ColumnType[] = (await client.query(COLUMN_TYPES, [name])).rows;
  const key = await client.query(
    `SELECT attname::text AS column FROM pg_index JOIN pg_attribute ON attrelid = indrelid AND attnum = ANY (indkey)
     WHERE indrelid = to_regclass($1) AND indisprimary`,
    [name],
  );
  const columns = types.map(({ column, base, isArray }) =>
    base === "hstore" && !isArray ? `hstore_to_json(${quoted(column)})::text` : quoted(column),
  );
  // A partitioned table has no rows of its own; of one with children, only its own are meant.
  const { rows: partitioned } = await client.query(
    "SELECT FROM pg_class WHERE oid = to_regclass($1) AND relkind = 'p'",
    [name],
  );
  const { rows } = await client.query({
    text: `SELECT ${columns.join(", ")} FROM ${partitioned.length > 0 ? "" : "ONLY "}${name}`,
    rowMode: "array",
    types: asText,
  });
  return {
    types,
    key: key.rows.map(({ column }) => column),
    rows: rows.map((row: (string | null)[]) =>
      Object.fromEntries(types.map((type, n) => [type.column, sourceValue(row[n] ?? null, type)])),
    ),
  };
}

/**
 * What differs, in words; nothing when the current state is the source. A value that the lake's type cannot hold counts as
 * there when the column is NULL and `_rescued_data` has its text.
 */
export function differences(source: SourceRows, lake: LakeAnswer): string[] {
  if (lake.error !== undefined) return [`cannot be read: ${lake.error}`];
  const columns = source.types.map(({ column }) => column);
  const missing = columns.filter((column) => lakeColumn(column, lake) === undefined);
  const found = [
    ...missing.map((column) => `column ${column} is not in the lake`),
    ...lake.rows.flatMap((row) => rescuedBesideValues(row)),
    ...rowDifferences(source, lake),
  ];
  const more = found.length - DIFFERENCES_SHOWN;
  return more > 0 ? [...found.slice(0, DIFFERENCES_SHOWN), `and ${more} more`] : found;
}

function rowDifferences(source: SourceRows, lake: LakeAnswer): string[] {
  const key = source.key.length > 0 ? source.key : source.types.map(({ column }) => column);
  const inLake = byKey(
    lake.rows.map((row) => lakeRow(row, source.types, lake)),
    key,
  );
  const inSource = byKey(source.rows, key);
  return [...new Set([...inSource.keys(), ...inLake.keys()])].flatMap((id) => {
    const wanted = inSource.get(id) ?? [];
    const seen = inLake.get(id) ?? [];
    if (wanted.length !== seen.length)
      return [`${id}: ${wanted.length} in the source, ${seen.length} in the lake`];
    return wanted.flatMap((row, n) =>
      source.types
        .map(({ column }) => column)
        .filter((column) => JSON.stringify(row[column]) !== JSON.stringify(seen[n]?.[column]))
        .map(
          (column) =>
            `${id}: ${column} is ${short(row[column])} in the source, ${short(seen[n]?.[column])} in the lake`,
        ),
    );
  });
}

/** Readers take names that differ in case only for one; a second such column has a suffix in the lake. */
function lakeColumn(column: string, { types }: LakeAnswer): string | undefined {
  if (column in types) return column;
  const same = (name: string) => name.toLowerCase() === column.toLowerCase();
  return Object.keys(types).find(same);
}

function lakeRow(row: Row, types: readonly ColumnType[], lake: LakeAnswer): Row {
  const rescued = rescuedOf(row);
  return Object.fromEntries(
    types.map((type) => {
      const name = lakeColumn(type.column, lake) ?? type.column;
      const value = row[name] ?? null;
      const text = rescued[name] ?? null;
      return [type.column, value === null ? sourceValue(text, type) : lakeValue(value, type)];
    }),
  );
}

function rescuedOf(row: Row): Record<string, string> {
  return typeof row._rescued_data === "string" ? JSON.parse(row._rescued_data) : {};
}

function rescuedBesideValues(row: Row): string[] {
  return Object.entries(rescuedOf(row))
    .filter(([column]) => (row[column] ?? null) !== null || OWN_COLUMNS.includes(column))
    .map(([column, text]) => `${column} has a value and a rescued one: ${short(text)}`);
}

function byKey(rows: readonly Row[], key: readonly string[]): Map<string, Row[]> {
  const found = new Map<string, Row[]>();
  for (const row of rows) {
    const id = short(key.map((column) => row[column] ?? null));
    found.set(id, [...(found.get(id) ?? []), row]);
  }
  return found;
}

function short(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 200 ? `${text.slice(0, 120)}… (${text.length} characters)` : text;
}

export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
