import { setTimeout as pause } from "node:timers/promises";
import { Client, DatabaseError } from "pg";
import { type DatabaseFacts, type DatabaseQuestion, readFacts } from "./database-facts";
import type { Replication } from "./debezium-postgres";
import type { DatabaseAccess } from "./inputs";
import type { Pacing } from "./pacing";
import { CUT_OFF_HOLDER, DROP_SLOT, dropPublication, EXISTING_TABLES, SLOT_HOLDER } from "./replication-sql";

// SQLSTATE codes, PostgreSQL documentation, appendix A.
const OBJECT_IN_USE = "55006";
const UNDEFINED_OBJECT = "42704";
/** Starting up, shutting down, or out of connections: all pass. */
const PASSING = new Set(["57P03", "57P01", "53300"]);

/** PostgreSQL does not answer at the address given: it is down, gone, or somewhere else. */
export class DatabaseUnreachable extends Error {}

/** PostgreSQL answers, but refuses. */
export class DatabaseRefuses extends Error {}

/** A replication slot as its database sees it. */
export interface Slot {
  readonly exists: boolean;
  /** The server process that feeds the slot's reader; undefined when nobody reads. */
  readonly reader: number | undefined;
}

/** What is asked of a captured database. Each call may throw {@link DatabaseUnreachable} or {@link DatabaseRefuses}. */
export interface CapturedDatabase {
  /**
   * Drops the slot and the publication; what is not there is fine. A slot still in use is waited for, then its reader
   * is cut off.
   */
  dropReplication(access: DatabaseAccess, replication: Replication, pacing: Pacing): Promise<void>;
  /** Those of the tables (as `schema.table`) that the database does not have. */
  missingTables(access: DatabaseAccess, tables: readonly string[], pacing: Pacing): Promise<string[]>;
  readSlot(access: DatabaseAccess, slot: string, pacing: Pacing): Promise<Slot>;
  /** What a connector will need to know. Changes nothing. */
  inspect(access: DatabaseAccess, question: DatabaseQuestion, pacing: Pacing): Promise<DatabaseFacts>;
}

export const postgresql: CapturedDatabase = {
  dropReplication(access, { slot, publication }, pacing) {
    return connected(access, pacing.unreachable, pacing, async (database) => {
      await dropSlot(database, slot, pacing);
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
      const { rows } = await database.query<{ active_pid: number | null }>(SLOT_HOLDER, [slot]);
      return { exists: rows.length > 0, reader: rows[0]?.active_pid ?? undefined };
    });
  },

  inspect(access, question, pacing) {
    return connected(access, 0, pacing, (database) => readFacts(database, question));
  },
};

async function dropSlot(database: Client, slot: string, pacing: Pacing): Promise<void> {
  const started = Date.now();
  for (;;) {
    const { rows } = await database.query<{ active_pid: number | null }>(SLOT_HOLDER, [slot]);
    const [holder] = rows;
    if (!holder) return;
    const waited = Date.now() - started;
    if (holder.active_pid !== null && waited >= pacing.slotRelease)
      await database.query(CUT_OFF_HOLDER, [slot]);
    if (holder.active_pid === null || waited >= pacing.slotRelease) {
      try {
        await database.query(DROP_SLOT, [slot]);
        return;
      } catch (error) {
        const code = error instanceof DatabaseError ? error.code : undefined;
        if (code === UNDEFINED_OBJECT) return;
        if (code !== OBJECT_IN_USE || waited >= pacing.slotDrop) throw error;
      }
    }
    await pause(pacing.poll);
  }
}

async function connected<T>(
  access: DatabaseAccess,
  patience: number,
  pacing: Pacing,
  work: (database: Client) => Promise<T>,
): Promise<T> {
  const database = await connect(access, patience, pacing);
  try {
    return await work(database);
  } catch (error) {
    throw explain(error, access);
  } finally {
    await database.end().catch(() => {});
  }
}

async function connect(access: DatabaseAccess, patience: number, pacing: Pacing): Promise<Client> {
  const started = Date.now();
  for (;;) {
    const database = new Client({
      ...access,
      application_name: "cdc-platform connector clean-up",
      connectionTimeoutMillis: pacing.call,
      query_timeout: pacing.call,
    });
    // An error that comes after a failed connection attempt has no listener otherwise, and would end the process.
    database.on("error", () => {});
    try {
      await database.connect();
      return database;
    } catch (error) {
      await database.end().catch(() => {});
      const refused = error instanceof DatabaseError && !PASSING.has(error.code ?? "");
      if (refused || Date.now() - started >= patience) throw explain(error, access);
      await pause(pacing.poll);
    }
  }
}

function explain(error: unknown, { host, port, user, database }: DatabaseAccess): Error {
  const where = `PostgreSQL at ${host}:${port}`;
  if (error instanceof DatabaseError && !PASSING.has(error.code ?? "")) {
    return new DatabaseRefuses(`${where} (role ${user}, database ${database}) refuses: ${error.message}`);
  }
  const nested = (error as { errors?: Error[] }).errors?.[0];
  const message = error instanceof Error ? error.message || nested?.message : String(error);
  return new DatabaseUnreachable(`${where} cannot be reached: ${message}`);
}
