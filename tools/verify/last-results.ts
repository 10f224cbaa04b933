/** What the last comparison of each table found, kept for `status`: comparing takes longer than a look may. */
import * as fs from "node:fs";
import * as path from "node:path";
import writeFileAtomic from "write-file-atomic";
import { STATE_FOLDER } from "../../cli/engines/local-state";
import type { Outcome, TableResult } from "./result";

export interface LastResult {
  readonly at: string;
  /** Position in PostgreSQL's log at which it was compared. */
  readonly lsn: string;
  readonly equal: boolean;
  /** What differs, in a few words; empty when it is equal. */
  readonly found: string;
}

type Kept = { readonly lake: string; readonly tables: Record<string, LastResult> };

/** @param lake what a stack made anew has another of */
export async function keepResults(stack: string, lake: string, { lsn, tables }: Outcome): Promise<void> {
  const at = new Date().toISOString();
  const now = tables.map((table): [string, LastResult] => [
    table.table,
    { at, lsn, equal: table.equal, found: differenceOf(table) },
  ]);
  const kept: Kept = { lake, tables: { ...lastResults(stack, lake), ...Object.fromEntries(now) } };
  fs.mkdirSync(path.dirname(fileOf(stack)), { recursive: true, mode: 0o700 });
  await writeFileAtomic(fileOf(stack), `${JSON.stringify(kept, null, 2)}\n`, { mode: 0o600 });
}

/** By table; those of this lake only. */
export function lastResults(stack: string, lake: string): Record<string, LastResult> {
  try {
    const kept: Kept = JSON.parse(fs.readFileSync(fileOf(stack), "utf8"));
    return kept.lake === lake ? kept.tables : {};
  } catch {
    return {};
  }
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

function fileOf(stack: string): string {
  return path.join(STATE_FOLDER, "verify", `${stack}.json`);
}
