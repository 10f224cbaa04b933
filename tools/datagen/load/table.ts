/** The table in the database: what it is like, and making it. */
import { type Client, escapeIdentifier } from "pg";
import { UserError } from "../../../stack/console";
import { quoted, shown, type TableName } from "../table-name";

export interface TableColumn {
  name: string;
  /** As SQL writes it: `bigint`, `character varying(45)`. */
  type: string;
  /** Longest text that fits; for `character` and `character varying` with a length. */
  length: number | undefined;
  notNull: boolean;
  /** Filled by the database when left out: a default, an identity or a generated value. */
  filled: boolean;
  /** GENERATED ALWAYS: an expression cannot be written at all, an identity only by an INSERT that overrides it. */
  always: "no" | "expression" | "identity";
}

export interface Table {
  name: TableName;
  columns: TableColumn[];
  /** In the order of the key; empty without one. */
  primaryKey: string[];
}

/** Undefined when there is none of that name. */
export async function describeTable(client: Client, name: TableName): Promise<Table | undefined> {
  const relation = await client.query<{ oid: string; relkind: string }>(
    `SELECT c.oid, c.relkind FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = $1 AND c.relname = $2`,
    [name.schema, name.table],
  );
  const found = relation.rows[0];
  if (!found) return undefined;
  if (found.relkind !== "r" && found.relkind !== "p") {
    throw new UserError(
      `${shown(name)} is not a table (a view, a sequence or an index).`,
      "Give another -t.",
    );
  }
  const columns = await client.query<TableColumn>(
    `SELECT attname AS name, format_type(atttypid, atttypmod) AS type, attnotnull AS "notNull",
       CASE WHEN atttypid IN ('varchar'::regtype, 'bpchar'::regtype) AND atttypmod > 4 THEN atttypmod - 4 END AS length,
       atthasdef OR attidentity <> '' AS filled,
       CASE WHEN attgenerated <> '' THEN 'expression' WHEN attidentity = 'a' THEN 'identity' ELSE 'no' END AS always
     FROM pg_attribute WHERE attrelid = $1 AND attnum > 0 AND NOT attisdropped ORDER BY attnum`,
    [found.oid],
  );
  const key = await client.query<{ name: string }>(
    `SELECT a.attname AS name FROM pg_index i
       CROSS JOIN unnest(i.indkey::int2[]) WITH ORDINALITY AS k(attnum, position)
       JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
     WHERE i.indrelid = $1 AND i.indisprimary ORDER BY k.position`,
    [found.oid],
  );
  return {
    name,
    columns: columns.rows.map((column) => ({ ...column, length: column.length ?? undefined })),
    primaryKey: key.rows.map((row) => row.name),
  };
}

/** Tables in the schema whose name differs only in case: a likely slip. */
export async function similarTables(client: Client, { schema, table }: TableName): Promise<string[]> {
  const { rows } = await client.query<{ relname: string }>(
    `SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = $1 AND lower(c.relname) = lower($2) AND c.relname <> $2 AND c.relkind IN ('r', 'p')`,
    [schema, table],
  );
  return rows.map((row) => row.relname);
}

/** Throws a UserError when the schema is not there. */
export async function createTable(
  client: Client,
  name: TableName,
  columns: { name: string; type: string }[],
  primaryKey: string[],
): Promise<void> {
  const schema = await client.query("SELECT FROM pg_namespace WHERE nspname = $1", [name.schema]);
  if (schema.rowCount === 0) {
    throw new UserError(
      `There is no schema "${name.schema}".`,
      `Make it: CREATE SCHEMA ${escapeIdentifier(name.schema)}; or give another one in -t.`,
    );
  }
  await client.query(createTableStatement(name, columns, primaryKey));
}

/** Pure. */
export function createTableStatement(
  name: TableName,
  columns: { name: string; type: string }[],
  primaryKey: string[],
): string {
  const parts = columns.map((column) => `${escapeIdentifier(column.name)} ${column.type}`);
  if (primaryKey.length > 0) parts.push(`PRIMARY KEY (${primaryKey.map(escapeIdentifier).join(", ")})`);
  return `CREATE TABLE ${quoted(name)} (\n  ${parts.join(",\n  ")}\n)`;
}
