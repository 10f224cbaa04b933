import { Client } from "pg";
import { connectionTo, placeOf } from "../postgresql/url";
import { postgresql } from "./database/replication";
import type { GapNote } from "./database/signalling";
import { snapshotProgress } from "./debezium/captured-tables";
import { notCapturedYet, openSelection } from "./debezium/lists/later";
import type { TableLists } from "./debezium/lists/table-selection";
import { replicationOf } from "./debezium/postgres";
import { checkGaps } from "./gaps/gap-check";
import type { Gap } from "./gaps/gaps";
import type { SourceIdentity } from "./gaps/source-identity";
import { type Pacing, usualPacing } from "./pacing";
import { impatientClient } from "./rest/client";
import { describeStatus } from "./rest/health";

/** Where a connector is now. All of it changes by the second, which is why none of it is in the state. */
export interface Position {
  /** States of connector and tasks in one line. */
  readonly status: string;
  /** How far it has read, as Connect has it, one entry a partition. Debezium's `lsn` is a number there. */
  readonly offsets: readonly { partition: unknown; offset: unknown }[];
  /** The same as PostgreSQL writes it, such as `0/178E0A8`; absent when there is none. */
  readonly lsn?: string;
  /** Tables whose earlier rows are still being sent by an incremental snapshot. */
  readonly snapshot: readonly string[];
  /** Where changes may be missing, and of which tables. */
  readonly gaps: readonly Gap[];
  /** Tables whose changes were missing once, and whose rows were not read again since. */
  readonly notReadAgain: readonly GapNote[];
  /** Tables that match the declared lists by now, and are not captured: the next `up` takes them up. */
  readonly notCapturedYet: readonly string[];
  /** What could not be looked at, and why. */
  readonly notLookedAt: readonly string[];
  /** The replication slot; absent when there is none, or the connector has no such thing. */
  readonly slot?: SlotPosition;
}

export interface SlotPosition {
  readonly name: string;
  readonly isRead: boolean;
  /** How far the connector has confirmed, such as `0/178E0A8`. */
  readonly confirmedLsn: string | null;
  /** Bytes of log written since then. */
  readonly lagBytes: number | null;
  /** Bytes of log that the slot keeps on disk. */
  readonly retainedBytes: number | null;
  /** `reserved`, `extended`, `unreserved` (about to be lost) or `lost`. */
  readonly walStatus: string | null;
}

const SLOT = `
  SELECT slot_name AS name, active AS "isRead", confirmed_flush_lsn AS "confirmedLsn",
    pg_wal_lsn_diff(pg_current_wal_lsn(), confirmed_flush_lsn)::float8 AS "lagBytes",
    pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)::float8 AS "retainedBytes",
    wal_status AS "walStatus"
  FROM pg_replication_slots WHERE slot_name = $1`;

/**
 * Asks Connect and the database.
 * @param databaseUrl the database that the connector reads, as this machine reaches it
 * @param recorded what was captured when that was complete; undefined: nobody wrote it down
 * @param lists the lists of tables as they are declared, where these have expressions
 * @returns undefined when Connect has no such connector
 */
export async function readPosition(
  connectUrl: string,
  name: string,
  databaseUrl: string,
  recorded: SourceIdentity | undefined,
  lists?: TableLists,
  pacing: Pacing = usualPacing,
): Promise<Position | undefined> {
  const connect = impatientClient(connectUrl, { ...pacing, readOrDelete: pacing.check, unreachable: 0 });
  const config = await connect.readConfig(name);
  if (!config) return undefined;
  const [status, offsets] = await Promise.all([connect.readStatus(name), connect.readOffsets(name)]);
  const slotName = replicationOf(config)?.slot;
  const slot =
    slotName === undefined
      ? undefined
      : await readSlot(databaseUrl, slotName, pacing).catch((error: Error) => error);
  const lsn = offsets[0]?.offset?.lsn;
  const position = typeof lsn === "number" ? lsn : undefined;
  const check = await checkGaps(
    { config, database: placeOf(databaseUrl), recorded, captured: undefined, position },
    postgresql,
    pacing,
  );
  const selection = openSelection(lists);
  const later = selection
    ? await postgresql
        .lookUpTables(placeOf(databaseUrl), selection, config, { ...pacing, unreachable: 0 })
        .then(
          ({ tables }) => notCapturedYet(config, tables),
          (error: Error) => error,
        )
    : [];
  return {
    status: describeStatus(status),
    offsets,
    gaps: check.gaps.map(({ cure, tables, text }) => ({ cure, tables, text })),
    notReadAgain: check.notes.map(({ table, text }) => ({ table, text })),
    notCapturedYet: later instanceof Error ? [] : later,
    notLookedAt: [
      ...(slot instanceof Error ? [`the slot: ${slot.message}`] : []),
      ...(later instanceof Error ? [`what the lists of tables match: ${later.message}`] : []),
      ...check.notLookedAt,
    ],
    snapshot: snapshotProgress(offsets).unfinished,
    ...(typeof lsn === "number" ? { lsn: asLsn(lsn) } : {}),
    ...(slot && !(slot instanceof Error) ? { slot } : {}),
  };
}

/** A log sequence number as PostgreSQL writes it: two halves of 32 bits, hexadecimal. */
export function asLsn(position: number): string {
  const hex = (half: bigint) => half.toString(16).toUpperCase();
  const lsn = BigInt(position);
  return `${hex(lsn >> 32n)}/${hex(lsn & 0xffff_ffffn)}`;
}

async function readSlot(url: string, name: string, pacing: Pacing): Promise<SlotPosition | undefined> {
  const client = new Client({
    ...connectionTo(placeOf(url)),
    connectionTimeoutMillis: pacing.check,
    query_timeout: pacing.check,
  });
  client.on("error", () => {});
  try {
    await client.connect();
    return (await client.query<SlotPosition>(SLOT, [name])).rows[0];
  } finally {
    await client.end().catch(() => {});
  }
}
