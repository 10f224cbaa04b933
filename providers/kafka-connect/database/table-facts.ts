import type { Client } from "pg";
import { tableName } from "../debezium/table-names";

/** What the database says about a relation that is to be captured. */
export interface TableFacts {
  /** As `schema.table`. */
  readonly name: string;
  readonly kind: RelationKind;
  readonly isUnlogged: boolean;
  readonly isTemporary: boolean;
  readonly isReadable: boolean;
  /** Whether row security keeps rows from the role. */
  readonly hidesRows: boolean;
  /** The partitioned table that this one is a partition of, however deep. */
  readonly root: string | undefined;
  /** Tables that inherit from it, however deep; partitions do not count. */
  readonly children: readonly string[];
  /** Partitions, of a partitioned table, whose own replica identity says nothing. */
  readonly mutePartitions: readonly string[];
  readonly primaryKey: { readonly columns: readonly string[]; readonly isDeferrable: boolean } | undefined;
  /** For a table without primary key, the unique index whose columns Debezium takes for a key. */
  readonly uniqueIndex: UniqueIndex | undefined;
  readonly identity: ReplicaIdentity;
  readonly columns: readonly ColumnFacts[];
}

export type RelationKind =
  | "table"
  | "partitioned table"
  | "view"
  | "materialized view"
  | "foreign table"
  | "sequence"
  | "index"
  | "composite type";

export interface UniqueIndex {
  readonly name: string;
  /** Those that it only includes, too. */
  readonly columns: readonly string[];
  readonly nullable: readonly string[];
  readonly included: readonly string[];
  /** Of a partial index: which rows it is about. */
  readonly condition: string | undefined;
}

/** Which columns of an updated or deleted row PostgreSQL writes into its log. */
export type ReplicaIdentity =
  | { readonly kind: "primary key" | "whole row" | "nothing" }
  /** `columns` is empty when the index is not there any more. */
  | { readonly kind: "index"; readonly index: string; readonly columns: readonly string[] };

export interface ColumnFacts {
  readonly name: string;
  /** As PostgreSQL writes it, such as `numeric(10,2)` or `rw.mood[]`. */
  readonly type: string;
  /** What a domain is made of; otherwise the type itself. */
  readonly base: TypeFacts;
  /** Of an array. */
  readonly element: (TypeFacts & { readonly isDomain: boolean }) | undefined;
  readonly isNotNull: boolean;
  readonly isGenerated: boolean;
  readonly hasDefault: boolean;
  /** Whether a large value is kept out of line: then PostgreSQL does not log it when an update leaves it alone. */
  readonly isOutOfLine: boolean;
  /** Whether texts that differ can be equal. */
  readonly comparesLoosely: boolean;
}

export interface TypeFacts {
  /** As in `pg_type`, such as `int4`. */
  readonly name: string;
  readonly kind: "base" | "composite" | "enum" | "range" | "multirange";
}

const KINDS: Readonly<Record<string, RelationKind>> = {
  r: "table",
  p: "partitioned table",
  v: "view",
  m: "materialized view",
  f: "foreign table",
  S: "sequence",
  i: "index",
  I: "index",
  c: "composite type",
};
const TYPE_KINDS: Readonly<Record<string, TypeFacts["kind"]>> = {
  c: "composite",
  e: "enum",
  r: "range",
  m: "multirange",
};

/** Whether a table's replica identity (d: primary key, i: an index, f: whole row, n: nothing) says which row a change is about. */
const SAYS_WHICH = (table: string) => `(
  ${table}.relreplident = 'f'
  OR ${table}.relreplident = 'd' AND EXISTS (SELECT FROM pg_index WHERE indrelid = ${table}.oid AND indisprimary AND indimmediate)
  OR ${table}.relreplident = 'i' AND EXISTS (SELECT FROM pg_index WHERE indrelid = ${table}.oid AND indisreplident))`;

const NAMES_OF_INDEX = (from: number | string, to: number | string) => `ARRAY(
  SELECT a.attname::text FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, position)
  JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
  WHERE k.position > ${from} AND k.position <= ${to} ORDER BY k.position)`;

/**
 * Parameters: schemas, tables, role. Without a primary key Debezium takes the first unique index as the driver lists them
 * (a clustered one, then by name) that has no expression in it, whatever else it is.
 */
const TABLES = `
  WITH asked AS MATERIALIZED (
    SELECT a.position::int AS position, c.*, n.nspname
    FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS a (schema, name, position)
    JOIN pg_namespace AS n ON n.nspname = a.schema
    JOIN pg_class AS c ON c.relnamespace = n.oid AND c.relname = a.name)
  SELECT c.position, c.relkind, c.relpersistence, c.relreplident,
    has_schema_privilege($3, c.relnamespace, 'USAGE') AND has_table_privilege($3, c.oid, 'SELECT') AS is_readable,
    c.relrowsecurity AND NOT (role.rolsuper OR role.rolbypassrls)
      AND (c.relforcerowsecurity OR NOT pg_has_role($3, c.relowner, 'USAGE')) AS hides_rows,
    CASE WHEN c.relispartition THEN (
      SELECT n.nspname || '.' || r.relname FROM pg_class AS r JOIN pg_namespace AS n ON n.oid = r.relnamespace
      WHERE r.oid = pg_partition_root(c.oid)) END AS root,
    CASE WHEN c.relkind = 'r' AND c.relhassubclass THEN ARRAY(
      WITH RECURSIVE heir (oid) AS (
        SELECT inhrelid FROM pg_inherits WHERE inhparent = c.oid
        UNION SELECT inhrelid FROM pg_inherits JOIN heir ON inhparent = heir.oid)
      SELECT n.nspname || '.' || h.relname FROM heir JOIN pg_class AS h USING (oid) JOIN pg_namespace AS n ON n.oid = h.relnamespace
      ORDER BY 1) ELSE '{}' END AS children,
    CASE WHEN c.relkind = 'p' THEN ARRAY(
      SELECT n.nspname || '.' || p.relname FROM pg_partition_tree(c.oid) AS t JOIN pg_class AS p ON p.oid = t.relid
      JOIN pg_namespace AS n ON n.oid = p.relnamespace WHERE t.isleaf AND NOT ${SAYS_WHICH("p")} ORDER BY 1
    ) ELSE '{}' END AS mute_partitions,
    pk.columns AS key_columns, pk.is_deferrable, ident.name AS identity_index, ident.columns AS identity_columns,
    uni.name AS unique_name, uni.columns AS unique_columns, uni.included AS unique_included, uni.condition AS unique_condition
  FROM asked AS c
  CROSS JOIN (SELECT * FROM pg_roles WHERE rolname = $3) AS role
  LEFT JOIN LATERAL (
    SELECT ${NAMES_OF_INDEX(0, "i.indnkeyatts")} AS columns, NOT i.indimmediate AS is_deferrable
    FROM pg_index AS i WHERE i.indrelid = c.oid AND i.indisprimary) AS pk ON true
  LEFT JOIN LATERAL (
    SELECT x.relname AS name, ${NAMES_OF_INDEX(0, "i.indnkeyatts")} AS columns
    FROM pg_index AS i JOIN pg_class AS x ON x.oid = i.indexrelid
    WHERE i.indrelid = c.oid AND i.indisreplident AND c.relreplident = 'i') AS ident ON true
  LEFT JOIN LATERAL (
    SELECT x.relname AS name, ${NAMES_OF_INDEX(0, "i.indnatts")} AS columns,
      ${NAMES_OF_INDEX("i.indnkeyatts", "i.indnatts")} AS included, pg_get_expr(i.indpred, i.indrelid) AS condition
    FROM pg_index AS i JOIN pg_class AS x ON x.oid = i.indexrelid
    WHERE i.indrelid = c.oid AND i.indisunique AND NOT 0 = ANY (i.indkey::int2[]) AND pk.columns IS NULL
    ORDER BY NOT i.indisclustered, x.relname LIMIT 1) AS uni ON true
  ORDER BY c.position`;

/** Parameters: schemas, tables. Domains count as what they are made of, through all of them. */
const COLUMNS = `
  WITH RECURSIVE base (oid, base, is_not_null) AS (
    SELECT oid, oid, false FROM pg_type WHERE typtype <> 'd'
    UNION ALL
    SELECT d.oid, b.base, d.typnotnull OR b.is_not_null FROM pg_type AS d JOIN base AS b ON b.oid = d.typbasetype WHERE d.typtype = 'd')
  SELECT a.position::int AS position, c.attname AS name, format_type(c.atttypid, c.atttypmod) AS type,
    t.typname AS base, t.typtype AS kind, e.typname AS element, e.typtype AS element_kind, t.typelem <> eb.base AS is_domain_element,
    c.attnotnull OR b.is_not_null AS is_not_null, c.attgenerated <> '' AS is_generated,
    c.atthasdef AND c.attgenerated = '' AS has_default, c.attstorage <> 'p' AS is_out_of_line,
    NOT coalesce(o.collisdeterministic, true) AS compares_loosely
  FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS a (schema, name, position)
  JOIN pg_namespace AS n ON n.nspname = a.schema
  JOIN pg_class AS r ON r.relnamespace = n.oid AND r.relname = a.name AND r.relkind IN ('r', 'p')
  JOIN pg_attribute AS c ON c.attrelid = r.oid AND c.attnum > 0 AND NOT c.attisdropped
  JOIN base AS b ON b.oid = c.atttypid
  JOIN pg_type AS t ON t.oid = b.base
  LEFT JOIN base AS eb ON eb.oid = t.typelem AND t.typcategory = 'A'
  LEFT JOIN pg_type AS e ON e.oid = eb.base
  LEFT JOIN pg_collation AS o ON o.oid = c.attcollation
  ORDER BY a.position, c.attnum`;

/**
 * The relations among those asked for (as `schema.table`) that are there, in two queries for all of them.
 * @param role the role that will read them
 */
export async function readTableFacts(
  client: Client,
  names: readonly string[],
  role: string,
): Promise<TableFacts[]> {
  const parts = names.map((name) => tableName(name));
  const asked = [parts.map((part) => part?.schema ?? ""), parts.map((part) => part?.table ?? "")];
  if (names.length === 0) return [];
  const { rows } = await client.query(TABLES, [...asked, role]);
  const columns = new Map<number, ColumnFacts[]>();
  for (const { position, ...row } of (await client.query(COLUMNS, asked)).rows) {
    const ofTable = columns.get(position) ?? [];
    ofTable.push(columnFacts(row));
    columns.set(position, ofTable);
  }
  return rows.map((row) => tableFacts(names[row.position - 1] ?? "", row, columns.get(row.position) ?? []));
}

// biome-ignore lint/suspicious/noExplicitAny: a row as the driver gives it
function tableFacts(name: string, row: any, columns: readonly ColumnFacts[]): TableFacts {
  const nullable = new Set(columns.filter(({ isNotNull }) => !isNotNull).map((column) => column.name));
  return {
    name,
    kind: KINDS[row.relkind] ?? "table",
    isUnlogged: row.relpersistence === "u",
    isTemporary: row.relpersistence === "t",
    isReadable: row.is_readable,
    hidesRows: row.hides_rows,
    root: row.root ?? undefined,
    children: row.children,
    mutePartitions: row.mute_partitions,
    primaryKey: row.key_columns ? { columns: row.key_columns, isDeferrable: row.is_deferrable } : undefined,
    uniqueIndex: row.unique_columns
      ? {
          name: row.unique_name,
          columns: row.unique_columns,
          nullable: row.unique_columns.filter((column: string) => nullable.has(column)),
          included: row.unique_included,
          condition: row.unique_condition ?? undefined,
        }
      : undefined,
    identity: identityOf(row),
    columns,
  };
}

// biome-ignore lint/suspicious/noExplicitAny: a row as the driver gives it
function identityOf(row: any): ReplicaIdentity {
  if (row.relreplident === "i") {
    return { kind: "index", index: row.identity_index ?? "", columns: row.identity_columns ?? [] };
  }
  const kinds = { d: "primary key", f: "whole row", n: "nothing" } as const;
  return { kind: kinds[row.relreplident as keyof typeof kinds] ?? "nothing" };
}

// biome-ignore lint/suspicious/noExplicitAny: a row as the driver gives it
function columnFacts(row: any): ColumnFacts {
  const kind = (typtype: string) => TYPE_KINDS[typtype] ?? "base";
  return {
    name: row.name,
    type: row.type,
    base: { name: row.base, kind: kind(row.kind) },
    element: row.element
      ? { name: row.element, kind: kind(row.element_kind), isDomain: row.is_domain_element }
      : undefined,
    isNotNull: row.is_not_null,
    isGenerated: row.is_generated,
    hasDefault: row.has_default,
    isOutOfLine: row.is_out_of_line,
    comparesLoosely: row.compares_loosely,
  };
}
