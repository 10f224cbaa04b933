/** Compares a range of one table's keys with its current state, exactly, at one moment. */

import type { CapturedTable } from "../../../stack/platform";
import type { Moment } from "../moment";
import type { Differences } from "../result";
import type { RangeSum } from "../source/snapshot";
import type { TableShape } from "../source/table-shape";
import { rangeBits } from "../values/row-text";
import { explainState, listDifferences, type Subject } from "./differences";
import type { KeyRange } from "./key-range";
import { type Plan, planOf } from "./plan";
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

/** A part of a table; without a range all of it. */
export interface Part {
  readonly range: KeyRange | undefined;
  /** Roughly, as bytes are. */
  readonly rows: number;
  /** That PostgreSQL reads for it. */
  readonly bytes: number;
}

/** Why a table cannot be compared. */
export interface NotComparable {
  readonly obstacle: string;
}

export interface StateComparison {
  readonly part: Part;
  readonly differences: Differences | undefined;
  /** What keeps the two from being equal besides differing keys. */
  readonly problems: readonly string[];
  /** Rows of the source that were compared. */
  readonly rows: number;
  /** The table's rows are being read again. */
  readonly resnapshot: boolean;
}

/** @param partOf which part of the table, once its key and what the lake says of it are known */
export async function compareState(
  table: CapturedTable,
  shape: TableShape,
  moment: Moment,
  partOf: (plan: Plan) => Promise<Part | NotComparable>,
  tools: Tools,
): Promise<StateComparison | NotComparable> {
  const { lane, reader, listed, unlogged } = tools;
  const state = await openTable("current state", table.stateUrl, moment, tools);
  const whole = planOf(table.name, shape, state, undefined);
  const lost = lostKey(whole, shape);
  if (lost) return { obstacle: lost };
  if (whole.key.length === 0) return { obstacle: "it has no key: there is only a change log" };
  const part = await partOf(whole);
  if ("obstacle" in part) return part;
  const plan: Plan = { ...whole, range: part.range };
  const nothing = { part, differences: undefined, rows: 0, resnapshot: false };
  if (!plan.state) {
    const { state: sums } = await reader.rangeSums(table, plan, 0, []);
    const rows = rowsOf(sums);
    return { ...nothing, rows, problems: rows > 0 ? [`there is no ${table.stateUrl}`] : [] };
  }
  if (!hasKey(plan, plan.state)) return { ...nothing, problems: plan.state.problems };
  const subject: Subject = { lane, reader, table, plan, bits: rangeBits(part.rows) };
  const later = await laterChanges(table, moment, tools);
  const current = stateReader(plan.state, tools);
  const counts = await loadState(current, plan, lane);
  const without = await laterKeys(table, plan, later, plan.state, tools);
  const sums = await reader.rangeSums(table, plan, subject.bits, without);
  const list = () =>
    listDifferences(subject, listed, (keys) => explainState(subject, current, unlogged, keys));
  const found = await sideResult(subject, "state", table.stateUrl, plan.state, sums.state, list);
  return {
    ...{ part, differences: found.differences, resnapshot: later.resnapshot },
    problems: [...found.problems, ...unflaggedProblems(counts)],
    rows: rowsOf(sums.log),
  };
}

function rowsOf(sums: readonly RangeSum[]): number {
  return Number(sums.reduce((sum, { rows }) => sum + rows, 0n));
}
