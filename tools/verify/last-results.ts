/** Keeps what a comparison found. */
import { keepLastResults, type LastResult, type ResultsOf } from "../../stack/last-results";
import type { Outcome, TableResult } from "./result";

/** @param lake what a stack made anew has another of */
export async function keepResults(of: ResultsOf, lake: string, { lsn, tables }: Outcome): Promise<void> {
  const at = new Date().toISOString();
  const found = tables.map((table): [string, LastResult] => [
    table.table,
    { at, lsn, equal: table.equal, found: differenceOf(table) },
  ]);
  await keepLastResults(of, lake, Object.fromEntries(found));
}

/** Pure. */
export function differenceOf({ equal, state, changeLog, problems }: TableResult): string {
  if (equal) return "";
  const sides = [
    { name: "current state", side: state },
    { name: "change log", side: changeLog },
  ].flatMap(({ name, side }) => {
    if (side?.verdict !== "different") return [];
    const { missing = 0, extra = 0, different = 0 } = side.differences ?? {};
    const keys = missing + extra + different;
    return [`${name}: ${keys > 0 ? `${keys.toLocaleString("en-US")} keys differ` : side.problems[0]}`];
  });
  return sides.join("; ") || problems[0] || "it could not be compared";
}
