/** What counts as an integer, for inferring types and for checking values. */

const digits = /^\s*[+-]?\d+\s*$/;

/** Smallest and largest value of PostgreSQL's integer types. */
export const integerRanges: Readonly<Record<string, readonly [bigint, bigint]>> = {
  smallint: [-(2n ** 15n), 2n ** 15n - 1n],
  integer: [-(2n ** 31n), 2n ** 31n - 1n],
  bigint: [-(2n ** 63n), 2n ** 63n - 1n],
};

export function looksLikeInteger(text: string): boolean {
  return digits.test(text);
}

/** True for what PostgreSQL's `type` (smallint, integer or bigint) takes. */
export function isInteger(text: string, type: string): boolean {
  if (!digits.test(text)) return false;
  // Every number this short fits every type; most are.
  if (text.length <= 4) return true;
  const [least, most] = integerRanges[type] as readonly [bigint, bigint];
  // BigInt does not take a plus sign.
  const value = BigInt(text.trim().replace(/^\+/, ""));
  return value >= least && value <= most;
}
