/** What the last comparison of each table found, kept for `status`: comparing takes longer than a look may. */
import * as fs from "node:fs";
import * as path from "node:path";
import writeFileAtomic from "write-file-atomic";
import { STATE_FOLDER } from "./engines/local-state";

export interface LastResult {
  /** UTC. */
  readonly at: string;
  /** Position in PostgreSQL's log at which it was compared. */
  readonly lsn: string;
  readonly equal: boolean;
  /** What differs, in a few words; empty when it is equal. */
  readonly found: string;
}

type Kept = { readonly lake: string; readonly tables: Record<string, LastResult> };

/** Whose results: those of one pipeline of a stack; without a name of the stack's own. */
export interface ResultsOf {
  readonly stack: string;
  readonly pipeline?: string | undefined;
}

/**
 * @param lake what a stack made anew has another of
 * @param results by table; those of other tables stay
 */
export async function keepLastResults(
  of: ResultsOf,
  lake: string,
  results: Readonly<Record<string, LastResult>>,
): Promise<void> {
  const kept: Kept = { lake, tables: { ...lastResults(of, lake), ...results } };
  fs.mkdirSync(path.dirname(fileOf(of)), { recursive: true, mode: 0o700 });
  await writeFileAtomic(fileOf(of), `${JSON.stringify(kept, null, 2)}\n`, { mode: 0o600 });
}

/** By table; those of this lake only. */
export function lastResults(of: ResultsOf, lake: string): Record<string, LastResult> {
  try {
    const kept: Kept = JSON.parse(fs.readFileSync(fileOf(of), "utf8"));
    return kept.lake === lake ? kept.tables : {};
  } catch {
    return {};
  }
}

function fileOf({ stack, pipeline }: ResultsOf): string {
  return path.join(STATE_FOLDER, "verify", ...(pipeline ? [stack, `${pipeline}.json`] : [`${stack}.json`]));
}
