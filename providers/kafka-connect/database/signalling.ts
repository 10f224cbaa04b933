import type { TableName } from "../debezium/postgres";
import type { DatabaseAccess } from "../inputs";
import type { Pacing } from "../pacing";
import { connected } from "./connection";
import { qualified } from "./replication-sql";
import {
  countChunks,
  createSignalTable,
  deleteChunkMarks,
  deleteSignals,
  insertSignal,
  MARK_POSITION,
  note,
  noteId,
  POSITION,
  PUBLISHED_TABLES,
  readNotes,
  type SnapshotType,
  signalTableMark,
  snapshotRequest,
  TABLE_COMMENT,
} from "./signal-sql";

/** A snapshot that is to be asked for. */
export interface SnapshotRequest {
  /** Of the signal; Debezium repeats it in the marks around each chunk. */
  readonly id: string;
  readonly type: SnapshotType;
  /** In one request, read one after the other. */
  readonly tables: readonly string[];
}

/** A table whose changes may be missing, as somebody was told. */
export interface GapNote {
  readonly table: string;
  readonly text: string;
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
  /** @returns the position of the log, in bytes, from which on events come after the request */
  requestSnapshot(
    access: DatabaseAccess,
    name: TableName,
    request: SnapshotRequest,
    pacing: Pacing,
  ): Promise<number>;
  /** How many chunks have been read for a request. */
  countChunks(access: DatabaseAccess, name: TableName, request: string, pacing: Pacing): Promise<number>;
  /** Removes a request and what its snapshot has left in the signal table. */
  tidyUp(access: DatabaseAccess, name: TableName, request: string, pacing: Pacing): Promise<void>;
  /** Remembers that tables are no longer captured. */
  noteRemoval(
    access: DatabaseAccess,
    name: TableName,
    tables: readonly string[],
    pacing: Pacing,
  ): Promise<void>;
  /** Those of the tables that were captured once and taken off the list, which is forgotten by this. */
  takeRemovalNotes(
    access: DatabaseAccess,
    name: TableName,
    tables: readonly string[],
    pacing: Pacing,
  ): Promise<string[]>;
  /** Remembers that changes of tables may be missing, until their rows have been read again. */
  noteGaps(access: DatabaseAccess, name: TableName, notes: readonly GapNote[], pacing: Pacing): Promise<void>;
  /** Empty also when there is no such signal table. */
  readGapNotes(access: DatabaseAccess, name: TableName, pacing: Pacing): Promise<GapNote[]>;
  forgetGaps(
    access: DatabaseAccess,
    name: TableName,
    tables: readonly string[],
    pacing: Pacing,
  ): Promise<void>;
}

/** Debezium repeats the id of the request as `"correlationId": "…"` in the data of each chunk's rows. */
function correlation(request: string): string {
  return `"correlationId": ${JSON.stringify(request)}`;
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

  requestSnapshot(access, name, { id, type, tables }, pacing) {
    return connected(access, pacing.unreachable, pacing, async (database) => {
      await database.query(insertSignal(name), [id, "execute-snapshot", snapshotRequest(type, tables)]);
      const { rows } = await database.query<{ position: string }>(POSITION);
      await database.query(MARK_POSITION);
      return Number(rows[0]?.position);
    });
  },

  countChunks(access, name, request, pacing) {
    return connected(access, 0, pacing, async (database) => {
      const { rows } = await database.query<{ chunks: number }>(countChunks(name), [correlation(request)]);
      return rows[0]?.chunks ?? 0;
    });
  },

  tidyUp(access, name, request, pacing) {
    return connected(access, 0, pacing, async (database) => {
      await database.query(deleteChunkMarks(name), [correlation(request)]);
      await database.query(deleteSignals(name), [[request]]);
    });
  },

  noteRemoval(access, name, tables, pacing) {
    return connected(access, 0, pacing, async (database) => {
      for (const table of tables) {
        const data = note(table, "no longer captured");
        await database.query(insertSignal(name), [noteId("removed", table), "log", data]);
      }
    });
  },

  takeRemovalNotes(access, name, tables, pacing) {
    return connected(access, pacing.unreachable, pacing, async (database) => {
      const ids = tables.map((table) => noteId("removed", table));
      const { rows } = await database.query<{ id: string }>(deleteSignals(name), [ids]);
      return tables.filter((_, index) => rows.some(({ id }) => id === ids[index]));
    });
  },

  noteGaps(access, name, notes, pacing) {
    return connected(access, 0, pacing, async (database) => {
      for (const { table, text } of notes) {
        await database.query(insertSignal(name), [noteId("gap", table), "log", note(table, text)]);
      }
    });
  },

  readGapNotes(access, name, pacing) {
    return connected(access, 0, pacing, async (database) => {
      const { rows } = await database.query(TABLE_COMMENT, [qualified(name)]);
      if (rows.length === 0) return [];
      const notes = await database.query<{ data: string }>(readNotes(name), ["gap"]);
      return notes.rows.map(({ data }) => JSON.parse(data));
    });
  },

  forgetGaps(access, name, tables, pacing) {
    return connected(access, 0, pacing, async (database) => {
      await database.query(deleteSignals(name), [tables.map((table) => noteId("gap", table))]);
    });
  },
};
