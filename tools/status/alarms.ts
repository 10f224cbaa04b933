/** What about a connector's position wants somebody's attention. */
import type { Position } from "../../providers/kafka-connect/position";

const UNITS = { MB: 1024 ** 2, GB: 1024 ** 3, TB: 1024 ** 4 } as const;

/** Bytes of a size as PostgreSQL writes it, such as `500MB`: a thousand and twenty-four kilobytes are one MB. */
export function bytesOf(size: string): number {
  const [, number, unit] = /^(\d+)(MB|GB|TB)$/.exec(size) ?? [];
  if (!number || !unit) throw new Error(`${size} is no size such as 500MB or 4GB`);
  return Number(number) * UNITS[unit as keyof typeof UNITS];
}

/** @param limit log that the slot may hold back, such as `1GB` (configuration value cdc:slotLagAlarm) */
export function alarmsOf({ status, slot }: Position, limit: string): string[] {
  const alarms: string[] = [];
  if (/FAILED/.test(status)) alarms.push(`the connector does not deliver: ${status}`);
  if (!slot) return alarms;
  const { name, retainedBytes, walStatus } = slot;
  if (walStatus === "lost") {
    alarms.push(
      `PostgreSQL gave up the replication slot ${name} (max_slot_wal_keep_size): changes are lost. Take a new snapshot`,
    );
  } else if (walStatus === "unreserved") {
    alarms.push(
      `PostgreSQL is about to give up the replication slot ${name}: let the connector catch up, or raise cdc:maxSlotWalKeepSize`,
    );
  } else if (retainedBytes !== null && retainedBytes > bytesOf(limit)) {
    alarms.push(
      `the replication slot ${name} holds back ${retainedBytes.toLocaleString("en-US")} bytes of log, more than ${limit} (cdc:slotLagAlarm)`,
    );
  }
  return alarms;
}
