import type { Client } from "pg";
import { type TableName, tableName } from "../debezium/table-names";
import { qualified } from "./replication-sql";

/** What the connector's role may do, beside reading tables. */
export interface PrivilegeFacts {
  readonly isSuperuser: boolean;
  /** CREATE on the database: what making a publication takes. */
  readonly mayPublish: boolean;
  /** Captured tables that are not its own, which it cannot put into a publication. */
  readonly notOwned: readonly string[];
  /** Undefined when there is no such publication. */
  readonly ownsPublication: boolean | undefined;
  /** Undefined when the connector takes no signals from a table. */
  readonly signalTable: SignalTableFacts | undefined;
}

export interface SignalTableFacts {
  readonly exists: boolean;
  /** Whether it may make a table in that schema. */
  readonly mayCreate: boolean;
  /** What it may not do with the table that is there, such as `INSERT`. */
  readonly lacks: readonly string[];
  /** Whether the publication has it: Debezium reads signals from the log. */
  readonly isPublished: boolean;
}

/** Parameters: role, publication, schemas and names of captured tables. */
const PRIVILEGES = `
  SELECT r.rolsuper AS super, has_database_privilege(r.oid, current_database(), 'CREATE') AS may_publish,
    ARRAY(SELECT n.nspname || '.' || c.relname FROM unnest($3::text[], $4::text[]) WITH ORDINALITY AS a (schema, name, position)
      JOIN pg_namespace AS n ON n.nspname = a.schema JOIN pg_class AS c ON c.relnamespace = n.oid AND c.relname = a.name
      WHERE NOT pg_has_role(r.oid, c.relowner, 'USAGE') ORDER BY a.position) AS not_owned,
    (SELECT pg_has_role(r.oid, p.pubowner, 'USAGE') FROM pg_publication AS p WHERE p.pubname = $2) AS owns_publication
  FROM pg_roles AS r WHERE r.rolname = $1`;

/** Parameters: role, publication, schema, quoted name and plain name of the signal table. */
const SIGNAL_TABLE = `
  SELECT t.oid IS NOT NULL AS exists,
    coalesce((SELECT has_schema_privilege($1, n.oid, 'CREATE') FROM pg_namespace AS n WHERE n.nspname = $3), false) AS may_create,
    CASE WHEN t.oid IS NULL THEN '{}' ELSE ARRAY(
      SELECT p.name FROM unnest(ARRAY['SELECT', 'INSERT', 'DELETE']) AS p (name)
      WHERE NOT has_table_privilege($1, t.oid, p.name)) END AS lacks,
    EXISTS (SELECT FROM pg_publication_tables WHERE pubname = $2 AND schemaname = $3 AND tablename = $5) AS is_published
  FROM (SELECT to_regclass($4) AS oid) AS t`;

/** @param role one that is there */
export async function readPrivilegeFacts(
  client: Client,
  role: string,
  publication: string | undefined,
  tables: readonly string[],
  signals: TableName | undefined,
): Promise<PrivilegeFacts> {
  const parts = tables.flatMap((table) => tableName(table) ?? []);
  const [found] = (
    await client.query(PRIVILEGES, [
      role,
      publication ?? null,
      parts.map(({ schema }) => schema),
      parts.map(({ table }) => table),
    ])
  ).rows;
  const [signal] = signals
    ? (
        await client.query(SIGNAL_TABLE, [
          role,
          publication ?? null,
          signals.schema,
          qualified(signals),
          signals.table,
        ])
      ).rows
    : [];
  return {
    isSuperuser: found.super,
    mayPublish: found.may_publish,
    notOwned: found.not_owned,
    ownsPublication: found.owns_publication ?? undefined,
    signalTable: signal && {
      exists: signal.exists,
      mayCreate: signal.may_create,
      lacks: signal.lacks,
      isPublished: signal.is_published,
    },
  };
}
