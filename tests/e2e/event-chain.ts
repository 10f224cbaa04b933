/** Proves from a table's events alone that none is missing and none is there twice. */
import type { ConsumedRecord } from "./platform";

type Row = Record<string, unknown>;

export interface Chain {
  /** The rows that the events lead to, by key. */
  rows: Map<string, Row>;
  /** How many events of each `op`. */
  counts: Record<string, number>;
  /** What does not fit: empty when no event is missing, doubled or out of order. */
  breaks: string[];
}

/**
 * Follows the events key by key. With REPLICA IDENTITY FULL each change carries the row as it was before, which has to be
 * what the event before it left: a missing or doubled event breaks that. An `r` must show the row as it is by then, if
 * that is known; where it is not, it begins the chain.
 *
 * @param gap keys may have changed unseen before an `r`, as while their table was not captured
 */
export function follow(records: ConsumedRecord[], gap = false): Chain {
  const rows = new Map<string, Row>();
  const seen = new Set<string>();
  const counts: Record<string, number> = {};
  const breaks: string[] = [];
  for (const { key, value } of records) {
    if (!value) continue;
    // The rows are read again: what came before it is void.
    if (value.payload.resnapshot) {
      if (value.payload.op === "t") for (const known of [rows, seen]) known.clear();
      continue;
    }
    const { op, before, after, source } = value.payload;
    const id = JSON.stringify(key.payload);
    const known = seen.has(id);
    const current = rows.get(id) ?? null;
    const expected = op === "r" ? after : before;
    if (known && !(gap && op === "r") && JSON.stringify(expected) !== JSON.stringify(current)) {
      breaks.push(
        `${id} ${op} at ${source.lsn}: ${JSON.stringify(expected)} after ${JSON.stringify(current)}`,
      );
    }
    seen.add(id);
    counts[op] = (counts[op] ?? 0) + 1;
    if (after) rows.set(id, after);
    else rows.delete(id);
  }
  return { rows, counts, breaks };
}
