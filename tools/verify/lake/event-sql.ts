/** DuckDB's SQL that turns change events, from the lake or from Kafka, into hashes. */
import type { TableShape } from "../source/table-shape";
import { hashLake, keyLake, rowText } from "../values/row-text";
import { identifier, literal } from "../workspace";

/**
 * One row an event, or where the whole row is the key one for the row before and one for the row after:
 * `k` the key's hash, `ha` and `hb` the hashes of the row after and before (NULL where there is none), `partial` the
 * event lacks the row before it, `hole` the row after lacks a value that PostgreSQL did not log, `bad` it is no event.
 */
export const EVENT_COLUMNS =
  "k UUID, op VARCHAR, ts BIGINT, file INTEGER, row BIGINT, ha BIGINT, hb BIGINT, partial BOOLEAN, hole BOOLEAN, bad BOOLEAN";

/** Where the texts of an event are: expressions for a column's value before and after, or NULL's text. */
export interface EventSource {
  /** A relation with everything that the expressions name. */
  readonly from: string;
  readonly before: (column: string) => string;
  readonly after: (column: string) => string;
  readonly op: string;
  readonly ts: string;
  readonly file: string;
  readonly row: string;
}

/**
 * Data files of the lake, each called `data-<place>.parquet`.
 *
 * @param physical column of the lake table → column of the files, without those that none of them has
 */
export function fileSource(files: readonly string[], physical: ReadonlyMap<string, string>): EventSource {
  const column = (name: string) => {
    const found = physical.get(name);
    return found === undefined ? "NULL::VARCHAR" : identifier(found);
  };
  return {
    from: parquetFiles(files),
    before: (name) => column(`payload.before.${name}`),
    after: (name) => column(`payload.after.${name}`),
    op: column("payload.op"),
    ts: column("payload.ts_ms"),
    file: "regexp_extract(filename, 'data-([0-9]+)[.]parquet$', 1)",
    row: "file_row_number",
  };
}

/** A file from before a column was added lacks it: then the column is NULL. */
export function parquetFiles(files: readonly string[]): string {
  return `read_parquet([${files.map(literal).join(", ")}], union_by_name = true, filename = true, file_row_number = true)`;
}

/** A table with `payload` (a change event's, as JSON) and `number`. */
export function messageSource(table: string): EventSource {
  // A JSON pointer: column names may contain anything.
  const field = (part: string, name: string) =>
    `json_extract_string(payload, ${literal(`/${part}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`)})`;
  return {
    from: table,
    before: (name) => field("before", name),
    after: (name) => field("after", name),
    op: "json_extract_string(payload, '/op')",
    ts: "json_extract_string(payload, '/ts_ms')",
    file: "-1",
    row: "number",
  };
}

/** Rows of `EVENT_COLUMNS`. @param placeholder what Debezium writes for a value that PostgreSQL did not log */
export function eventRows(source: EventSource, shape: TableShape, placeholder: string): string {
  const texts = eventTexts(source, shape);
  const columns = shape.compared.map((_, index) => index);
  const after = rowText(
    columns.map((index) => `a${index}`),
    "strlen",
  );
  const before = rowText(
    columns.map((index) => `b${index}`),
    "strlen",
  );
  const hole = columns.map((index) => `a${index} = ${literal(placeholder)}`).join(" OR ") || "false";
  const known = "coalesce(op IN ('c', 'r', 'u', 'd'), false)";
  if (shape.key.length === 0) {
    const half = (side: string, ops: string, a: string, b: string) =>
      `SELECT ${keyLake(side)} AS k, op, ts, file, row, ${a} AS ha, ${b} AS hb, false AS partial, false AS hole,
              NOT ${known} AS bad FROM texts WHERE ${ops}`;
    return `WITH texts AS MATERIALIZED (${texts})
      ${half(after, `op IN ('c', 'r', 'u') OR NOT ${known}`, hashLake(after), "NULL")}
      UNION ALL ${half(before, "op IN ('u', 'd')", "NULL", hashLake(before))}`;
  }
  const key = keyColumns(shape);
  const keyBefore = key.map((index) => `b${index}`);
  const keyAfter = key.map((index) => `a${index}`);
  const lacksBefore = keyBefore.map((column) => `${column} IS NULL`).join(" OR ");
  const lacksAfter = keyAfter.map((column) => `${column} IS NULL`).join(" OR ");
  const partial = `CASE op WHEN 'u' THEN (${lacksBefore}) WHEN 'd' THEN ${shape.fullImages ? onlyKeyBefore(shape) : "true"} ELSE false END`;
  const usesAfter = "op IN ('c', 'r', 'u')";
  return `SELECT ${keyLake(`CASE WHEN ${usesAfter} THEN ${rowText(keyAfter, "strlen")} ELSE ${rowText(keyBefore, "strlen")} END`)} AS k,
      op, ts, file, row,
      CASE WHEN ${usesAfter} THEN ${hashLake(after)} END AS ha,
      CASE WHEN op IN ('u', 'd') AND NOT (${partial}) THEN ${hashLake(before)} END AS hb,
      ${partial} AS partial,
      ${usesAfter} AND coalesce(${hole}, false) AS hole,
      NOT ${known} OR ts IS NULL OR CASE WHEN op = 'd' THEN (${lacksBefore}) ELSE (${lacksAfter}) END AS bad
    FROM (${texts}) AS texts`;
}

/** Common texts of every compared column: `a0` … after, `b0` … before. */
export function eventTexts(source: EventSource, shape: TableShape): string {
  const texts = shape.compared.flatMap(({ name, form }, index) => [
    `${form.lake(`(${source.after(name)})`)} AS a${index}`,
    `${form.lake(`(${source.before(name)})`)} AS b${index}`,
  ]);
  return `SELECT ${[...texts, `${source.op} AS op`, `TRY_CAST(${source.ts} AS BIGINT) AS ts`, `(${source.file})::INTEGER AS file`, `${source.row}::BIGINT AS row`].join(", ")}
    FROM ${source.from}`;
}

function keyColumns(shape: TableShape): number[] {
  return shape.key.map((name) => shape.compared.findIndex((column) => column.name === name));
}

/**
 * A delete from before REPLICA IDENTITY was FULL has only the key, and for other columns NULL, or what stands for
 * nothing where they are NOT NULL.
 */
function onlyKeyBefore(shape: TableShape): string {
  const others = shape.compared
    .map((_, index) => index)
    .filter((index) => !keyColumns(shape).includes(index));
  if (others.length === 0) return "false";
  return others.map((index) => `coalesce(b${index}, '') IN ('', '0', 'false')`).join(" AND ");
}
