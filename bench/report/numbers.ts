/** Pure: a measured value as a person reads it. */

/** Three digits that count, and thousands set apart: `0.0123`, `1.23`, `12.3`, `123`, `12,345`. */
export function readable(value: number): string {
  if (!Number.isFinite(value)) return "–";
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString("en-US");
  return String(Number(value.toPrecision(3)));
}
