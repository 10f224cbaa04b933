/** Steps of comparing the current state with the source, of a whole table or of a range of its keys. */
import type { Topics } from "../../../readers/kafka/topics";
import type { Bucket } from "../../../readers/lake/bucket";
import { DataFiles } from "../../../readers/lake/data-files";
import { DeltaLog, type DeltaTable } from "../../../readers/lake/delta-table";
import type { Lane } from "../../../readers/workspace";
import type { CapturedTable } from "../../../stack/platform";
import { CurrentState } from "../lake/current-state";
import type { Moment } from "../moment";
import type { SideResult } from "../result";
import type { RangeSum, SideName, SourceReader } from "../source/snapshot";
import type { TableShape } from "../source/table-shape";
import { findDifferences, type listDifferences, type Subject } from "./differences";
import { collectLaterChanges, type LaterChanges, makeLaterKeys } from "./later-changes";
import type { Plan, Side } from "./plan";
import { differingRanges, lakeRanges } from "./ranges";
import { countRows, makeStateKeys, type StateCounts } from "./state-keys";

export interface Tools {
  readonly lane: Lane;
  readonly reader: SourceReader;
  readonly bucket: Bucket;
  readonly topics: Topics;
  /** What Debezium writes for a value that PostgreSQL did not log. */
  readonly placeholder: string;
  /** The same as JSON in messages, in all its forms. */
  readonly unlogged: readonly string[];
  readonly listed: number;
  readonly say: (line: string) => void;
}

export async function openTable(
  what: string,
  url: string,
  { position }: Moment,
  { bucket, lane }: Pick<Tools, "bucket" | "lane">,
): Promise<DeltaTable | undefined> {
  return position && new DeltaLog(bucket, lane, url, what).after(position);
}

/** Why the table cannot be compared by its key; undefined: it can. */
export function lostKey({ key }: Plan, shape: TableShape): string | undefined {
  const lost = key.filter((name) => !shape.compared.some((column) => column.name === name));
  if (lost.length === 0) return undefined;
  const reason = shape.notCompared.find(({ name }) => name === lost[0])?.reason;
  return `its key cannot be compared: column ${lost.join(", ")} (${reason})`;
}

export function hasKey(plan: Plan, side: Side | undefined): boolean {
  return (
    side !== undefined &&
    plan.key.length > 0 &&
    plan.key.every((name) => side.columns.some((column) => column.name === name))
  );
}

export function stateReader(side: Side, { bucket, lane }: Pick<Tools, "bucket" | "lane">): CurrentState {
  return new CurrentState(lane, new DataFiles(bucket, lane, side.table), side);
}

/** Makes the table `state_keys`. */
export async function loadState(
  state: CurrentState,
  plan: Plan,
  lane: Lane,
  progress?: (files: number) => void,
): Promise<StateCounts> {
  await state.load(plan, progress);
  await makeStateKeys(lane);
  return countRows(lane);
}

export async function laterChanges(
  table: CapturedTable,
  moment: Moment,
  { lane, topics }: Pick<Tools, "lane" | "topics">,
): Promise<LaterChanges> {
  const { position, topicsBefore, topicsBegin, visibility } = moment;
  const offsets = { from: topicsBefore, begins: topicsBegin };
  const ends = position?.ends.get(table.topic) ?? new Map<number, bigint>();
  return collectLaterChanges(lane, topics, table, visibility, offsets, ends);
}

/** Makes `later_keys` and `later_state`, and takes their keys out of `state_keys`. */
export async function laterKeys(
  table: CapturedTable,
  plan: Plan,
  later: LaterChanges,
  side: Side | undefined,
  { lane, reader, unlogged }: Tools,
): Promise<readonly string[] | "all"> {
  if (!side) return [];
  if (later.changes === 0) {
    await lane.run(
      `CREATE OR REPLACE TABLE later_keys (k UUID, present BOOLEAN, h BIGINT, hole BOOLEAN, skip BOOLEAN);
       CREATE OR REPLACE TABLE later_state AS SELECT * FROM state_keys LIMIT 0`,
    );
    return [];
  }
  const isTruncated = await makeLaterKeys(lane, plan, unlogged, reader, table);
  await lane.run(
    `CREATE OR REPLACE TABLE later_state AS SELECT * FROM state_keys SEMI JOIN later_keys USING (k);
     DELETE FROM state_keys WHERE k IN (SELECT k FROM later_keys)`,
  );
  if (isTruncated) return "all";
  return (await lane.rows<{ k: string }>("SELECT k::VARCHAR AS k FROM later_keys")).map(({ k }) => k);
}

export async function sideResult(
  subject: Subject,
  name: SideName,
  url: string,
  side: Side | undefined,
  sums: readonly RangeSum[],
  list: () => ReturnType<typeof listDifferences>,
): Promise<SideResult> {
  if (!side) {
    return {
      verdict: "absent",
      url,
      version: null,
      rows: 0,
      differences: undefined,
      problems: [],
      notes: [],
    };
  }
  const lake = await lakeRanges(subject.lane, `${name}_keys`, subject.bits);
  await findDifferences(subject, name, differingRanges(sums, lake));
  const differences = await list();
  const { problems, notes } = side;
  return {
    verdict: differences || problems.length > 0 ? "different" : "equal",
    url,
    version: side.table.version,
    rows: Number(lake.reduce((sum, { rows }) => sum + BigInt(rows), 0n)),
    differences,
    problems,
    notes,
  };
}

export function unflaggedProblems({ unflagged }: Pick<StateCounts, "unflagged">): string[] {
  return unflagged > 0n
    ? [`${unflagged} rows have NULL in _deleted, so that \`not _deleted\` leaves them out`]
    : [];
}
