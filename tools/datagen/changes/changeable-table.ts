/** Finds the key of a table and reads the keys of its rows. */
import { type Client, escapeIdentifier } from "pg";
import { UserError } from "../../../stack/console";
import { describeTable, similarTables, type Table, type TableColumn } from "../load/table";
import type { Random } from "../random";
import type { ChangeMix } from "../request";
import { quoted, shown, type TableName } from "../table-name";
import type { ChangeableTable, ChangedColumn } from "./plan";
import { uuid, valueMaker } from "./values";

/** Throws a UserError when the table cannot be changed as asked. All keys of the table are read into memory. */
export async function readChangeableTable(
  client: Client,
  name: TableName,
  wantedKey: string | undefined,
  mix: ChangeMix,
): Promise<ChangeableTable> {
  const table = await describeTable(client, name);
  if (!table) {
    const similar = await similarTables(client, name);
    throw new UserError(
      `There is no table ${shown(name)} to change.`,
      similar.length > 0
        ? `There is ${similar.join(", ")}: case counts.`
        : "Load rows first; with -i or -rs beside --changes it is done in one go.",
    );
  }
  const key = chooseKey(table, wantedKey);
  const columns = table.columns.filter((column) => column.always !== "expression").map(changedColumn);
  const used = columns.filter((column) => keepsColumn(column, key, mix));
  if (mix.update > 0 && !used.some((column) => column.updatable && column.make && column.name !== key.name)) {
    throw new UserError(
      `${shown(name)} has no column that an update could set.`,
      "Leave update out of --mix.",
    );
  }
  const keys = await readKeys(client, table, key);
  return {
    columns: used,
    keyColumn: used.findIndex((column) => column.name === key.name),
    keys,
    newKey: newKeys(key, keys, mix),
  };
}

/** Pure: -pk, else the primary key, else the first column. */
export function chooseKey(table: Table, wanted: string | undefined): TableColumn {
  if (wanted === undefined && table.primaryKey.length > 1) {
    throw new UserError(
      `${shown(table.name)} has a primary key of several columns (${table.primaryKey.join(", ")}).`,
      "Name one column that is unique by itself with -pk.",
    );
  }
  const name = wanted ?? table.primaryKey[0] ?? table.columns[0]?.name;
  const column = table.columns.find((candidate) => candidate.name === name);
  if (column) return column;
  throw new UserError(
    name === undefined
      ? `${shown(table.name)} has no columns.`
      : `${shown(table.name)} has no column "${name}".`,
    `Give one column with -pk: ${table.columns.map((candidate) => candidate.name).join(", ")}.`,
  );
}

interface Candidate extends ChangedColumn {
  notNull: boolean;
  filled: boolean;
}

function changedColumn(column: TableColumn): Candidate {
  return { ...column, make: valueMaker(column), updatable: column.always === "no" };
}

/** A column of a type without made-up values is left to its default or NULL. Throws when neither is possible. */
function keepsColumn(column: Candidate, key: TableColumn, mix: ChangeMix): boolean {
  if (column.name === key.name || column.make) return true;
  if (column.notNull && !column.filled && mix.insert > 0) {
    throw new UserError(
      `Column ${column.name} must not be null, and there are no made-up values of type ${column.type}.`,
      "Leave insert out of --mix, or give the column a default.",
    );
  }
  return false;
}

async function readKeys(client: Client, { name }: Table, key: TableColumn): Promise<string[]> {
  // Qualified: alone it would mean the text that is selected.
  const column = `rows.${escapeIdentifier(key.name)}`;
  // The order must not depend on where the rows are or on the database's collation.
  const order = isIntegerType(key.type) ? column : `${column}::text COLLATE "C"`;
  const { rows } = await client.query<[string | null]>({
    text: `SELECT ${column}::text FROM ${quoted(name)} AS rows ORDER BY ${order}`,
    rowMode: "array",
  });
  const keys = rows.map(([value]) => value);
  const wrong = keys.findIndex((value, i) => value === null || (i > 0 && value === keys[i - 1]));
  if (wrong >= 0) {
    throw new UserError(
      keys[wrong] === null
        ? `Column ${key.name} of ${shown(name)} is the key of the changes, but it is null in some rows.`
        : `Column ${key.name} of ${shown(name)} is the key of the changes, but several rows have ${keys[wrong]}.`,
      "Name a unique column with -pk, or give the table a primary key.",
    );
  }
  return keys as string[];
}

function isIntegerType(type: string): boolean {
  return type === "smallint" || type === "integer" || type === "bigint";
}

/** Integers go on after the largest; others are random and too long to come twice. */
function newKeys(key: TableColumn, keys: string[], mix: ChangeMix): (random: Random) => string {
  if (isIntegerType(key.type)) {
    let next = BigInt(keys.at(-1) ?? 0) + 1n;
    return () => String(next++);
  }
  if (key.type === "uuid") return uuid;
  const isText = key.type === "text" || key.type.startsWith("character varying");
  if (isText && (key.length === undefined || key.length >= 24)) return (random) => random.hex(24);
  if (mix.insert === 0) return () => "";
  throw new UserError(
    `Column ${key.name} is the key of the changes, and there are no new values of type ${key.type} for inserts.`,
    "Leave insert out of --mix, or name another unique column with -pk.",
  );
}
