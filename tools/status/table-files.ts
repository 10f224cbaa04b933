/** Whether the files of the lake's tables are all there, looked at table after table for as long as there is time. */
import { mapConcurrently } from "../../providers/concurrently";
import { Bucket } from "../verify/lake/bucket";
import { DeltaLog } from "../verify/lake/delta-table";
import type { CapturedTable, Platform } from "../verify/platform";
import { Workspace } from "../verify/workspace";

export interface LookedAt {
  readonly table: string;
  /** When the current state, or where there is none the change log, was last written; null: never. */
  readonly lastCommit: string | null;
  /** What is wrong with a file of one of the two; null: all are there. */
  readonly damage: string | null;
}

const TABLES_AT_ONCE = 8;

/** @param deadline `Date.now()` after which no further table is looked at */
export async function readTableFiles(
  platform: Platform,
  tables: readonly CapturedTable[],
  deadline = Number.POSITIVE_INFINITY,
): Promise<LookedAt[]> {
  const bucket = Bucket.of(platform);
  const workspace = await Workspace.open();
  try {
    const lane = await workspace.lane();
    const looked = await mapConcurrently(
      inTurn(tables, Date.now()),
      TABLES_AT_ONCE,
      async ({ name, stateUrl, logUrl }): Promise<LookedAt[]> => {
        if (Date.now() > deadline) return [];
        const [state, log] = await Promise.all(
          [stateUrl, logUrl].map((url) => new DeltaLog(bucket, lane, url, name).inspect()),
        );
        return [
          {
            table: name,
            lastCommit: (state ?? log)?.lastCommit?.toISOString() ?? null,
            damage: state?.damage ?? log?.damage ?? null,
          },
        ];
      },
    );
    return looked.flat();
  } finally {
    await workspace.close();
  }
}

/** Pure: all of them, from another one on each time: of more than there is time for, each has its turn. */
export function inTurn<T>(all: readonly T[], turn: number): T[] {
  const first = all.length === 0 ? 0 : turn % all.length;
  return [...all.slice(first), ...all.slice(0, first)];
}

/** What is wrong with files, and what helps; undefined: nothing. */
export function damagedTables(looked: readonly LookedAt[]): { text: string; fix: string } | undefined {
  const damaged = looked
    .filter(({ damage }) => damage !== null)
    .sort((a, b) => a.table.localeCompare(b.table));
  const [first, ...more] = damaged;
  if (!first) return undefined;
  const names = damaged.slice(0, 20).map(({ table }) => table);
  return {
    text: `${first.table}: ${first.damage}${more.length > 0 ? `, and ${more.length} more tables like it` : ""}`,
    fix: `Make it anew from the source: \`npm run resnapshot -- ${names.join(" ")}\`.`,
  };
}

export function damageAlarms(looked: readonly LookedAt[]): string[] {
  const found = damagedTables(looked);
  return found ? [`${found.text}. ${found.fix}`] : [];
}
