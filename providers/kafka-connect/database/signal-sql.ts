/** SQL around Debezium's signal table, in which a row is a request to the connector. */
import { createHash } from "node:crypto";
import { escapeLiteral } from "pg";
import type { TableName } from "../debezium/postgres";
import { qualified } from "./replication-sql";

/** How Debezium reads rows: in chunks while changes go on being captured, or all at once while they wait. */
export type SnapshotType = "incremental" | "blocking";

/** Marks a table as made for a connector, and so to be dropped with it. */
export function signalTableMark(connector: string): string {
  return `Signals to the Debezium connector ${connector}; made and dropped with it by cdc-platform`;
}

/** The three columns are Debezium's; it knows them by their order. */
export function signalTableSql(name: TableName): string {
  return `CREATE TABLE ${qualified(name)} (id text PRIMARY KEY, type text NOT NULL, data text)`;
}

/** One that is dropped with its connector. */
export function createSignalTable(name: TableName, connector: string): string {
  return (
    `${signalTableSql(name)}; ` +
    `COMMENT ON TABLE ${qualified(name)} IS ${escapeLiteral(signalTableMark(connector))}`
  );
}

/** The comment of a table: no row when there is no such table. Parameter: its quoted name. */
export const TABLE_COMMENT =
  "SELECT obj_description(to_regclass($1), 'pg_class') AS mark WHERE to_regclass($1) IS NOT NULL";

/** `public.orders` as the id of a note: readable, and within the 42 characters of Debezium's own example table. */
export function noteId(kind: "removed" | "gap", table: string): string {
  const id = `${kind} ${table}`;
  return id.length <= 42 ? id : `${kind} ${createHash("md5").update(table).digest("hex")}`;
}

/** Data of an `execute-snapshot` signal. Debezium reads names as regular expressions. */
export function snapshotRequest(type: SnapshotType, tables: readonly string[]): string {
  return JSON.stringify({ type, "data-collections": tables.map((table) => table.replaceAll("$", "[$]")) });
}

/** Data of a `log` signal, which Debezium only writes into its log; the table is ours to read. */
export function note(table: string, message: string): string {
  return JSON.stringify({ message: `${table}: ${message}`, table, text: message });
}

/** The notes of a kind that are there. Parameter: the kind. */
export function readNotes(name: TableName): string {
  return `SELECT data FROM ${qualified(name)} WHERE type = 'log' AND id LIKE $1 || ' %' ORDER BY id`;
}

export function insertSignal(name: TableName): string {
  return `INSERT INTO ${qualified(name)} VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING`;
}

/** Parameter: ids. */
export function deleteSignals(name: TableName): string {
  return `DELETE FROM ${qualified(name)} WHERE id = ANY ($1) RETURNING id`;
}

/** Debezium brackets each chunk that it reads with two rows of its own. */
export function countChunks(name: TableName): string {
  return `SELECT count(*)::int AS chunks FROM ${qualified(name)} WHERE type = 'snapshot-window-open' AND data LIKE '%' || $1 || '%'`;
}

export function deleteChunkMarks(name: TableName): string {
  return `DELETE FROM ${qualified(name)} WHERE type IN ('snapshot-window-open', 'snapshot-window-close') AND data LIKE '%' || $1 || '%'`;
}

/**
 * Something after the signal in the log, so that its having been read can be seen while the database is idle. The connector
 * passes on messages with this prefix, so its position moves at once, and not with the next heartbeat.
 */
export const MARK_POSITION = "SELECT pg_logical_emit_message(true, 'cdc-verify', 'signal')";

export const POSITION = "SELECT (pg_current_wal_insert_lsn() - '0/0')::text AS position";

/** The tables of a publication, as `schema.table`. */
export const PUBLISHED_TABLES =
  "SELECT schemaname || '.' || tablename AS name FROM pg_publication_tables WHERE pubname = $1";
