/** Compares one table with its lake table. */
import type { Offsets, Topics } from "../kafka/topics";
import type { Bucket } from "../lake/bucket";
import { DeltaLog, type DeltaTable } from "../lake/delta-table";
import { EVENT_COLUMNS } from "../lake/event-sql";
import { LakeEvents } from "../lake/events";
import type { QueryPosition } from "../lake/streaming-query";
import type { CapturedTable } from "../platform";
import type { RangeSum, Snapshot } from "../source/snapshot";
import type { TableShape } from "../source/table-shape";
import type { Workspace } from "../workspace";
import { type Differences, drillDown } from "./drill-down";
import { countEvents, lakeRanges, makeLakeKeys } from "./lake-state";
import { collectLaterChanges, removeLaterChanges } from "./later-changes";
import { differingRanges } from "./ranges";

export interface TableResult {
  readonly table: string;
  readonly equal: boolean;
  readonly sourceRows: number;
  readonly lakeRows: number;
  /** Change events in the lake table, without those after the snapshot. */
  readonly events: number;
  /** Changes that are in the lake already and not in the snapshot; taken out before comparing. */
  readonly laterChanges: number;
  readonly ranges: number;
  readonly differingRanges: number;
  readonly differences: Differences | undefined;
  /** What keeps the table from being equal besides differing keys. */
  readonly problems: readonly string[];
  /** What a reader should know about an equal one too. */
  readonly notes: readonly string[];
}

/** What was taken from the source, and where the lake was then. */
export interface Moment {
  readonly snapshot: Snapshot;
  /** Ends of the topics before the snapshot. */
  readonly topicsBefore: Offsets;
  readonly position: QueryPosition | undefined;
}

export interface SourceSide {
  readonly table: CapturedTable;
  readonly shape: TableShape;
  readonly bits: number;
  readonly sums: readonly RangeSum[];
}

export interface Tools {
  readonly workspace: Workspace;
  readonly bucket: Bucket;
  readonly topics: Topics;
  readonly placeholder: string;
  readonly listed: number;
  readonly say: (line: string) => void;
}

export async function compareTable(source: SourceSide, moment: Moment, tools: Tools): Promise<TableResult> {
  const { table, shape, bits } = source;
  const { workspace, bucket, topics, placeholder, say } = tools;
  const delta =
    moment.position && (await new DeltaLog(bucket, workspace, table.lakeUrl).after(moment.position));
  const events = delta && new LakeEvents(bucket, workspace, delta, shape, placeholder);
  await workspace.run(`CREATE OR REPLACE TABLE events (${EVENT_COLUMNS})`);
  let laterChanges = 0;
  if (events && delta) {
    const progress = throttled(
      say,
      (files) => `Reading ${table.name}: ${files} of ${delta.files.length} files`,
    );
    await events.load(progress);
    const { ends } = moment.position as QueryPosition;
    const { visibility } = moment.snapshot;
    laterChanges = await collectLaterChanges(
      workspace,
      topics,
      table,
      visibility,
      moment.topicsBefore,
      new Map([[table.topic, ends.get(table.topic) ?? new Map()]]),
    );
    if (laterChanges > 0) await removeLaterChanges(workspace, shape, placeholder);
  }
  const counts = await countEvents(workspace, shape);
  await makeLakeKeys(workspace, shape);
  const lake = await lakeRanges(workspace, shape, bits);
  const differing = differingRanges(source.sums, lake);
  const differences =
    differing.length === 0
      ? undefined
      : await drillDown(workspace, moment.snapshot, table, shape, events, bits, differing, tools.listed);
  const keysDiffer = differences ? differences.missing + differences.extra + differences.different : 0;
  const sourceRows = Number(source.sums.reduce((sum, { rows }) => sum + rows, 0n));
  const lakeRows = Number(lake.reduce((sum, { rows }) => sum + BigInt(rows), 0n));
  const problems = [
    ...(delta || sourceRows === 0
      ? []
      : [`there is no lake table ${table.lakeUrl}; the job writes it with the first event`]),
    ...(counts.bad > 0n
      ? [`${counts.bad} rows of the lake are no change events; the first: ${placeOf(counts.firstBad, delta)}`]
      : []),
    ...(delta ? oneSided(shape, delta) : []),
  ];
  return {
    table: table.name,
    equal: keysDiffer === 0 && problems.length === 0,
    sourceRows,
    lakeRows,
    events: Number(counts.events),
    laterChanges,
    ranges: 2 ** bits,
    differingRanges: differing.length,
    differences,
    problems,
    notes: notes(source, delta, counts.partial, differences),
  };
}

function notes(
  { shape }: SourceSide,
  delta: DeltaTable | undefined,
  partial: bigint,
  differences: Differences | undefined,
): string[] {
  const unlogged = differences?.unloggedRows ?? 0;
  return [
    ...(delta ? [] : ["there is no lake table yet"]),
    ...shape.notCompared.map(({ name, reason }) => `not compared: column ${name} (${reason})`),
    ...(partial > 0n || !shape.fullImages
      ? [
          "events lack the row before them (no REPLICA IDENTITY FULL): the last event of a key counts, and a doubled or missing one before it cannot be seen",
        ]
      : []),
    ...(unlogged > 0
      ? [
          `not compared: the values of ${unlogged} rows, since PostgreSQL did not log a large one (TOAST); they are there`,
        ]
      : []),
    ...(shape.key.length > 0 ? [] : ["no primary key: the whole row is the key"]),
  ];
}

/** Columns that only one side has. */
function oneSided(shape: TableShape, delta: DeltaTable): string[] {
  const prefix = "payload.after.";
  const inLake = [...delta.columns.keys()]
    .filter((name) => name.startsWith(prefix))
    .map((name) => name.slice(prefix.length));
  const known = [...shape.compared, ...shape.notCompared].map(({ name }) => name);
  return [
    ...shape.compared
      .filter(({ name }) => !inLake.includes(name))
      .map(({ name }) => `column ${name} is only in the source: the lake gets it with the next event`),
    ...inLake
      .filter((name) => !known.includes(name))
      .map((name) => `column ${name} is only in the lake: the source no longer has it`),
  ];
}

function placeOf(firstBad: string | null, delta: DeltaTable | undefined): string {
  const [file, row, op] = (firstBad ?? "").split(":");
  const url = delta?.files.find(({ order }) => String(order) === file)?.url ?? "unknown file";
  return `row ${row} of ${url}, op ${op ? `'${op}'` : "NULL"}`;
}

function throttled(say: (line: string) => void, line: (count: number) => string): (count: number) => void {
  let said = Date.now();
  return (count) => {
    if (Date.now() - said < 3_000) return;
    said = Date.now();
    say(line(count));
  };
}
