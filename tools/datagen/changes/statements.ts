/**
 * A run of changes as few SQL statements. Pure. Inserts come first, then updates, then deletes: a key is never used again,
 * so this order means the same as the order of the changes, as long as a row's updates keep theirs.
 */
import { escapeIdentifier } from "pg";
import { quoted, type TableName } from "../table-name";
import type { Change, ChangedColumn } from "./plan";

export interface Statement {
  text: string;
  values: unknown[];
  /** Rows it touches when nobody else changed the table. */
  rows: number;
}

export function statementsFor(
  changes: readonly Change[],
  table: TableName,
  columns: readonly ChangedColumn[],
  keyColumn: number,
): Statement[] {
  const inserts = changes.filter((change) => change.kind === "insert");
  const updates = changes.filter((change) => change.kind === "update");
  const deletes = changes.filter((change) => change.kind === "delete");
  const key = columns[keyColumn] as ChangedColumn;
  return [
    ...(inserts.length > 0 ? [insertStatement(inserts, table, columns)] : []),
    ...onceEachKey(updates).map((wave) => updateStatement(wave, table, columns, key)),
    ...(deletes.length > 0 ? [deleteStatement(deletes, table, key)] : []),
  ];
}

type Kind<K extends Change["kind"]> = Extract<Change, { kind: K }>;

function insertStatement(
  inserts: Kind<"insert">[],
  table: TableName,
  columns: readonly ChangedColumn[],
): Statement {
  const names = columns.map(({ name }) => escapeIdentifier(name)).join(", ");
  const arrays = columns.map(({ type }, i) => `$${i + 1}::${type}[]`).join(", ");
  return {
    // The keys are chosen here, also those of an identity column.
    text: `INSERT INTO ${quoted(table)} (${names}) OVERRIDING SYSTEM VALUE SELECT * FROM unnest(${arrays})`,
    values: columns.map((_, i) => inserts.map(({ values }) => values[i])),
    rows: inserts.length,
  };
}

/** One statement changes a row once, so a row's second update goes into a second statement. */
function onceEachKey(updates: Kind<"update">[]): Kind<"update">[][] {
  const waves: Kind<"update">[][] = [];
  const seen = new Map<string, number>();
  for (const update of updates) {
    const wave = seen.get(update.key) ?? 0;
    seen.set(update.key, wave + 1);
    waves[wave] ??= [];
    waves[wave].push(update);
  }
  return waves;
}

function updateStatement(
  updates: Kind<"update">[],
  table: TableName,
  columns: readonly ChangedColumn[],
  key: ChangedColumn,
): Statement {
  const changed = [...new Set(updates.map(({ column }) => column))].sort((a, b) => a - b);
  const assignments = changed.map((i) => {
    const { name, type } = columns[i] as ChangedColumn;
    const column = escapeIdentifier(name);
    return `${column} = CASE WHEN change."of" = ${i} THEN change.value::${type} ELSE target.${column} END`;
  });
  return {
    text:
      `UPDATE ${quoted(table)} AS target SET ${assignments.join(", ")} ` +
      `FROM unnest($1::${key.type}[], $2::int[], $3::text[]) AS change(key, "of", value) ` +
      `WHERE target.${escapeIdentifier(key.name)} = change.key`,
    values: [
      updates.map((update) => update.key),
      updates.map((update) => update.column),
      updates.map((update) => update.value),
    ],
    rows: updates.length,
  };
}

function deleteStatement(deletes: Kind<"delete">[], table: TableName, key: ChangedColumn): Statement {
  return {
    text: `DELETE FROM ${quoted(table)} WHERE ${escapeIdentifier(key.name)} = ANY($1::${key.type}[])`,
    values: [deletes.map((change) => change.key)],
    rows: deletes.length,
  };
}
