/** What `npm run status` says of the lake: what its job reports (spark/cdc/status.py). */
import Table from "cli-table3";
import { lakePath, tableName } from "../../providers/kafka-connect/table-names";
import {
  applicationState,
  type DriverState,
  type LakePolicy,
  type TableFiles,
  type TableTotals,
} from "../../providers/spark-application/driver-state";

/** One source table, and its tables in the lake. */
export interface TableStatus {
  readonly table: string;
  readonly totals: TableTotals | null;
  /** null: no such table in the lake, or not looked at yet. */
  readonly state: TableFiles | null;
  readonly changes: TableFiles | null;
  /** Rows of the dead-letter table. */
  readonly deadLetters: number;
}

export interface LakeStatus {
  /** RUNNING, RESTARTING, STOPPED, or `not installed`. */
  readonly job: string;
  readonly error: string | null;
  readonly policy: LakePolicy | null;
  readonly tables: readonly TableStatus[];
}

/** @param driver undefined: the client does not know the application */
export function lakeStatus(driver: DriverState | undefined): LakeStatus {
  if (!driver) return { job: "not installed", error: null, policy: null, tables: [] };
  const { status, lastRun } = driver;
  const files = status?.files ?? {};
  const named = Object.keys(files).map(nameOfFolder);
  const tables = [...new Set([...Object.keys(status?.tables ?? {}), ...named])].sort();
  return {
    job: applicationState(driver),
    error: status?.error ?? (driver.failures > 0 ? (lastRun?.error ?? null) : null),
    policy: status?.lake ?? null,
    tables: tables.map((table) => {
      const totals = status?.tables?.[table] ?? null;
      const path = pathOf(table);
      return {
        table,
        totals,
        state: files[`tables/${path}`] ?? null,
        changes: files[`changes/${path}`] ?? null,
        // The files are looked at once a minute, and what was rejected since then is known sooner.
        deadLetters: Math.max(files[`_dead_letter/${path}`]?.rows ?? 0, totals?.rejected ?? 0),
      };
    }),
  };
}

/** `tables/sales/Orders%20(old)` → `sales.Orders (old)`; a walkthrough table lies in no folder of its kind. */
function nameOfFolder(folder: string): string {
  return folder.split("/").slice(-2).map(decodeURIComponent).join(".");
}

function pathOf(table: string): string {
  const parts = tableName(table);
  return parts ? lakePath(parts) : table.replace(".", "/");
}

/** What is wrong with the job itself. */
export function jobAlarms({ job, error }: LakeStatus): string[] {
  if (job === "RUNNING") return [];
  return [
    `the streaming job is ${job}${error ? `: ${error}` : ""}. \`npm run refresh\`, then \`npm run up\` brings it back`,
  ];
}

/** Of more tables than this, those with trouble are shown first, and the others only as far as there is room. */
const TABLES_SHOWN = 20;

/** @param all however many there are */
export function lakeTables({ job, error, policy, tables }: LakeStatus, all = false): string {
  const whole = new Table({ style: { head: [], border: [] } });
  whole.push(["Streaming job", error ? `${job}: ${error}` : job]);
  if (policy) {
    whole.push(
      ["Schema changes", SCHEMA_CHANGES[policy.onSchemaChange]],
      ["Deleted rows", DELETED_ROWS[policy.deletedRows]],
      ["Unused files", `kept for ${duration(policy.retentionSeconds)} (cdc:lakeRetention)`],
    );
  }
  if (tables.length === 0) return whole.toString();
  const each = new Table({
    head: ["Source table", "Current state", "Change log", "Dead letters", "Vacuum"],
    style: { head: [], border: [] },
  });
  const shown = all ? tables : inShort(tables);
  for (const { table, totals, state, changes, deadLetters } of shown) {
    each.push([
      table,
      totals?.setAside || totals?.problem ? "not written, see below" : size(state),
      size(changes),
      count(deadLetters),
      vacuum([state, changes]),
    ]);
  }
  const hidden = tables.length - shown.length;
  const more = hidden > 0 ? [`and ${count(hidden)} more: npm run status -- --all`] : [];
  return [whole.toString(), each.toString(), ...more, ...notes(shown)].join("\n");
}

function inShort(tables: readonly TableStatus[]): readonly TableStatus[] {
  if (tables.length <= TABLES_SHOWN) return tables;
  const troubled = tables.filter(
    ({ totals, deadLetters }) =>
      deadLetters > 0 || totals?.problem || totals?.setAside || totals?.resnapshot || totals?.needsRows,
  );
  const others = tables.filter((table) => !troubled.includes(table));
  return [...troubled, ...others].slice(0, Math.max(TABLES_SHOWN, troubled.length));
}

const SCHEMA_CHANGES = {
  evolve: "followed (cdc:onSchemaChange: evolve)",
  ignore: "left out (cdc:onSchemaChange: ignore)",
  fail: "stop the job (cdc:onSchemaChange: fail)",
};
const DELETED_ROWS = {
  remove: "removed (cdc:deletedRows: remove)",
  keep: "kept with true in _deleted (cdc:deletedRows: keep)",
};

/** What does not fit into a cell: a problem, dead letters, the last changes of columns. */
function notes(tables: readonly TableStatus[]): string[] {
  return tables.flatMap(({ table, totals, deadLetters }) => [
    ...(totals?.resnapshot
      ? [`${table}: its rows are being read again (since ${moment(totals.resnapshot.since)})`]
      : []),
    ...(totals?.problem ? [`${table}: ${totals.problem}`] : []),
    ...(deadLetters > 0
      ? [`${table}: ${plural(deadLetters, "change")} could not be applied: _dead_letter/${pathOf(table)}`]
      : []),
    ...(totals?.schemaChanges ?? []).map(({ at, change }) => `${table}: ${change} (${moment(at)})`),
  ]);
}

function size(files: TableFiles | null): string {
  if (!files) return "not looked at yet";
  return `${plural(files.rows, "row")}, ${plural(files.files, "file")}, ${bytes(files.bytes)}\nversion ${count(files.version)}`;
}

function vacuum(found: readonly (TableFiles | null)[]): string {
  const looked = found.filter((files) => files !== null);
  if (looked.length === 0) return "";
  const sum = (field: "removedFiles" | "unusedFiles") => looked.reduce((all, files) => all + files[field], 0);
  const at = looked
    .map(({ vacuumedAt }) => vacuumedAt)
    .filter((time) => time !== null)
    .sort()
    .at(-1);
  const removed = at
    ? `${plural(sum("removedFiles"), "file")} removed, last ${moment(at)}`
    : "nothing removed yet";
  return `${removed}\n${count(sum("unusedFiles"))} unused still kept`;
}

function duration(seconds: number): string {
  for (const [unit, length] of [
    ["day", 86_400],
    ["hour", 3600],
    ["minute", 60],
  ] as const) {
    if (seconds % length === 0) return plural(seconds / length, unit);
  }
  return plural(seconds, "second");
}

function bytes(number: number): string {
  const units = ["bytes", "kB", "MB", "GB", "TB"];
  const power = number < 1000 ? 0 : Math.min(Math.floor(Math.log10(number) / 3), units.length - 1);
  return `${power === 0 ? number : (number / 1000 ** power).toFixed(1)} ${units[power]}`;
}

/** UTC without its fraction, as a person reads it. */
function moment(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`;
}

function plural(number: number, unit: string): string {
  return `${count(number)} ${unit}${number === 1 ? "" : "s"}`;
}

function count(number: number): string {
  return number.toLocaleString("en-US");
}
