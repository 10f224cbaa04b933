import { connected } from "./database-connection";
import type { TableName } from "./debezium-postgres";
import type { DatabaseAccess } from "./inputs";
import type { Pacing } from "./pacing";
import { qualified } from "./replication-sql";
import {
  countChunks,
  createSignalTable,
  deleteChunkMarks,
  deleteSignal,
  insertSignal,
  MARK_POSITION,
  POSITION,
  PUBLISHED_TABLES,
  removalNote,
  signalId,
  signalTableMark,
  snapshotRequest,
  TABLE_COMMENT,
} from "./signal-sql";

/** A snapshot that was asked for. */
export interface RequestedSnapshot {
  /** Events from this position of the log on come after the request. */
  readonly position: number;
  /** Whether the table was captured once before, and taken off the list. */
  readonly wasRemoved: boolean;
}

/** How a connector is talked to through its database. Each call may throw as those of `CapturedDatabase`. */
export interface Signalling {
  /** Makes the table unless it is there. @returns whether it is one made so, for this connector. */
  ensureSignalTable(
    access: DatabaseAccess,
    name: TableName,
    connector: string,
    pacing: Pacing,
  ): Promise<boolean>;
  /** The tables of a publication; undefined when there is no such publication. */
  publishedTables(access: DatabaseAccess, publication: string, pacing: Pacing): Promise<string[] | undefined>;
  /** Asks for the rows of a table. With `again` false, an earlier request for it that is still there counts. */
  requestSnapshot(
    access: DatabaseAccess,
    name: TableName,
    table: string,
    again: boolean,
    pacing: Pacing,
  ): Promise<RequestedSnapshot>;
  /** How many chunks of a table have been read since its snapshot was asked for. */
  countChunks(access: DatabaseAccess, name: TableName, table: string, pacing: Pacing): Promise<number>;
  /** Removes what the snapshot of a table has left in the signal table. */
  tidyUp(access: DatabaseAccess, name: TableName, table: string, pacing: Pacing): Promise<void>;
  /** Remembers that tables are no longer captured. */
  noteRemoval(
    access: DatabaseAccess,
    name: TableName,
    tables: readonly string[],
    pacing: Pacing,
  ): Promise<void>;
}

/** Debezium repeats the id of the request as `"correlationId": "…"` in the data of each chunk's rows. */
function correlation(table: string): string {
  return `"correlationId": ${JSON.stringify(signalId("snapshot", table))}`;
}

export const signalTable: Signalling = {
  ensureSignalTable(access, name, connector, pacing) {
    return connected(access, 0, pacing, async (database) => {
      const { rows } = await database.query<{ mark: string | null }>(TABLE_COMMENT, [qualified(name)]);
      if (rows[0]) return rows[0].mark === signalTableMark(connector);
      await database.query(createSignalTable(name, connector));
      return true;
    });
  },

  publishedTables(access, publication, pacing) {
    return connected(access, 0, pacing, async (database) => {
      const { rows } = await database.query<{ name: string }>(PUBLISHED_TABLES, [publication]);
      return rows.length > 0 ? rows.map((row) => row.name) : undefined;
    });
  },

  requestSnapshot(access, name, table, again, pacing) {
    return connected(access, pacing.unreachable, pacing, async (database) => {
      const id = signalId("snapshot", table);
      const removed = await database.query(deleteSignal(name), [signalId("removed", table)]);
      const wasRemoved = (removed.rowCount ?? 0) > 0;
      if (again || wasRemoved) await database.query(deleteSignal(name), [id]);
      await database.query(insertSignal(name), [id, "execute-snapshot", snapshotRequest(table)]);
      const { rows } = await database.query<{ position: string }>(POSITION);
      await database.query(MARK_POSITION);
      return { position: Number(rows[0]?.position), wasRemoved };
    });
  },

  countChunks(access, name, table, pacing) {
    return connected(access, 0, pacing, async (database) => {
      const { rows } = await database.query<{ chunks: number }>(countChunks(name), [correlation(table)]);
      return rows[0]?.chunks ?? 0;
    });
  },

  tidyUp(access, name, table, pacing) {
    return connected(access, 0, pacing, async (database) => {
      await database.query(deleteChunkMarks(name), [correlation(table)]);
    });
  },

  noteRemoval(access, name, tables, pacing) {
    return connected(access, 0, pacing, async (database) => {
      for (const table of tables) {
        await database.query(insertSignal(name), [signalId("removed", table), "log", removalNote(table)]);
      }
    });
  },
};
