/** Which data files a Delta table has at a version; the format is the Delta protocol's. */
import * as path from "node:path";
import { Obstacle } from "../request";
import { literal, type Workspace } from "../workspace";
import type { Bucket } from "./bucket";
import { type Action, applyCommit, checkReadable, emptyState, type TableState } from "./delta-actions";
import type { QueryPosition } from "./streaming-query";

export interface DeltaTable {
  readonly version: number;
  readonly files: readonly DataFile[];
  /** Column → its name in the data files. */
  readonly columns: ReadonlyMap<string, string>;
}

export interface DataFile {
  readonly url: string;
  /** Place in the order in which the files came. */
  readonly order: number;
  /** Bytes. */
  readonly size: number;
}

const COMMIT = /^(\d{20})\.json$/;
const CHECKPOINT = /^(\d{20})\.checkpoint\.(?:(\d{10})\.(\d{10})\.)?parquet$/;

export class DeltaLog {
  constructor(
    private readonly bucket: Bucket,
    private readonly workspace: Workspace,
    private readonly url: string,
  ) {}

  /**
   * The table as it was after a micro-batch: with every commit before the query's next one, other programs' included.
   *
   * @returns undefined when there was no table then
   */
  async after(position: QueryPosition): Promise<DeltaTable | undefined> {
    const names = await this.bucket.list(`${this.url}/_delta_log`);
    const versions = names.flatMap((name) => COMMIT.exec(name)?.[1] ?? []).map(Number);
    const version = await this.versionAfter(position, versions);
    return version === undefined ? undefined : this.at(version, names);
  }

  private async versionAfter(position: QueryPosition, versions: number[]): Promise<number | undefined> {
    let found: number | undefined;
    for (const version of versions.sort((a, b) => b - a)) {
      const batch = batchOf(await this.commit(version), position.queryId);
      if (batch === undefined || batch <= position.batchId) found ??= version;
      else found = undefined;
      if (batch !== undefined && batch <= position.batchId) return found;
    }
    return found;
  }

  private async at(version: number, names: readonly string[]): Promise<DeltaTable> {
    const checkpoints = completeCheckpoints(names).filter((checkpoint) => checkpoint.version <= version);
    const checkpoint = checkpoints.sort((a, b) => b.version - a.version)[0];
    const state = emptyState();
    for (const part of checkpoint?.parts ?? []) await this.applyCheckpoint(part, state);
    for (let next = (checkpoint?.version ?? -1) + 1; next <= version; next++) {
      applyCommit(state, next, await this.commit(next));
    }
    checkReadable(this.url, state);
    const files = [...state.files].sort(
      ([aPath, a], [bPath, b]) =>
        a.version - b.version || a.modificationTime - b.modificationTime || aPath.localeCompare(bPath),
    );
    return {
      version,
      files: files.map(([file, { size }], order) => ({
        url: `${this.url}/${decodeURIComponent(file)}`,
        order,
        size,
      })),
      columns: state.columns,
    };
  }

  private async applyCheckpoint(name: string, state: TableState): Promise<void> {
    const file = path.join(this.workspace.folder, "checkpoint.parquet");
    await this.bucket.download(`${this.url}/_delta_log/${name}`, file);
    const rows = await this.workspace.rows<{ action: string }>(
      `SELECT to_json({add: add, metaData: metaData, protocol: protocol})::VARCHAR AS action
         FROM read_parquet(${literal(file)}) WHERE add IS NOT NULL OR metaData IS NOT NULL OR protocol IS NOT NULL`,
    );
    applyCommit(
      state,
      -1,
      rows.map(({ action }) => JSON.parse(action)),
    );
  }

  private async commit(version: number): Promise<Action[]> {
    const name = `${this.url}/_delta_log/${String(version).padStart(20, "0")}.json`;
    try {
      return (await this.bucket.text(name))
        .split("\n")
        .filter(Boolean)
        .map((line) => JSON.parse(line));
    } catch (error) {
      throw new Obstacle(
        `${name} cannot be read: ${(error as Error).message}.`,
        "The table's log is damaged: without that commit nobody knows its files.",
      );
    }
  }
}

/** The micro-batch of this query that a commit is; undefined for every other commit. */
function batchOf(actions: readonly Action[], queryId: string): number | undefined {
  for (const { commitInfo } of actions) {
    if (!commitInfo?.userMetadata) continue;
    try {
      const note = JSON.parse(commitInfo.userMetadata);
      if (note?.queryId === queryId && typeof note.batchId === "number") return note.batchId;
    } catch {
      // Somebody else's note.
    }
  }
  return undefined;
}

/** A checkpoint of several parts counts when all are there. */
function completeCheckpoints(names: readonly string[]): { version: number; parts: string[] }[] {
  const found = new Map<string, { version: number; wanted: number; parts: string[] }>();
  for (const name of names) {
    const [, version, , wanted] = CHECKPOINT.exec(name) ?? [];
    if (version === undefined) continue;
    const id = `${version}/${wanted ?? 1}`;
    const checkpoint = found.get(id) ?? { version: Number(version), wanted: Number(wanted ?? 1), parts: [] };
    checkpoint.parts.push(name);
    found.set(id, checkpoint);
  }
  return [...found.values()].filter(({ wanted, parts }) => parts.length === wanted);
}
