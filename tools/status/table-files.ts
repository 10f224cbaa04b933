/** Whether the files of the lake's tables are all there, looked at table after table for as long as there is time. */
import { mapConcurrently } from "../../providers/concurrently";
import { Bucket } from "../../readers/lake/bucket";
import { DeltaLog } from "../../readers/lake/delta-table";
import { type Lane, Workspace } from "../../readers/workspace";
import type { CapturedTable, Platform } from "../../stack/platform";
import { alarmOf, type Trouble } from "./trouble";

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
  const workspace = await Workspace.open();
  try {
    return await lookAt(Bucket.of(platform), workspace, inTurn(tables, Date.now()), deadline);
  } finally {
    workspace.close();
  }
}

export async function lookAt(
  bucket: Bucket,
  workspace: Workspace,
  tables: readonly CapturedTable[],
  deadline: number,
): Promise<LookedAt[]> {
  const lanes = await workspace.lanes(Math.min(TABLES_AT_ONCE, tables.length));
  const looked = await mapConcurrently(
    tables,
    TABLES_AT_ONCE,
    async ({ name, stateUrl, logUrl }, worker): Promise<LookedAt[]> => {
      if (Date.now() > deadline) return [];
      // One after the other: a lane is for one at a time.
      const lane = lanes[worker] as Lane;
      const state = await new DeltaLog(bucket, lane, stateUrl, "current state").inspect();
      const log = await new DeltaLog(bucket, lane, logUrl, "change log").inspect();
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
}

/** Pure: all of them, from another one on each time: of more than there is time for, each has its turn. */
export function inTurn<T>(all: readonly T[], turn: number): T[] {
  const first = all.length === 0 ? 0 : turn % all.length;
  return [...all.slice(first), ...all.slice(0, first)];
}

/** What is wrong with files, and what helps; undefined: nothing. */
export function damagedTables(looked: readonly LookedAt[]): Trouble | undefined {
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
  return found ? [alarmOf(found)] : [];
}
