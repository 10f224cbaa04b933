/** Pure: which ranges of keys differ. */
import type { RangeSum } from "../source/snapshot";
import type { LakeRange } from "./lake-state";

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
