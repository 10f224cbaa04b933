import { setTimeout as pause } from "node:timers/promises";
import { type Client, DatabaseError } from "pg";
import { lookUpTables } from "../debezium/lists/lookup";
import type { Resolution } from "../debezium/lists/resolution";
import type { TableSelection } from "../debezium/lists/table-selection";
import type { Replication, TableName } from "../debezium/postgres";
import type { DatabaseAccess } from "../inputs";
import type { Pacing } from "../pacing";
import type { ConnectorConfig } from "../rest/api";
import { connected } from "./connection";
import { type DatabaseFacts, type DatabaseQuestion, readFacts } from "./facts";
import {
  CUT_OFF_HOLDER,
  countRows,
  DROP_SLOT,
  dropPublication,
  dropTable,
  EXISTING_TABLES,
  qualified,
  SLOT_HOLDER,
  SLOT_STATE,
} from "./replication-sql";
import { signalTableMark, TABLE_COMMENT } from "./signal-sql";
import { type Signalling, signalTable } from "./signalling";
import { readSourceFacts, type SourceFacts, type SourceQuestion } from "./source-facts";

export { DatabaseRefuses, DatabaseUnreachable } from "./connection";

// SQLSTATE codes, PostgreSQL documentation, appendix A.
const OBJECT_IN_USE = "55006";
const UNDEFINED_OBJECT = "42704";

/** Milliseconds: some billion rows. */
const LONGEST_COUNT = 3_600_000;

/** A replication slot as its database sees it. */
export interface Slot {
  readonly exists: boolean;
  /** The server process that feeds the slot's reader; undefined when nobody reads. */
  readonly reader: number | undefined;
  /** Up to where its reader has what was written to the log, in bytes of it; absent where the slot is new. */
  readonly confirmed?: number;
  /** Up to where the log is written. */
  readonly written?: number;
}

/** What is asked of a captured database. Each call may throw {@link DatabaseUnreachable} or {@link DatabaseRefuses}. */
export interface CapturedDatabase extends Signalling {
  /**
   * Drops the slot, the publication and the signal table, the last only if it was made for the connector; what is not there
   * is fine. A slot still in use is waited for, then its reader is cut off. One that may come back, because the reader
   * is beyond our reach and makes it again, is watched for a while and dropped again.
   */
  dropReplication(
    access: DatabaseAccess,
    replication: Replication,
    options: { readonly connector: string; readonly mayComeBack: boolean },
    pacing: Pacing,
  ): Promise<void>;
  /** Those of the tables (as `schema.table`) that the database does not have. */
  missingTables(access: DatabaseAccess, tables: readonly string[], pacing: Pacing): Promise<string[]>;
  readSlot(access: DatabaseAccess, slot: string, pacing: Pacing): Promise<Slot>;
  /** Drops the slot, cutting off its reader if need be; one that is not there is fine. */
  dropSlot(access: DatabaseAccess, slot: string, pacing: Pacing): Promise<void>;
  /** What the source is now. Changes nothing. */
  readSource(access: DatabaseAccess, question: SourceQuestion, pacing: Pacing): Promise<SourceFacts>;
  /** All statements take effect, or none. */
  repairPublication(access: DatabaseAccess, statements: readonly string[], pacing: Pacing): Promise<void>;
  /** Reads the whole tables, `schema.table`, one after the other on one connection; why one cannot be counted. */
  countRows(
    access: DatabaseAccess,
    tables: readonly string[],
    pacing: Pacing,
  ): Promise<ReadonlyMap<string, number | Error>>;
  /** The tables that the lists of a connector's config mean now. Changes nothing. */
  lookUpTables(
    access: DatabaseAccess,
    selection: TableSelection,
    config: ConnectorConfig,
    pacing: Pacing,
  ): Promise<Resolution>;
  /** What a connector will need to know. Changes nothing. */
  inspect(access: DatabaseAccess, question: DatabaseQuestion, pacing: Pacing): Promise<DatabaseFacts>;
}

export const postgresql: CapturedDatabase = {
  ...signalTable,

  dropReplication(access, { slot, publication, signalTable: signals }, { connector, mayComeBack }, pacing) {
    return connected(access, pacing.unreachable, pacing, async (database) => {
      const wasRead = await dropSlot(database, slot, pacing);
      if (publication) await database.query(dropPublication(publication));
      if (signals) await dropIfMade(database, signals, connector);
      if (!wasRead || !mayComeBack) return;
      const dropped = Date.now();
      while (Date.now() - dropped < pacing.slotReturn) {
        await pause(pacing.poll);
        await dropSlot(database, slot, pacing);
      }
      if (publication) await database.query(dropPublication(publication));
    });
  },

  missingTables(access, tables, pacing) {
    return connected(access, 0, pacing, async (database) => {
      const { rows } = await database.query<{ name: string }>(EXISTING_TABLES, [tables]);
      const there = new Set(rows.map((row) => row.name));
      return tables.filter((table) => !there.has(table));
    });
  },

  readSlot(access, slot, pacing) {
    return connected(access, 0, pacing, async (database) => {
      const { rows } = await database.query<{
        reader: number | null;
        confirmed: string | null;
        written: string;
      }>(SLOT_STATE, [slot]);
      const [found] = rows;
      if (!found) return { exists: false, reader: undefined };
      return {
        exists: true,
        reader: found.reader ?? undefined,
        ...(found.confirmed === null ? {} : { confirmed: Number(found.confirmed) }),
        written: Number(found.written),
      };
    });
  },

  dropSlot(access, slot, pacing) {
    return connected(access, pacing.unreachable, pacing, async (database) => {
      await dropSlot(database, slot, pacing);
    });
  },

  readSource(access, question, pacing) {
    return connected(access, 0, pacing, (database) => readSourceFacts(database, question));
  },

  repairPublication(access, statements, pacing) {
    return connected(access, pacing.unreachable, pacing, async (database) => {
      // Several statements in one query are one transaction.
      await database.query(statements.join("; "));
    });
  },

  countRows(access, tables, pacing) {
    return connected(
      access,
      pacing.unreachable,
      pacing,
      async (database) => {
        const counts = new Map<string, number | Error>();
        for (const table of tables) {
          const counted = database.query<{ rows: string }>(countRows(table));
          counts.set(
            table,
            await counted.then(
              ({ rows }) => Number(rows[0]?.rows),
              (error: Error) => error,
            ),
          );
        }
        return counts;
      },
      LONGEST_COUNT,
    );
  },

  lookUpTables(access, selection, config, pacing) {
    return connected(access, pacing.unreachable, pacing, (database) =>
      lookUpTables(database, selection, config),
    );
  },

  inspect(access, question, pacing) {
    return connected(access, 0, pacing, (database) => readFacts(database, question));
  },
};

async function dropIfMade(database: Client, name: TableName, connector: string): Promise<void> {
  const { rows } = await database.query<{ mark: string | null }>(TABLE_COMMENT, [qualified(name)]);
  if (rows[0]?.mark === signalTableMark(connector)) await database.query(dropTable(name));
}

/** @returns whether somebody was reading from it */
async function dropSlot(database: Client, slot: string, pacing: Pacing): Promise<boolean> {
  const started = Date.now();
  let wasRead = false;
  for (;;) {
    const { rows } = await database.query<{ active_pid: number | null }>(SLOT_HOLDER, [slot]);
    const [holder] = rows;
    if (!holder) return wasRead;
    wasRead ||= holder.active_pid !== null;
    const waited = Date.now() - started;
    if (holder.active_pid !== null && waited >= pacing.slotRelease)
      await database.query(CUT_OFF_HOLDER, [slot]);
    if (holder.active_pid === null || waited >= pacing.slotRelease) {
      try {
        await database.query(DROP_SLOT, [slot]);
        return wasRead;
      } catch (error) {
        const code = error instanceof DatabaseError ? error.code : undefined;
        if (code === UNDEFINED_OBJECT) return wasRead;
        if (code !== OBJECT_IN_USE || waited >= pacing.slotDrop) throw error;
      }
    }
    await pause(pacing.poll);
  }
}
