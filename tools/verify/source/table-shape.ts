/** What a source table looks like: columns, key, replica identity. */
import type { Client } from "pg";
import type { CapturedTable } from "../platform";
import { type ColumnForm, columnForm, type ValueModes } from "../values/column-form";
import { excludedColumns } from "./excluded-columns";

export interface ComparedColumn {
  readonly name: string;
  readonly form: ColumnForm;
}

export interface TableShape {
  readonly compared: readonly ComparedColumn[];
  /** Columns that are not compared, and why: `n (type point)`. */
  readonly notCompared: readonly { readonly name: string; readonly reason: string }[];
  /** Columns of the primary key, in its order; empty: the whole row is the key. */
  readonly key: readonly string[];
  /** REPLICA IDENTITY FULL: every event has the row before it. */
  readonly fullImages: boolean;
  /** Roughly, from the size on disk. */
  readonly estimatedRows: number;
}

interface ColumnRow {
  name: string;
  type: string;
  shown: string;
  kind: string;
  element_kind: string | null;
  modifier: number;
  generated: boolean;
  key_place: number | null;
}

const COLUMNS = `
  WITH RECURSIVE base AS (
    SELECT a.attnum, a.atttypid AS type, a.atttypmod AS modifier
      FROM pg_attribute a WHERE a.attrelid = $1 AND a.attnum > 0 AND NOT a.attisdropped
    UNION ALL
    SELECT b.attnum, t.typbasetype, CASE WHEN b.modifier < 0 THEN t.typtypmod ELSE b.modifier END
      FROM base b JOIN pg_type t ON t.oid = b.type WHERE t.typtype = 'd'
  )
  SELECT a.attname AS name, t.typname AS type, format_type(a.atttypid, a.atttypmod) AS shown, t.typtype AS kind,
         e.typtype AS element_kind, b.modifier, a.attgenerated <> '' AS generated,
         array_position(i.indkey::int2[], a.attnum) AS key_place
    FROM pg_attribute a
    JOIN base b ON b.attnum = a.attnum
    JOIN pg_type t ON t.oid = b.type AND t.typtype <> 'd'
    LEFT JOIN pg_type e ON e.oid = t.typelem AND t.typcategory = 'A'
    LEFT JOIN pg_index i ON i.indrelid = a.attrelid AND i.indisprimary
   WHERE a.attrelid = $1
   ORDER BY a.attnum`;

const AVERAGE_ROW_BYTES = 100;

/** @returns undefined when there is no such table */
export async function tableShape(
  client: Client,
  table: CapturedTable,
  modes: ValueModes,
): Promise<TableShape | undefined> {
  const found = await client.query(
    `SELECT c.oid, c.relreplident, pg_relation_size(c.oid)::float8 AS bytes
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = $1 AND c.relname = $2 AND c.relkind IN ('r', 'p')`,
    [table.schema, table.table],
  );
  const relation = found.rows[0];
  if (!relation) return undefined;
  const { rows } = await client.query<ColumnRow>(COLUMNS, [relation.oid]);
  const compared: ComparedColumn[] = [];
  const notCompared: { name: string; reason: string }[] = [];
  const isExcluded = excludedColumns(table, modes);
  for (const row of rows) {
    const type = { name: row.type, kind: row.kind, elementKind: row.element_kind, modifier: row.modifier };
    const form = columnForm(type, modes);
    if (row.generated)
      notCompared.push({ name: row.name, reason: "generated; PostgreSQL does not publish it" });
    else if (isExcluded(row.name))
      notCompared.push({ name: row.name, reason: "left out or changed by the connector's configuration" });
    else if (!form) notCompared.push({ name: row.name, reason: `type ${row.shown}` });
    else compared.push({ name: row.name, form });
  }
  const key = rows
    .filter((row) => row.key_place !== null)
    .sort((a, b) => Number(a.key_place) - Number(b.key_place));
  return {
    compared,
    notCompared,
    key: key.map(({ name }) => name),
    fullImages: relation.relreplident === "f",
    estimatedRows: Math.ceil(relation.bytes / AVERAGE_ROW_BYTES),
  };
}
