/** Pure: what many values come to. */

/** The value below or at which a share of the values lies (nearest rank); NaN without values. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** The middle one, or the mean of the two in the middle; NaN without values. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return mean([sorted[Math.ceil(middle) - 1] ?? Number.NaN, sorted[Math.floor(middle)] ?? Number.NaN]);
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** `n` values a second over the time in milliseconds. */
export function perSecond(n: number, milliseconds: number): number {
  return (n / milliseconds) * 1000;
}

/** The first and the last third of what was measured over time. */
export function outerThirds<T>(values: readonly T[]): { first: T[]; last: T[] } {
  const third = Math.max(1, Math.floor(values.length / 3));
  return { first: values.slice(0, third), last: values.slice(-third) };
}
