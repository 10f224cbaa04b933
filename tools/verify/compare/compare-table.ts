/** Compares one table with its current state and its change log. */

import { allEnded } from "../../../providers/concurrently";
import { resnapshotCommand } from "../../../providers/kafka-connect/debezium/table-names";
import { DataFiles } from "../../../readers/lake/data-files";
import { DeltaLog, type DeltaTable } from "../../../readers/lake/delta-table";
import { Obstacle } from "../../../readers/obstacle";
import { isOutOfMemory, type Lane } from "../../../readers/workspace";
import { UserError } from "../../../stack/console";
import type { CapturedTable } from "../../../stack/platform";
import { ChangeLog } from "../lake/change-log";
import type { Moment } from "../moment";
import type { LogResult, SideResult, StateResult, TableResult } from "../result";
import type { SideName } from "../source/snapshot";
import type { TableShape } from "../source/table-shape";
import { rangeBits } from "../values/row-text";
import { explainLog, explainState, listDifferences, type Subject } from "./differences";
import { type LaterChanges, removeLaterEvents } from "./later-changes";
import { countEvents, dropEarlierTopics, type EventCounts, makeLogKeys, noteDoubled } from "./log-keys";
import { type Plan, planOf, type Side } from "./plan";
import type { StateCounts } from "./state-keys";
import {
  hasKey,
  laterChanges,
  laterKeys,
  loadState,
  lostKey,
  openTable,
  sideResult,
  stateReader,
  type Tools,
  unflaggedProblems,
} from "./state-side";
import type { TableFacts } from "./table-facts";
import { compareUnlogged, MOST_UNLOGGED } from "./unlogged-rows";

export async function compareTable(
  table: CapturedTable,
  shape: TableShape,
  facts: TableFacts,
  moment: Moment,
  tools: Tools,
): Promise<TableResult> {
  const { lane, reader, say } = tools;
  const failures: Failures = {};
  const [state, log] = await allEnded([
    guarded("state", failures, () => openTable("current state", table.stateUrl, moment, tools)),
    guarded("log", failures, () => openTable("change log", table.logUrl, moment, tools)),
  ]);
  const plan = planOf(table.name, shape, state, log);
  const lost = lostKey(plan, shape);
  if (lost) return notCompared(table, lost);
  const bits = rangeBits(shape.estimatedRows);
  const subject: Subject = { lane, reader, table, plan, bits };
  const later = await laterChanges(table, moment, tools);
  const progress = (name: string, delta: DeltaTable) =>
    throttled(
      say,
      (files) => `Reading the ${name} of ${table.name}: ${files} of ${delta.files.length} files`,
    );

  let stateSide = hasKey(plan, plan.state) ? plan.state : undefined;
  const currentState = stateSide && stateReader(stateSide, tools);
  const stateCounts = await guarded("state", failures, async () =>
    stateSide && currentState
      ? loadState(currentState, plan, lane, progress("current state", stateSide.table))
      : undefined,
  );
  if (!stateCounts) stateSide = undefined;
  const without = await laterKeys(table, plan, later, stateSide, tools);

  const [sums, read] = await allEnded([
    reader.rangeSums(table, plan, bits, without),
    guarded("log", failures, () => readLog(table, plan, later, progress, tools)),
  ]);
  const sourceRows = Number(sums.log.reduce((sum, { rows }) => sum + rows, 0n));
  const { changeLog, counts, late } = read ?? NOTHING_READ;
  const unlogged = changeLog && plan.key.length > 0 ? await compareUnlogged(subject, changeLog) : 0;

  const stateResult: SideResult = await sideResult(
    subject,
    "state",
    table.stateUrl,
    stateSide,
    sums.state,
    async () =>
      currentState
        ? await listDifferences(subject, tools.listed, (keys) =>
            explainState(subject, currentState, tools.unlogged, keys),
          )
        : undefined,
  );
  const logResult: SideResult = await sideResult(
    subject,
    "log",
    table.logUrl,
    changeLog && plan.log,
    sums.log,
    async () =>
      changeLog
        ? await listDifferences(subject, tools.listed, (keys) => explainLog(subject, changeLog, late, keys))
        : undefined,
  );
  return resultOf(
    {
      table,
      plan,
      facts,
      later,
      sourceRows,
      counts,
      stateCounts,
      laterKeys: without === "all" ? undefined : without.length,
      late,
      unlogged,
    },
    failed(stateResult, failures.state),
    failed(logResult, failures.log),
  );
}

/** Why one of the two lake tables could not be read; the other one still is. */
type Failures = { -readonly [Name in SideName]?: string };

async function guarded<Result>(
  side: SideName,
  failures: Failures,
  work: () => Promise<Result>,
): Promise<Result | undefined> {
  try {
    return await work();
  } catch (error) {
    // What concerns more than this one.
    if (isOutOfMemory(error) || error instanceof UserError || error instanceof Obstacle) throw error;
    failures[side] = (error as Error).message;
    return undefined;
  }
}

function failed(result: SideResult, failure: string | undefined): SideResult {
  if (failure === undefined) return result;
  return { ...result, verdict: "not compared", problems: [`it could not be read: ${failure}`] };
}

interface LogRead {
  readonly changeLog: ChangeLog | undefined;
  readonly counts: EventCounts | undefined;
  /** Columns that came later than the first events. */
  readonly late: ReadonlySet<string>;
}

const NOTHING_READ: LogRead = { changeLog: undefined, counts: undefined, late: new Set() };

async function readLog(
  table: CapturedTable,
  plan: Plan,
  later: LaterChanges,
  progress: (name: string, delta: DeltaTable) => (files: number) => void,
  { lane, bucket, placeholder }: Tools,
): Promise<LogRead> {
  if (!plan.log) return NOTHING_READ;
  const { table: delta, columns } = plan.log;
  const changeLog = new ChangeLog(lane, new DataFiles(bucket, lane, delta), placeholder);
  const shape = { columns, key: plan.key, fullImages: plan.shape.fullImages };
  const load = async (late?: ReadonlySet<string>) => {
    await changeLog.load({ ...shape, late }, progress("change log", delta));
    await dropEarlierTopics(lane);
    await noteDoubled(lane);
    if (later.changes > 0) await removeLaterEvents(lane);
    return makeLogKeys(lane, plan.key.length > 0);
  };
  let late: ReadonlySet<string> = new Set();
  const unsound = await load();
  if (unsound > 0 && plan.key.length > 0 && plan.shape.fullImages) {
    late = await lateColumns(
      lane,
      changeLog,
      plan.log,
      new DeltaLog(bucket, lane, table.logUrl, "change log"),
    );
    if (late.size > 0) await load(late);
  }
  return { changeLog, counts: await countEvents(lane), late };
}

/** Columns without a value in the first events that were not there when the change log was made. */
async function lateColumns(
  lane: Lane,
  changeLog: ChangeLog,
  { columns }: Side,
  log: DeltaLog,
): Promise<ReadonlySet<string>> {
  const { first } = await lane.row<{ first: bigint | null }>("SELECT min(pos) AS first FROM live");
  const original = await log.originalColumns();
  const firsts = await changeLog.firstValues(columns);
  const late = columns.filter(
    ({ name, lakeName }) =>
      (firsts.get(name) ?? -1n) > (first ?? 0n) && !original?.has(`payload.after.${lakeName}`),
  );
  return new Set(late.map(({ name }) => name));
}

interface Facts {
  readonly table: CapturedTable;
  readonly plan: Plan;
  readonly facts: TableFacts;
  readonly later: LaterChanges;
  readonly sourceRows: number;
  readonly counts: EventCounts | undefined;
  readonly stateCounts: StateCounts | undefined;
  readonly laterKeys: number | undefined;
  readonly late: ReadonlySet<string>;
  /** Rows of the change log of which PostgreSQL did not log all values the last time. */
  readonly unlogged: number;
}

function resultOf(facts: Facts, stateSide: SideResult, logSide: SideResult): TableResult {
  const { table, sourceRows, counts, stateCounts, later } = facts;
  const events = Number(counts?.events ?? 0n);
  const state = withProblems<StateResult>(
    {
      ...stateSide,
      rows: Number(stateCounts?.rows ?? 0n),
      deletedRows: Number(stateCounts?.deleted ?? 0n),
      laterKeys: facts.laterKeys ?? 0,
    },
    stateProblems(facts, events),
  );
  const changeLog = withProblems<LogResult>({ ...logSide, events }, logProblems(facts));
  const isSame = [state, changeLog].every(({ verdict }) => verdict === "equal" || verdict === "absent");
  const needsRows =
    facts.facts.needsRows &&
    `its rows have to be read again: ${facts.facts.needsRows}; run \`${resnapshotCommand([table.name])}\``;
  const problems = [
    ...(facts.facts.setAside ? [`the job has set it aside: ${facts.facts.setAside}`] : []),
    ...(needsRows && !isSame ? [needsRows] : []),
    ...(facts.facts.resnapshot || later.resnapshot
      ? ["it is being read again; run verify again when that is done"]
      : []),
  ];
  return {
    table: table.name,
    equal: isSame && problems.length === 0,
    sourceRows,
    lakeRows: stateSide.version === null ? changeLog.rows : state.rows,
    events,
    laterChanges: later.changes,
    state,
    changeLog,
    problems,
    // What the job cannot rule out, the comparison can.
    notes: [
      ...(needsRows && isSame ? [`the job says that ${needsRows}. All of it was found equal`] : []),
      ...notes(facts),
    ],
  };
}

function withProblems<Result extends SideResult>(result: Result, problems: readonly string[]): Result {
  if (problems.length === 0 || result.verdict === "not compared") return result;
  return { ...result, verdict: "different", problems: [...result.problems, ...problems] };
}

function stateProblems({ table, plan, facts, sourceRows, stateCounts }: Facts, events: number): string[] {
  if (plan.state && !stateCounts) {
    const lost = plan.key.filter((name) => !plan.state?.columns.some((column) => column.name === name));
    return [
      plan.key.length === 0
        ? "the source has no key, and not the columns that were its key"
        : `its key column ${lost.join(", ")} is not in it; run \`${resnapshotCommand([table.name])}\``,
    ];
  }
  if (!plan.state) {
    if (plan.key.length === 0 || (sourceRows === 0 && events === 0)) return [];
    return [`there is no ${table.stateUrl}${facts.problem ? `: ${facts.problem}` : ""}`];
  }
  return stateCounts ? unflaggedProblems(stateCounts) : [];
}

function logProblems({ table, plan, sourceRows, counts }: Facts): string[] {
  if (!plan.log) {
    return sourceRows === 0 ? [] : [`there is no ${table.logUrl}; the job writes it with the first event`];
  }
  if (!counts || counts.bad === 0n) return [];
  const [file, row, op] = (counts.firstBad ?? "").split(":");
  const url = plan.log.table.files.find(({ order }) => String(order) === file)?.url ?? "unknown file";
  return [
    `${counts.bad} rows are no change events; the first: row ${row} of ${url}, op ${op ? `'${op}'` : "NULL"}`,
  ];
}

function notes({ plan, counts, late, facts, unlogged }: Facts): string[] {
  const { shape, key, state, log } = plan;
  const configured = key.join() !== shape.primaryKey.join() && key.length > 0;
  return [
    ...(state || log ? [] : ["there is no lake table yet"]),
    ...shape.notCompared.map(({ name, reason }) => `not compared: column ${name} (${reason})`),
    ...(configured ? [`its key is ${key.join(", ")}, as configured`] : []),
    ...(key.length > 0 ? [] : ["no key: there is only a change log, compared as a multiset of whole rows"]),
    ...(key.length > 0 && log && ((counts?.partial ?? 0n) > 0n || !shape.fullImages)
      ? [
          "events lack the row before them (no REPLICA IDENTITY FULL): in the change log the last event of a key counts, and a missing update before it cannot be seen",
        ]
      : []),
    ...(unlogged > 0
      ? [
          `in the change log ${unlogged} rows lack a large value that PostgreSQL did not log the last time (TOAST), which is compared in the current state only${unlogged > MOST_UNLOGGED ? `; of ${unlogged - MOST_UNLOGGED} of them no value is compared` : ""}`,
        ]
      : []),
    ...(late.size > 0
      ? [`column ${[...late].join(", ")} came later: it does not tell whether events are missing`]
      : []),
    ...(facts.problem && !state && key.length > 0 ? [facts.problem] : []),
  ];
}

export function notCompared(table: CapturedTable, problem: string): TableResult {
  return {
    table: table.name,
    equal: false,
    sourceRows: 0,
    lakeRows: 0,
    events: 0,
    laterChanges: 0,
    state: null,
    changeLog: null,
    problems: [problem],
    notes: [],
  };
}

function throttled(say: (line: string) => void, line: (count: number) => string): (count: number) => void {
  let said = Date.now();
  return (count) => {
    if (Date.now() - said < 3_000) return;
    said = Date.now();
    say(line(count));
  };
}
