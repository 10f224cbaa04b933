/** Which ranges of keys differ. */

import type { Lane } from "../../../readers/workspace";
import type { RangeSum } from "../source/snapshot";
import { rangeLake } from "../values/row-text";

/** A table of keys: k UUID, n rows, h sum of the rows' hashes, hole a value is not known, ok nothing is wrong with it in itself. */
export type KeysTable = "log_keys" | "state_keys";

export interface LakeRange {
  readonly range: number;
  readonly rows: bigint;
  readonly hash: bigint;
  /** A key in it cannot be right whatever the source has, or cannot be compared by its hash. */
  readonly odd: boolean;
}

export async function lakeRanges(lane: Lane, keys: KeysTable, bits: number): Promise<LakeRange[]> {
  const rows = await lane.rows<{ range: number; rows: bigint; hash: bigint; odd: boolean }>(
    `SELECT ${rangeLake("k", bits)} AS range, sum(n)::HUGEINT AS rows, sum(h)::HUGEINT AS hash,
            bool_or(hole OR NOT ok) AS odd
       FROM ${keys} GROUP BY 1`,
  );
  return rows.map((row) => ({ ...row, range: Number(row.range) }));
}

/** Pure. */
export function differingRanges(source: readonly RangeSum[], lake: readonly LakeRange[]): number[] {
  const inLake = new Map(lake.map((range) => [range.range, range]));
  const inSource = new Map(source.map((range) => [range.range, range]));
  const all = [...new Set([...inLake.keys(), ...inSource.keys()])].sort((a, b) => a - b);
  return all.filter((range) => {
    const here = inSource.get(range);
    const there = inLake.get(range);
    return (
      (here?.rows ?? 0n) !== (there?.rows ?? 0n) ||
      (here?.hash ?? 0n) !== (there?.hash ?? 0n) ||
      (there?.odd ?? false)
    );
  });
}
