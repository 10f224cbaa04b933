/** The result, for people and for programs. */
import Table from "cli-table3";
import type { Obstacle } from "../../readers/obstacle";
import type { Finding } from "./compare/history";
import type { KeyDifference, Outcome, SideResult, TableResult, Verdict } from "./result";

/** So many tables are shown when nobody asked for all. */
const MOST_TABLES = 20;

/** @param all show every table, and not only what differs when there are many */
export function textReport({ lsn, tables }: Outcome, seconds: number, all: boolean): string {
  const isShort = !all && tables.length > MOST_TABLES;
  const wanted = isShort ? tables.filter(({ equal }) => !equal) : tables;
  const shown = isShort ? wanted.slice(0, MOST_TABLES) : wanted;
  const overview = new Table({
    head: ["Table", "Rows in source", "Current state", "Change log", "Events", "Result"],
    colAligns: ["left", "right", "right", "right", "right", "left"],
    style: { head: [], border: [] },
  });
  for (const table of shown) {
    overview.push([
      table.table,
      table.state ? count(table.sourceRows) : "",
      sideCell(table.state),
      sideCell(table.changeLog),
      table.changeLog ? count(table.events) : "",
      resultCell(table),
    ]);
  }
  return [
    ...(shown.length > 0 ? [overview.toString()] : []),
    ...(isShort ? [restSentence(tables, shown)] : []),
    ...shown.flatMap((table) => detailLines(table)),
    "",
    sentence(lsn, tables, seconds),
  ].join("\n");
}

function sideCell(side: SideResult | null): string {
  if (!side) return "?";
  if (side.verdict === "not compared") return "?";
  return side.verdict === "absent" ? "none" : count(side.rows);
}

function resultCell({ equal, state, changeLog, problems }: TableResult): string {
  if (equal) return "equal";
  if (!state || !changeLog) return "NOT COMPARED";
  const sides = [
    { name: "current state", verdict: state.verdict },
    { name: "change log", verdict: changeLog.verdict },
  ];
  const having = (verdict: Verdict) =>
    sides.filter((side) => side.verdict === verdict).map(({ name }) => name);
  const different = having("different");
  const unread = having("not compared");
  const words = [
    ...(different.length > 0 ? [`DIFFERENT: ${different.join(", ")}`] : []),
    ...(unread.length > 0 ? [`NOT COMPARED: ${unread.join(", ")}`] : []),
  ];
  return words.join("; ") || (problems[0]?.split(/[:;]/)[0] ?? "DIFFERENT");
}

function restSentence(tables: readonly TableResult[], shown: readonly TableResult[]): string {
  const unequal = tables.filter(({ equal }) => !equal).length - shown.length;
  const equal = tables.filter((table) => table.equal).length;
  return `${unequal > 0 ? `${count(unequal)} more differ, and ` : ""}${count(equal)} tables are equal; --all shows each.`;
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
  const { problems, notes, state, changeLog } = table;
  const lines = [
    ...problems.map((problem) => `  ✗ ${problem}`),
    ...sideLines("current state", state),
    ...sideLines("change log", changeLog),
    ...[...new Set([...notes, ...(state?.notes ?? []), ...(changeLog?.notes ?? [])])].map(
      (note) => `  · ${note}`,
    ),
  ];
  return lines.length > 0 ? ["", table.table, ...lines] : [];
}

function sideLines(name: string, side: SideResult | null): string[] {
  if (!side || side.verdict === "equal" || side.verdict === "absent") return [];
  const lines = side.problems.map((problem) => `  ✗ ${name}: ${problem}`);
  if (!side.differences) return lines;
  const { missing, extra, different, listed } = side.differences;
  const total = missing + extra + different;
  lines.push(
    `  ✗ ${name}: ${count(total)} ${total === 1 ? "key differs" : "keys differ"}: ${count(missing)} missing in the lake, ${count(extra)} only in the lake, ${count(different)} different`,
  );
  lines.push(...listed.flatMap((difference) => keyLines(difference)));
  if (total > listed.length) lines.push(`    … and ${count(total - listed.length)} more; --list shows more`);
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
      return finding.columns.map((column) => {
        const [here, there] = shownValues(source?.[column] ?? null, lake?.[column] ?? null);
        return `    ${key}: ${column} is ${here} in the source, ${there} in the lake`;
      });
    case "flagged as deleted":
      return [`    ${key}: it is there, but with true in _deleted`];
    case "doubled row":
      return [
        finding.side === "lake"
          ? `    ${key}: ${finding.times} rows in the lake`
          : `    ${key}: ${finding.times} rows in the source: these columns are no key`,
      ];
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
      return [`    ${key}: its hashes do not add up, though its values look the same`];
  }
}

function sentence(lsn: string, tables: readonly TableResult[], seconds: number): string {
  const unequal = tables.filter(({ equal }) => !equal);
  const took = `${seconds.toFixed(1)} s`;
  if (unequal.length === 0) {
    const rows = tables.reduce((sum, table) => sum + table.sourceRows, 0);
    return `Equal at ${lsn}: ${count(rows)} rows in ${tables.length === 1 ? "1 table" : `${tables.length} tables`} (${took}).`;
  }
  const names = unequal.slice(0, MOST_TABLES).map(({ table }) => table);
  const more = unequal.length > names.length ? ` and ${count(unequal.length - names.length)} more` : "";
  return `Not equal at ${lsn}: ${names.join(", ")}${more} (${took}).`;
}

/** Of long values the part where they differ. */
function shownValues(source: string | null, lake: string | null): [string, string] {
  if (source === null || lake === null) return [quoted(source), quoted(lake)];
  let same = 0;
  while (same < source.length && source[same] === lake[same]) same++;
  const from = same > LONGEST_VALUE / 2 ? same - LONGEST_VALUE / 4 : 0;
  const part = (text: string) => quoted(from > 0 ? `…${text.slice(from)}` : text);
  return [part(source), part(lake)];
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
