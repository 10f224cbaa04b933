/** DuckDB's SQL that turns change events, from the change log or from Kafka, into hashes. */

import type { FileRows } from "../../../readers/lake/data-files";
import { literal } from "../../../readers/workspace";
import { AFTER, BEFORE, type SideColumn } from "../compare/plan";
import { hashLake, keyLake, rowText } from "../values/row-text";

/**
 * One row an event: `part`, `pos` its place in the topic; `k` the hash of the key after it (of a delete, before it), `moved`
 * that of the key before it where an update changed it; `ha` the hash of the row after it; `ca`, `cb` hashes of the row after
 * and before it, of the columns that tell whether one event follows from the other; `partial` it lacks the row before it,
 * `hole` the row after it lacks a value that PostgreSQL did not log, `own` our own tools wrote it, `bad` it is no event.
 */
export const EVENT_COLUMNS = `part INTEGER, pos BIGINT, lsn BIGINT, ts BIGINT, op VARCHAR, own BOOLEAN, k UUID, moved UUID,
  ha BIGINT, ca BIGINT, cb BIGINT, partial BOOLEAN, hole BOOLEAN, bad BOOLEAN, file INTEGER, row BIGINT`;

/** Where the texts of an event are. */
export interface EventSource {
  /** A relation with everything that the expressions name. */
  readonly from: string;
  readonly before: (column: SideColumn) => string;
  readonly after: (column: SideColumn) => string;
  readonly part: string;
  readonly pos: string;
  readonly lsn: string;
  readonly ts: string;
  readonly op: string;
  readonly transaction: string;
  readonly file: string;
  readonly row: string;
  /** SQL text of what stands for a value that PostgreSQL did not log. */
  readonly unlogged: string;
}

/** What of the columns counts. */
export interface EventShape {
  readonly columns: readonly SideColumn[];
  /** Names; empty: the whole row is the key. */
  readonly key: readonly string[];
  readonly fullImages: boolean;
  /** Columns that do not tell whether one event follows from another, because they came later. */
  readonly late?: ReadonlySet<string>;
}

/** @param placeholder what Debezium writes for a value that PostgreSQL did not log */
export function fileSource({ from, column, file, row }: FileRows, placeholder: string): EventSource {
  return {
    from,
    before: ({ lakeName }) => `${column(`${BEFORE}${lakeName}`)}::VARCHAR`,
    after: ({ lakeName }) => `${column(`${AFTER}${lakeName}`)}::VARCHAR`,
    part: column("kafka.partition"),
    pos: column("kafka.offset"),
    lsn: column("payload.source.lsn"),
    ts: column("payload.ts_ms"),
    op: column("payload.op"),
    transaction: column("payload.source.txId"),
    file,
    row,
    unlogged: literal(placeholder),
  };
}

/**
 * A table with `part`, `pos`, and `payload` (a change event's, as JSON).
 *
 * @param unlogged JSON texts that stand for a value that PostgreSQL did not log
 */
export function messageSource(table: string, unlogged: readonly string[]): EventSource {
  // A JSON pointer: column names may contain anything.
  const pointer = (side: string, { name }: SideColumn) =>
    literal(`/${side}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`);
  const text = (at: string) => `json_extract_string(payload, ${at})`;
  const isUnlogged = (at: string) =>
    `coalesce(json_extract(payload, ${at})::VARCHAR IN (${unlogged.map(literal).join(", ")}), false)`;
  const before = (column: SideColumn) => {
    const at = pointer("before", column);
    return `CASE WHEN NOT ${isUnlogged(at)} THEN ${text(at)} END`;
  };
  return {
    from: table,
    before,
    // The row before may have the value that the update left alone.
    after: (column) => {
      const at = pointer("after", column);
      return `CASE WHEN ${isUnlogged(at)} THEN coalesce(${before(column)}, chr(0)) ELSE ${text(at)} END`;
    },
    part: "part",
    pos: "pos",
    lsn: text("'/source/lsn'"),
    ts: text("'/ts_ms'"),
    op: text("'/op'"),
    transaction: text("'/source/txId'"),
    file: "0",
    row: "0",
    unlogged: "chr(0)",
  };
}

/** Rows of `EVENT_COLUMNS`. */
export function eventRows(source: EventSource, shape: EventShape): string {
  const { columns, key, fullImages, late } = shape;
  const all = columns.map((_, index) => index);
  const chained = late ? all.filter((index) => !late.has(columns[index]?.name ?? "")) : all;
  const text = (letter: string, indexes: readonly number[]) =>
    rowText(
      indexes.map((index) => `${letter}${index}`),
      "strlen",
    );
  const keyIndexes =
    key.length > 0 ? key.map((name) => columns.findIndex((column) => column.name === name)) : all;
  const isNull = (letter: string) => all.map((index) => `${letter}${index} IS NULL`).join(" AND ") || "true";
  const keyBefore = keyIndexes.map((index) => `b${index}`);
  // Without a key, a row of NULLs is a row.
  const lacks = (letter: string) => (key.length > 0 ? `(${isNull(letter)})` : "false");
  const partial =
    key.length === 0
      ? "false"
      : `CASE op WHEN 'u' THEN ${fullImages ? lacks("b") : "true"} WHEN 'd' THEN ${fullImages ? onlyKeyBefore(all, keyIndexes) : "true"} ELSE false END`;
  const hasKeyBefore = key.length > 0 ? keyBefore.map((one) => `${one} IS NOT NULL`).join(" AND ") : "true";
  const ka = keyLake(text("a", keyIndexes));
  const kb = keyLake(text("b", keyIndexes));
  const hole = all.map((index) => `a${index} = ${source.unlogged}`).join(" OR ") || "false";
  const hasAfter = "op IN ('c', 'r', 'u')";
  return `
    SELECT part, pos, lsn, ts, op, own,
           CASE WHEN ${hasAfter} THEN ka WHEN op = 'd' THEN kb END AS k,
           CASE WHEN op = 'u' AND ${hasKeyBefore} AND ka <> kb THEN kb END AS moved,
           CASE WHEN ${hasAfter} THEN ${hashLake(text("a", all))} END AS ha,
           CASE WHEN ${hasAfter} THEN ${hashLake(text("a", chained))} END AS ca,
           CASE WHEN op IN ('u', 'd') AND NOT (${partial}) THEN ${hashLake(text("b", chained))} END AS cb,
           ${partial} AS partial, ${hasAfter} AND coalesce(${hole}, false) AS hole,
           coalesce(op NOT IN ('c', 'r', 'u', 'd', 't'), true) OR ts IS NULL OR part IS NULL OR pos IS NULL
             OR CASE op WHEN 't' THEN false WHEN 'd' THEN ${lacks("b")} ELSE ${lacks("a")} END AS bad,
           file, row
      FROM (SELECT *, ${ka} AS ka, ${kb} AS kb FROM (${eventTexts(source, columns)}) AS texts) AS keyed`;
}

/** Compared texts of the columns: `a0` … after, `b0` … before. */
export function eventTexts(source: EventSource, columns: readonly SideColumn[]): string {
  const texts = columns.flatMap((column, index) => [
    `${column.form.log(`(${source.after(column)})`)} AS a${index}`,
    `${column.form.log(`(${source.before(column)})`)} AS b${index}`,
  ]);
  const others = [
    `TRY_CAST(${source.part} AS INTEGER) AS part`,
    `TRY_CAST(${source.pos} AS BIGINT) AS pos`,
    `TRY_CAST(${source.lsn} AS BIGINT) AS lsn`,
    `TRY_CAST(${source.ts} AS BIGINT) AS ts`,
    `(${source.op})::VARCHAR AS op`,
    `${source.transaction} IS NULL AS own`,
    `(${source.file})::INTEGER AS file`,
    `(${source.row})::BIGINT AS row`,
  ];
  return `SELECT ${[...texts, ...others].join(", ")} FROM ${source.from}`;
}

/**
 * A delete from before REPLICA IDENTITY was FULL has only the key, and for other columns NULL, or what stands for
 * nothing where they are NOT NULL.
 */
function onlyKeyBefore(all: readonly number[], key: readonly number[]): string {
  const others = all.filter((index) => !key.includes(index));
  if (others.length === 0) return "false";
  return `(${others.map((index) => `coalesce(b${index}, '') IN ('', '0', 'false')`).join(" AND ")})`;
}
