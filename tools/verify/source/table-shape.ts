/** What source tables look like: columns, key, replica identity. */
import type { CapturedTable } from "../../../stack/platform";
import { columnForm } from "../values/column-form";
import type { ColumnForm, ValueModes } from "../values/source-type";
import { excludedColumns } from "./excluded-columns";

export interface ComparedColumn {
  readonly name: string;
  readonly form: Comparable;
}

export type Comparable = ColumnForm & { readonly log: (text: string) => string };

export interface TableShape {
  readonly compared: readonly ComparedColumn[];
  /** Columns that are not compared, and why: `n (type point)`. */
  readonly notCompared: readonly { readonly name: string; readonly reason: string }[];
  /** Columns of the primary key, in its order. */
  readonly primaryKey: readonly string[];
  /** REPLICA IDENTITY FULL: every event has the row before it. */
  readonly fullImages: boolean;
  /** Roughly, from the size on disk. */
  readonly estimatedRows: number;
}

export interface ColumnRow {
  readonly schema: string;
  readonly table: string;
  readonly identity: string;
  readonly bytes: number;
  /** null: the table has no columns. */
  readonly name: string | null;
  readonly type: string;
  readonly shown: string;
  readonly kind: string;
  readonly element_kind: string | null;
  readonly modifier: number;
  readonly generated: boolean;
  readonly key_place: number | null;
}

/** $1, $2: schemas and names of the tables. Domains are followed down to their base type. */
export const COLUMNS = `
  WITH RECURSIVE wanted AS (
    SELECT c.oid, n.nspname, c.relname, c.relreplident, pg_relation_size(c.oid)::float8 AS bytes
      FROM unnest($1::text[], $2::text[]) AS w (schema, name)
      JOIN pg_namespace n ON n.nspname = w.schema
      JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = w.name AND c.relkind IN ('r', 'p')
  ), base AS (
    SELECT a.attrelid, a.attnum, a.atttypid AS type, a.atttypmod AS modifier
      FROM pg_attribute a JOIN wanted w ON w.oid = a.attrelid WHERE a.attnum > 0 AND NOT a.attisdropped
    UNION ALL
    SELECT b.attrelid, b.attnum, t.typbasetype, CASE WHEN b.modifier < 0 THEN t.typtypmod ELSE b.modifier END
      FROM base b JOIN pg_type t ON t.oid = b.type WHERE t.typtype = 'd'
  )
  SELECT w.nspname AS schema, w.relname AS table, w.relreplident AS identity, w.bytes,
         a.attname AS name, t.typname AS type, format_type(a.atttypid, a.atttypmod) AS shown, t.typtype AS kind,
         e.typtype AS element_kind, b.modifier, a.attgenerated <> '' AS generated,
         array_position(i.indkey::int2[], a.attnum) AS key_place
    FROM wanted w
    LEFT JOIN (base b JOIN pg_type t ON t.oid = b.type AND t.typtype <> 'd') ON b.attrelid = w.oid
    LEFT JOIN pg_attribute a ON a.attrelid = w.oid AND a.attnum = b.attnum
    LEFT JOIN pg_type e ON e.oid = t.typelem AND t.typcategory = 'A'
    LEFT JOIN pg_index i ON i.indrelid = w.oid AND i.indisprimary
   ORDER BY w.oid, a.attnum`;

const AVERAGE_ROW_BYTES = 100;

/** @param rows of one table */
export function tableShape(table: CapturedTable, rows: readonly ColumnRow[], modes: ValueModes): TableShape {
  const compared: ComparedColumn[] = [];
  const notCompared: { name: string; reason: string }[] = [];
  const isExcluded = excludedColumns(table, modes);
  for (const row of rows) {
    if (row.name === null) continue;
    const type = { name: row.type, kind: row.kind, elementKind: row.element_kind, modifier: row.modifier };
    const { log, ...form } = columnForm(type, modes);
    if (row.generated)
      notCompared.push({ name: row.name, reason: "generated; PostgreSQL does not publish it" });
    else if (isExcluded(row.name))
      notCompared.push({ name: row.name, reason: "left out or changed by the connector's configuration" });
    else if (!log) notCompared.push({ name: row.name, reason: `type ${row.shown}` });
    else compared.push({ name: row.name, form: { ...form, log } });
  }
  const key = rows
    .filter((row) => row.key_place !== null)
    .sort((a, b) => Number(a.key_place) - Number(b.key_place));
  return {
    compared,
    notCompared,
    primaryKey: key.map(({ name }) => String(name)),
    fullImages: rows[0]?.identity === "f",
    estimatedRows: Math.ceil((rows[0]?.bytes ?? 0) / AVERAGE_ROW_BYTES),
  };
}
