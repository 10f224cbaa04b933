/** Pure: how far a table is behind its source over time. */

/** From `at` on, changes up to `time` can be read. Both are milliseconds since 1970. */
export interface Seen {
  readonly at: number;
  readonly time: number;
}

/**
 * The lag at every full second after `from`, up to `to`: the age of the newest change that can be read at that moment.
 *
 * @param seen in the order of `at`; seconds before the first are left out
 * @returns seconds since `from`, and milliseconds
 */
export function lagBySecond(
  seen: readonly Seen[],
  from: number,
  to: number,
): [second: number, lag: number][] {
  const lags: [number, number][] = [];
  let next = 0;
  let newest: number | undefined;
  for (let second = 1; from + second * 1000 <= to; second++) {
    const now = from + second * 1000;
    for (; next < seen.length && (seen[next] as Seen).at <= now; next++) {
      newest = Math.max(newest ?? 0, (seen[next] as Seen).time);
    }
    if (newest !== undefined) lags.push([second, now - newest]);
  }
  return lags;
}
