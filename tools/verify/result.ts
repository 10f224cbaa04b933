/** What verify finds. */
import type { Finding, RowTexts } from "./compare/history";

export interface KeyDifference {
  /** The key's columns, or all columns of a table without a key. */
  readonly key: RowTexts;
  readonly findings: readonly Finding[];
  /** As PostgreSQL prints it; undefined when there is none. */
  readonly source: RowTexts | undefined;
  /** As the current state, or the change log's last event, has it. */
  readonly lake: RowTexts | undefined;
  /** Only for a table without a key: how often the row is there. */
  readonly times?: { readonly source: number; readonly lake: number };
}

export interface Differences {
  readonly missing: number;
  readonly extra: number;
  /** Keys that are on both sides, with other values, or events or rows that do not add up. */
  readonly different: number;
  readonly listed: readonly KeyDifference[];
}

/** One lake table next to the source. `absent`: there is none, as it should be. */
export type Verdict = "equal" | "different" | "not compared" | "absent";

export interface SideResult {
  readonly verdict: Verdict;
  readonly url: string;
  /** Version of the Delta table. */
  readonly version: number | null;
  /** Rows that the source's should be. */
  readonly rows: number;
  readonly differences: Differences | undefined;
  /** What keeps the two from being equal besides differing keys. */
  readonly problems: readonly string[];
  readonly notes: readonly string[];
}

export interface StateResult extends SideResult {
  /** Rows that are kept with true in `_deleted`. */
  readonly deletedRows: number;
  /** Keys that changed after the moment of the comparison: compared with what their changes made of them. */
  readonly laterKeys: number;
}

export interface LogResult extends SideResult {
  /** Change events, without those after the moment of the comparison. */
  readonly events: number;
}

export interface TableResult {
  readonly table: string;
  readonly equal: boolean;
  readonly sourceRows: number;
  /** Those of the current state, or where there is none of the change log. */
  readonly lakeRows: number;
  readonly events: number;
  /** Changes that are in the lake already and not in the snapshot. */
  readonly laterChanges: number;
  /** null: it could not be compared. */
  readonly state: StateResult | null;
  readonly changeLog: LogResult | null;
  /** What concerns both. */
  readonly problems: readonly string[];
  /** What a reader should know about an equal one too. */
  readonly notes: readonly string[];
}

export interface Outcome {
  /** Position in the source's log up to which it was compared. */
  readonly lsn: string;
  readonly tables: readonly TableResult[];
}
