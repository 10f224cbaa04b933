/** Pure: what charts draw. */
import type { Sample } from "../view";

/** Milliseconds since 1970, and what was then; null: not known. */
export type Point = readonly [at: number, value: number | null];

const HOUR_MS = 3_600_000;

/** Messages a second between each sample and the one before. */
export function rates(history: readonly Sample[], of: "written" | "read"): Point[] {
  return history.slice(1).map((sample, index): Point => {
    const before = history[index] as Sample;
    const seconds = (sample.at - before.at) / 1000;
    const [from, to] = [before[of], sample[of]];
    return [sample.at, from === null || to === null ? null : Math.max(0, to - from) / seconds];
  });
}

/** The least of 1, 2 and 5 times a power of ten that is not below it. */
export function roundAbove(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 5, 10].find((step) => step * power >= value) ?? 10) * power;
}

/** A line's path in a box of 100 by 100, the last hour from left to right; where nothing is known it has a gap. */
export function pathOf(points: readonly Point[], end: number, most: number): string {
  let isDrawn = false;
  return points
    .map(([at, value]) => {
      if (value === null || at < end - HOUR_MS) {
        isDrawn = false;
        return "";
      }
      const step = `${isDrawn ? "L" : "M"}${round(100 - ((end - at) / HOUR_MS) * 100)} ${round(100 - (value / most) * 100)}`;
      isDrawn = true;
      return step;
    })
    .join("");
}

function round(number: number): number {
  return Math.round(number * 100) / 100;
}
