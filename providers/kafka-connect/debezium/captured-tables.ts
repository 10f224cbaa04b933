/** Which tables a connector captures without a gap, and which have rows that it has not sent yet. */
import type { ConnectorConfig, ConnectorOffset } from "../rest/api";
import { literalTables } from "./postgres";

/** What is known about a connector before it is given a new config. */
export interface KnownBefore {
  /** What the last deployment recorded; undefined when there was none. */
  readonly recorded?: readonly string[] | undefined;
  /** The config that Connect has; undefined when it has no such connector. */
  readonly live?: ConnectorConfig | undefined;
  /** The tables of its publication; undefined when there is none, or it cannot be seen. */
  readonly published?: readonly string[] | undefined;
}

/**
 * The tables whose earlier rows were sent already. Undefined when the connector starts from nothing: its initial snapshot
 * then has every table.
 */
export function capturedBefore({ recorded, live, published }: KnownBefore): readonly string[] | undefined {
  if (!live) return recorded ?? published;
  const listed = literalTables(live);
  if (listed.length === 0) return recorded;
  // A table that was taken off the list by hand has a gap since then.
  return recorded ? recorded.filter((table) => listed.includes(table)) : listed;
}

/** The listed tables whose earlier rows have still to be sent. */
export function addedTables(config: ConnectorConfig, captured: readonly string[] | undefined): string[] {
  if (!captured || !sendsEarlierRows(config)) return [];
  return literalTables(config).filter((table) => !captured.includes(table));
}

/** Whether the connector is one that sends the rows which were there before it. */
export function sendsEarlierRows(config: ConnectorConfig): boolean {
  return ["initial", "when_needed"].includes(config["snapshot.mode"] ?? "initial");
}

/** How far an incremental snapshot is, as told by the connector's committed offset. */
export interface SnapshotProgress {
  /** Tables whose rows are still being sent, or wait for it. */
  readonly unfinished: readonly string[];
  /** Rows of the table being sent, as counted when it began. */
  readonly totalRows: number | undefined;
  /** Position in the log up to which events are in Kafka; 0 before the first. */
  readonly position: number;
}

/** Reads Debezium's own entries of an offset; they are the same in every 3.x. */
export function snapshotProgress(offsets: readonly ConnectorOffset[]): SnapshotProgress {
  const offset = offsets[0]?.offset ?? {};
  const collections = offset.incremental_snapshot_collections;
  const parsed: { incremental_snapshot_collections_id: string }[] =
    typeof collections === "string" ? JSON.parse(collections) : [];
  const total = Number(offset.incremental_snapshot_total_rows);
  return {
    unfinished: parsed.map((entry) => entry.incremental_snapshot_collections_id.replaceAll('"', "")),
    totalRows: Number.isFinite(total) ? total : undefined,
    position: Number(offset.lsn ?? 0),
  };
}

/**
 * One line about tables whose rows are being sent.
 * @param rows about as many were sent of all of them
 */
export function progressLine(
  current: string,
  rows: number,
  expected: number,
  done: number,
  tables: number,
): string {
  const of = expected > 0 ? ` of ${expected.toLocaleString("en")}` : "";
  const shown = Math.min(rows, expected > 0 ? expected : rows).toLocaleString("en");
  const which = tables > 1 ? ` (${done} of ${tables} tables done)` : "";
  return `${current}: about ${shown}${of} rows sent${which}`;
}
