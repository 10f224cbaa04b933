import { escapeIdentifier, escapeLiteral } from "pg";
import type { Replication, TableName } from "../debezium/postgres";

/** Who holds a slot: no row when there is no such slot, `active_pid` null when nobody does. */
export const SLOT_HOLDER = "SELECT active_pid FROM pg_replication_slots WHERE slot_name = $1";

/** Positions are bytes of log since the database was made. */
export const SLOT_STATE = `
  SELECT active_pid AS reader, pg_wal_lsn_diff(confirmed_flush_lsn, '0/0') AS confirmed, pg_wal_lsn_diff(
    CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END, '0/0') AS written
  FROM pg_replication_slots WHERE slot_name = $1`;

export const CUT_OFF_HOLDER =
  "SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = $1";

export const DROP_SLOT = "SELECT pg_drop_replication_slot($1)";

/** The captured tables (as `schema.table`) among those asked for that exist, partitioned ones included. */
export const EXISTING_TABLES = `
  SELECT n.nspname || '.' || c.relname AS name
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p') AND n.nspname || '.' || c.relname = ANY ($1)`;

export function qualified({ schema, table }: TableName): string {
  return `${escapeIdentifier(schema)}.${escapeIdentifier(table)}`;
}

/** @param table `schema.table` */
export function countRows(table: string): string {
  return `SELECT count(*)::text AS rows FROM ${qualified(tableName(table))}`;
}

/** `schema.table` in its parts. */
export function tableName(table: string): TableName {
  const [schema = "", ...rest] = table.split(".");
  return { schema, table: rest.join(".") };
}

export function dropTable(name: TableName): string {
  return `DROP TABLE IF EXISTS ${qualified(name)}`;
}

export function dropPublication(publication: string): string {
  return `DROP PUBLICATION IF EXISTS ${escapeIdentifier(publication)}`;
}

/** What a person types into psql, connected to the captured database, to remove the same by hand. */
export function sqlByHand({ slot, publication, signalTable }: Replication): string {
  const statements = [
    `SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = ${escapeLiteral(slot)};`,
  ];
  if (publication) statements.push(`${dropPublication(publication)};`);
  if (signalTable) statements.push(`${dropTable(signalTable)};`);
  return statements.join(" ");
}
