/** A part of a table that can be compared by itself: the rows whose first key column lies in a range. Pure. */
import { escapeIdentifier } from "pg";
import type { DataFile, DeltaTable } from "../../../readers/lake/delta-table";
import { keyLake, rowText } from "../values/row-text";

/** Whole numbers, as decimal text; `from` belongs to it, `below` does not, null is no bound. */
export interface KeyRange {
  readonly column: string;
  readonly from: string | null;
  readonly below: string | null;
}

/** Lake types that hold every value of PostgreSQL's type: then no value is kept elsewhere, and bounds hold for all. */
const HOLDING: Readonly<Record<string, readonly string[]>> = {
  int2: ["short", "integer", "long"],
  int4: ["integer", "long"],
  int8: ["long"],
};

/** @param type of the source's column, as in `pg_type` */
export function isDivisible(state: DeltaTable, lakeName: string, type: string): boolean {
  return HOLDING[type]?.includes(state.columns.get(lakeName)?.type ?? "") ?? false;
}

/** For PostgreSQL; `true` without a range. */
export function rangeCondition(range: KeyRange | undefined, relation: string): string {
  if (!range) return "true";
  const value = `${relation}.${escapeIdentifier(range.column)}`;
  const all = conditions(range, value).join(" AND ") || "true";
  // Both sides of OR can use the column's index.
  return range.from === null ? `(${all} OR ${value} IS NULL)` : all;
}

/** For DuckDB: the first range also has what no range would have, so that nothing is left out. */
export function lakeCondition(range: KeyRange | undefined, value: string): string {
  if (!range) return "true";
  const all = conditions(range, `(${value})`).join(" AND ") || "true";
  return range.from === null ? `coalesce(${all}, true)` : all;
}

function conditions({ from, below }: KeyRange, value: string): string[] {
  return [
    ...(from === null ? [] : [`${value} >= ${BigInt(from)}`]),
    ...(below === null ? [] : [`${value} < ${BigInt(below)}`]),
  ];
}

/** Files that may have rows of the range, by their `order`; undefined: all of them. */
export function filesInRange(
  files: readonly DataFile[],
  range: KeyRange | undefined,
  stored: string | undefined,
): ReadonlySet<number> | undefined {
  if (!range || stored === undefined) return undefined;
  const { from, below } = range;
  return new Set(files.filter((file) => mayHave(file, stored, from, below)).map(({ order }) => order));
}

/** JSON's numbers are rounded, in order: what is farther away than a bound stays so, or becomes equal to it. */
function mayHave({ stats }: DataFile, stored: string, from: string | null, below: string | null): boolean {
  const { minValues, maxValues, nullCount } = JSON.parse(stats ?? "{}") as Partial<
    Record<"minValues" | "maxValues" | "nullCount", Record<string, unknown>>
  >;
  if (from === null && nullCount?.[stored] !== 0) return true;
  const [low, high] = [minValues?.[stored], maxValues?.[stored]];
  const isBefore = typeof high === "number" && from !== null && high < Number(from);
  const isBehind = typeof low === "number" && below !== null && low > Number(below);
  return !isBefore && !isBehind;
}

/**
 * DuckDB: the hashes of keys that are known to lie outside.
 *
 * @param indexes places of the key's columns among all
 * @param texts a relation with texts `a0` … and `b0` … of all columns
 */
export function keysOutside(range: KeyRange, indexes: readonly number[], texts: string): string {
  const halves = ["a", "b"].map((letter) => {
    const columns = indexes.map((index) => `${letter}${index}`);
    return `SELECT ${keyLake(rowText(columns, "strlen"))} AS k, TRY_CAST(${columns[0]} AS BIGINT) AS value FROM (${texts}) AS texts`;
  });
  return `SELECT k FROM (${halves.join(" UNION ALL ")}) AS halves WHERE NOT (${lakeCondition(range, "value")})`;
}
