/** What `npm run status` says of the lake: what its job reports (spark/cdc/status.py). */
import Table from "cli-table3";
import { lakePath, tableName } from "../../providers/kafka-connect/debezium/table-names";
import {
  applicationState,
  type DriverState,
  type LakePolicy,
  type LastBatch,
  type TableFiles,
} from "../../providers/spark-application/driver-state";
import type { LastResult } from "../../stack/last-results";
import { type ProofStatus, provenText } from "./proof";
import type { TableStanding, TableStatus } from "./standing";
import type { TopicStatus } from "./topics";

export interface LakeStatus {
  /** RUNNING, RESTARTING, STOPPED, or `not installed`. */
  readonly job: string;
  readonly error: string | null;
  readonly policy: LakePolicy | null;
  /** The last micro-batch with rows since the job's start. */
  readonly lastBatch: { readonly id: number; readonly rows: number; readonly seconds: number } | null;
  readonly tables: readonly TableStatus[];
}

/** @param driver undefined: the client does not know the application */
export function lakeStatus(driver: DriverState | undefined): LakeStatus {
  if (!driver) return withoutJob("not installed", null);
  const { status, lastRun } = driver;
  const files = status?.files ?? {};
  const named = Object.keys(files).map(nameOfFolder);
  const tables = [...new Set([...Object.keys(status?.tables ?? {}), ...named])].sort();
  return {
    job: applicationState(driver),
    error: status?.error ?? (driver.failures > 0 ? (lastRun?.error ?? null) : null),
    policy: status?.lake ?? null,
    lastBatch: batchOf(status?.lastBatch),
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

/** @param error why nothing is known of the job */
export function withoutJob(job: string, error: string | null): LakeStatus {
  return { job, error, policy: null, lastBatch: null, tables: [] };
}

function batchOf(batch: LastBatch | undefined): LakeStatus["lastBatch"] {
  if (!batch) return null;
  const rows = Object.values(batch.rows).reduce((sum, one) => sum + one, 0);
  return { id: batch.batchId, rows, seconds: batch.seconds };
}

/** `tables/sales/Orders%20(old)` → `sales.Orders (old)`; a walkthrough table lies in no folder of its kind. */
function nameOfFolder(folder: string): string {
  return folder.split("/").slice(-2).map(decodeURIComponent).join(".");
}

function pathOf(table: string): string {
  const parts = tableName(table);
  return parts ? lakePath(parts) : table.replace(".", "/");
}

/** Of more tables than this, those with trouble are shown first, and the others only as far as there is room. */
const TABLES_SHOWN = 20;

export interface LakeView extends LakeStatus {
  readonly standing: readonly TableStanding[];
  /** Messages that the job has not read, and the age of the oldest; null: not known. */
  readonly behind: number | null;
  readonly behindSeconds: number | null;
  readonly proof?: ProofStatus | undefined;
}

/** @param all however many there are */
export function lakeTables(lake: LakeView, all = false): string {
  const { job, error, policy, lastBatch, standing } = lake;
  const whole = new Table({ style: { head: [], border: [] } });
  whole.push(["Streaming job", error ? `${job}: ${error}` : job]);
  if (lastBatch) {
    const { id, rows, seconds } = lastBatch;
    whole.push(["Last micro-batch", `${plural(rows, "row")} in ${seconds} s (micro-batch ${count(id)})`]);
  }
  if (lake.behind !== null) whole.push(["Not in the lake yet", lagText(lake.behind, lake.behindSeconds)]);
  if (lake.proof) whole.push(["Continuous proof", proofText(lake.proof)]);
  if (policy) {
    whole.push(
      ["Schema changes", SCHEMA_CHANGES[policy.onSchemaChange]],
      ["Deleted rows", DELETED_ROWS[policy.deletedRows]],
      ["Unused files", `kept for ${duration(policy.retentionSeconds)} (cdc:lakeRetention)`],
    );
  }
  if (standing.length === 0) return whole.toString();
  const isProven = standing.some(({ proven }) => proven !== null);
  const head = ["Source table", "Topic", "Current state", "Change log", "Dead letters", "Vacuum", "Compared"];
  const each = new Table({
    head: [...head, ...(isProven ? ["Proven"] : [])],
    style: { head: [], border: [] },
  });
  const shown = all ? standing : inShort(standing);
  for (const { table, topic, totals, state, changes, deadLetters, lastCommit, compared, proven } of shown) {
    each.push([
      table,
      topicText(topic),
      totals?.setAside || totals?.problem ? "not written, see below" : size(state, lastCommit),
      size(changes, null),
      count(deadLetters),
      vacuum([state, changes]),
      comparedText(compared),
      ...(isProven ? [proven ? provenText(proven) : ""] : []),
    ]);
  }
  const hidden = standing.length - shown.length;
  const more = hidden > 0 ? [`and ${count(hidden)} more: npm run status -- --all`] : [];
  return [whole.toString(), each.toString(), ...more, ...notes(shown)].join("\n");
}

/** Those with trouble, which come first, and of the others as many as there is room for. */
function inShort(standing: readonly TableStanding[]): readonly TableStanding[] {
  const troubled = standing.filter(({ trouble }) => trouble !== null).length;
  return standing.slice(0, Math.max(TABLES_SHOWN, troubled));
}

function lagText(behind: number, seconds: number | null): string {
  if (behind === 0) return "nothing: it has read every message";
  return `${plural(behind, "message")}${seconds === null ? "" : `, the oldest ${seconds} s old`}`;
}

function proofText({ stalled, round, lastRoundSeconds }: ProofStatus): string {
  if (stalled !== null) return `waits: ${stalled}`;
  return `round ${count(round)}${lastRoundSeconds === null ? "" : `; the last one took ${count(lastRoundSeconds)} s`}`;
}

function topicText(topic: TopicStatus | null): string {
  if (!topic) return "not asked";
  if (topic.end === null) return "GONE";
  const unread = topic.behind === null ? "" : `\n${count(topic.behind)} unread`;
  return `end ${count(topic.end)}${unread}`;
}

function comparedText(compared: LastResult | null): string {
  if (!compared) return "not yet";
  return `${compared.equal ? "equal" : "NOT EQUAL"}\n${compared.at.slice(0, 16).replace("T", " ")} UTC`;
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
function notes(tables: readonly TableStanding[]): string[] {
  return tables.flatMap(({ table, totals, deadLetters, proven }) => [
    ...(proven && proven.notProven !== null ? [`${table} is not proven: ${proven.notProven}`] : []),
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

function size(files: TableFiles | null, lastCommit: string | null): string {
  const written = lastCommit ? `written ${moment(lastCommit)}` : "";
  if (!files) return ["not looked at yet", written].filter(Boolean).join("\n");
  const version = `version ${count(files.version)}`;
  return `${plural(files.rows, "row")}, ${plural(files.files, "file")}, ${bytes(files.bytes)}\n${[version, written].filter(Boolean).join(", ")}`;
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
