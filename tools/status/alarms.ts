/** What about a connector's position wants somebody's attention. */

import { resnapshotCommand } from "../../providers/kafka-connect/debezium/table-names";
import { notesByText } from "../../providers/kafka-connect/gaps/gap-check";
import type { Gap } from "../../providers/kafka-connect/gaps/gaps";
import type { Position } from "../../providers/kafka-connect/position";
import { listing } from "../../providers/kafka-connect/text/listing";
import type { LastResult } from "../../stack/last-results";
import type { LakeStatus } from "./lake";
import { alarmOf, type Trouble } from "./trouble";

const UNITS = { MB: 1024 ** 2, GB: 1024 ** 3, TB: 1024 ** 4 } as const;

/** Bytes of a size as PostgreSQL writes it, such as `500MB`: a thousand and twenty-four kilobytes are one MB. */
export function bytesOf(size: string): number {
  const [, number, unit] = /^(\d+)(MB|GB|TB)$/.exec(size) ?? [];
  if (!number || !unit) throw new Error(`${size} is no size such as 500MB or 4GB`);
  return Number(number) * UNITS[unit as keyof typeof UNITS];
}

/** @param limit log that the slot may hold back, such as `1GB` (configuration value cdc:slotLagAlarm) */
export function alarmsOf(position: Position, limit: string): string[] {
  const { status, slot } = position;
  const alarms: string[] = [];
  if (/FAILED/.test(status)) alarms.push(`the connector does not deliver: ${status}`);
  alarms.push(...gapAlarms(position));
  if (!slot) return alarms;
  const { name, retainedBytes, walStatus } = slot;
  if (walStatus === "unreserved") {
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

/** @param deployed the connector's state after the last `up`, such as `RUNNING`; undefined: not known */
export function stateAlarms({ status }: Position, deployed: string | undefined): string[] {
  const [, now] = /^connector (\w+)/.exec(status) ?? [];
  if (!now || !deployed || now === deployed || now === "FAILED") return [];
  return [
    `the connector is ${now}, and was ${deployed} after the last \`up\`: \`npm run refresh\`, then \`npm run up\` brings it back`,
  ];
}

/** Changes that may be missing, each with what to do about it. */
export function gapsOf({ gaps, notReadAgain }: Position): Trouble[] {
  const named = gaps.flatMap(({ tables }) => tables);
  const unnamed = notReadAgain.filter(({ table }) => !named.includes(table));
  return [
    ...gaps.map(({ cure, tables, text }) => ({ text, fix: remedy(cure, tables) })),
    ...notesByText(unnamed).map(([text, tables]) => ({
      text: `changes of ${listing(tables)} are missing: ${text}`,
      fix: `Read the rows again: \`${resnapshotCommand(tables)}\``,
    })),
  ];
}

export function gapAlarms(position: Position): string[] {
  return gapsOf(position).map(alarmOf);
}

function remedy(cure: Gap["cure"], tables: readonly string[]): string {
  switch (cure) {
    case "read again":
      return `Changes of ${listing(tables)} may be missing: \`npm run up\` mends it and, with cdc:gaps: resnapshot, reads the rows again`;
    case "start over":
      return "Changes of every table may be missing: `npm run up`, with cdc:gaps: resnapshot, begins with a new slot and a new snapshot, which takes the place of what was sent before";
    case "publication":
      return "`npm run up` mends it";
    case "person":
      return "See docs/operations.md, 'When changes may be missing'";
  }
}

/** What is wrong with the job itself. */
export function jobAlarms({ job, error }: Pick<LakeStatus, "job" | "error">): string[] {
  if (job === "RUNNING") return [];
  return [
    `the streaming job is ${job}${error ? `: ${error}` : ""}. \`npm run refresh\`, then \`npm run up\` brings it back`,
  ];
}

/** What the streaming job says about a table that does not become the source's by itself. */
export function lakeAlarms({ tables }: Pick<LakeStatus, "tables">): string[] {
  return tables.flatMap(({ table, totals }) => [
    ...(totals?.needsRows
      ? [`${table} needs its rows again (${totals.needsRows}): ${resnapshotCommand([table])}`]
      : []),
    ...(totals?.setAside
      ? [
          `${table} is set aside since ${totals.setAside.since} and not written: ${totals.setAside.reason}. ` +
            `To make it anew from the source: ${resnapshotCommand([table])}`,
        ]
      : []),
  ]);
}

/** Tables that the last comparison found to differ, until one finds them equal. */
export function comparisonAlarms(
  compared: Readonly<Record<string, LastResult>>,
  captured: readonly string[],
): string[] {
  const wrong = captured.filter((table) => compared[table]?.equal === false);
  if (wrong.length === 0) return [];
  const found = wrong.slice(0, 5).map((table) => {
    const { at = "", found = "" } = compared[table] ?? {};
    return `${table} (${found}; compared ${at.slice(0, 16).replace("T", " ")} UTC)`;
  });
  const named = wrong.slice(0, 20).join(" ");
  return [
    `the lake's rows are not the source's in ${found.join(", ")}${wrong.length > found.length ? ` and ${wrong.length - found.length} more tables` : ""}. ` +
      `\`npm run resnapshot -- ${named}\` reads them again, \`npm run verify -- --table ${named}\` compares them anew`,
  ];
}
