/** The result, for people and for programs. */
import Table from "cli-table3";
import type { TableResult } from "./compare/compare-table";
import type { KeyDifference } from "./compare/drill-down";
import type { Finding, RowTexts } from "./compare/history";
import type { Outcome } from "./main";
import type { Obstacle } from "./request";

export function textReport({ lsn, tables }: Outcome, seconds: number): string {
  const overview = new Table({
    head: ["Table", "Rows in source", "Rows in lake", "Events", "Result"],
    colAligns: ["left", "right", "right", "right", "left"],
    style: { head: [], border: [] },
  });
  for (const table of tables) {
    overview.push([
      table.table,
      count(table.sourceRows),
      count(table.lakeRows),
      count(table.events),
      table.equal ? "equal" : "DIFFERENT",
    ]);
  }
  const details = tables.flatMap((table) => detailLines(table));
  return [overview.toString(), ...details, "", sentence(lsn, tables, seconds)].join("\n");
}

export function jsonReport({ lsn, tables }: Outcome, seconds: number): string {
  const equal = tables.every((table) => table.equal);
  return JSON.stringify(
    { equal, lsn, seconds, tables },
    (_, value) => (typeof value === "bigint" ? Number(value) : value),
    2,
  );
}

export function obstacleReport({ message, fix }: Obstacle): string {
  return JSON.stringify({ equal: false, error: { message, fix } }, null, 2);
}

function detailLines(table: TableResult): string[] {
  const { differences, problems, notes } = table;
  if (!differences && problems.length === 0 && notes.length === 0) return [];
  const lines = ["", table.table];
  lines.push(...problems.map((problem) => `  ✗ ${problem}`));
  if (differences) {
    const { missing, extra, different, listed } = differences;
    const total = missing + extra + different;
    if (total > 0) {
      lines.push(
        `  ✗ ${count(total)} ${total === 1 ? "key differs" : "keys differ"}: ${count(missing)} missing in the lake, ${count(extra)} only in the lake, ${count(different)} different`,
      );
      lines.push(...listed.flatMap((difference) => keyLines(difference)));
      if (total > listed.length)
        lines.push(`    … and ${count(total - listed.length)} more; --list shows more`);
    }
  }
  lines.push(...notes.map((note) => `  · ${note}`));
  return lines;
}

function keyLines(difference: KeyDifference): string[] {
  const { key, findings, times } = difference;
  const shownKey = Object.entries(key)
    .map(([column, value]) => `${column} ${quoted(value)}`)
    .join(", ");
  if (times) {
    const why = times.lake > times.source ? " (an insert is doubled, or a delete is missing)" : "";
    return [`    ${shownKey}: ${times.source} times in the source, ${times.lake} times in the lake${why}`];
  }
  return findings.flatMap((finding) => findingLines(shownKey, finding, difference));
}

function findingLines(key: string, finding: Finding, { source, lake }: KeyDifference): string[] {
  switch (finding.kind) {
    case "missing":
      return [`    ${key}: missing in the lake`];
    case "extra":
      return [`    ${key}: only in the lake (a delete did not arrive)`];
    case "different":
      return finding.columns.map(
        (column) =>
          `    ${key}: ${column} is ${shownValue(source, column)} in the source, ${shownValue(lake, column)} in the lake`,
      );
    case "doubled event":
      return [
        `    ${key}: doubled event: ${finding.event.op} of ${time(finding.event.ts)} is there more than once`,
      ];
    case "missing event": {
      const { before, columns } = finding;
      const seen = columns.length > 0 ? `; ${columns.join(", ")} changed without one` : "";
      return [`    ${key}: missing event before ${before.op} of ${time(before.ts)}${seen}`];
    }
    case "unexplained":
      return [`    ${key}: the hashes of its events do not add up to that of its row`];
  }
}

function sentence(lsn: string, tables: readonly TableResult[], seconds: number): string {
  const unequal = tables.filter(({ equal }) => !equal);
  const took = `${seconds.toFixed(1)} s`;
  if (unequal.length === 0) {
    const rows = tables.reduce((sum, table) => sum + table.sourceRows, 0);
    return `Equal at ${lsn}: ${count(rows)} rows in ${tables.length === 1 ? "1 table" : `${tables.length} tables`} (${took}).`;
  }
  return `Not equal at ${lsn}: ${unequal.map(({ table }) => table).join(", ")} (${took}).`;
}

function shownValue(row: RowTexts | undefined, column: string): string {
  return quoted(row?.[column] ?? null);
}

const LONGEST_VALUE = 60;

function quoted(value: string | null): string {
  if (value === null) return "NULL";
  const text = value.length > LONGEST_VALUE ? `${value.slice(0, LONGEST_VALUE)}…` : value;
  return JSON.stringify(text);
}

function time(ts: bigint): string {
  return new Date(Number(ts)).toISOString();
}

function count(value: number): string {
  return value.toLocaleString("en-US");
}
