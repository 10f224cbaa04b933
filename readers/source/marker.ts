/**
 * A message in the write-ahead log, which Debezium passes on like a change: once the connector's stored position has
 * reached it, every transaction that was visible when it was written has passed too, also while the database is idle.
 */
import type { Client } from "pg";
import { Obstacle } from "../obstacle";
import { lsnNumber } from "./lsn";

const PREFIX = "cdc-verify";

/** @returns position of the message in the log, in bytes */
export async function writeMarker(client: Client): Promise<bigint> {
  try {
    const { rows } = await client.query("SELECT pg_logical_emit_message(true, $1, 'verify')::text AS lsn", [
      PREFIX,
    ]);
    return lsnNumber(rows[0].lsn);
  } catch (error) {
    throw new Obstacle(
      `PostgreSQL does not take a marker into its log: ${(error as Error).message}.`,
      "The role needs EXECUTE on pg_logical_emit_message(boolean, text, text), and the server must not be a standby.",
    );
  }
}
