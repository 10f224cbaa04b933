/** Pure: all that is known of each table, those with trouble first. */
import type { TableFiles, TableTotals } from "../../providers/spark-application/driver-state";
import type { LastResult } from "../../stack/last-results";
import type { ProofStatus, ProvenTable } from "./proof";
import type { LookedAt } from "./table-files";
import type { TopicStatus } from "./topics";

/** One source table, and its tables in the lake. */
export interface TableStatus {
  readonly table: string;
  readonly totals: TableTotals | null;
  /** null: no such table in the lake, or not looked at yet. */
  readonly state: TableFiles | null;
  readonly changes: TableFiles | null;
  /** Rows of the dead-letter table. */
  readonly deadLetters: number;
}

export interface TableStanding extends TableStatus {
  readonly topic: TopicStatus | null;
  /** UTC. */
  readonly lastCommit: string | null;
  readonly compared: LastResult | null;
  /** null: the continuous proof is off, or did not answer. */
  readonly proven: ProvenTable | null;
  /** What is wrong with it, the worst first; null: nothing that is known. */
  readonly trouble: string | null;
}

/** What was found, of all tables. */
interface Known {
  readonly lake: { readonly tables: readonly TableStatus[] };
  readonly topics: readonly TopicStatus[];
  readonly files: readonly LookedAt[];
  readonly compared: Readonly<Record<string, LastResult>>;
  readonly proof?: ProofStatus | undefined;
}

export function standingOf({ lake, topics, files, compared, proof }: Known): TableStanding[] {
  const names = new Set([...lake.tables, ...topics].map(({ table }) => table));
  const all = [...names].sort().map((table): TableStanding & { readonly rank: number } => {
    const known = lake.tables.find((one) => one.table === table);
    const looked = files.find((one) => one.table === table);
    const topic = topics.find((one) => one.table === table) ?? null;
    const last = compared[table] ?? null;
    const proven = proof?.tables.find((one) => one.table === table) ?? null;
    const { totals = null, state = null, changes = null, deadLetters = 0 } = known ?? {};
    const found = [
      topic && topic.end === null ? "its topic is gone" : null,
      looked?.damage ?? null,
      totals?.setAside ? `set aside: ${totals.setAside.reason}` : null,
      totals?.problem ?? null,
      totals?.needsRows ? `it needs its rows again: ${totals.needsRows}` : null,
      proven?.finding ? "it is not the source's, as the continuous proof found" : null,
      last && !last.equal ? `it is not the source's: ${last.found}` : null,
      totals?.resnapshot ? "its rows are being read again" : null,
      deadLetters > 0 ? `${deadLetters.toLocaleString("en-US")} dead letters` : null,
    ];
    const rank = found.findIndex((one) => one !== null);
    return {
      ...{ table, totals, state, changes, deadLetters, topic, compared: last, proven },
      lastCommit: looked?.lastCommit ?? null,
      trouble: found[rank] ?? null,
      rank: rank < 0 ? found.length : rank,
    };
  });
  // Stable: by name among those of the same rank.
  return all.sort((a, b) => a.rank - b.rank).map(({ rank: _rank, ...standing }) => standing);
}
