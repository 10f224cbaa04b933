/** Which data files a Delta table has at a version; the format is the Delta protocol's. */
import * as path from "node:path";
import { mapConcurrently } from "../../providers/concurrently";
import { type Lane, literal } from "../workspace";
import type { Bucket, StoredObject } from "./bucket";
import type { VectorDescriptor } from "./deletion-vectors";
import {
  type Action,
  applyCommit,
  checkReadable,
  emptyState,
  type LakeColumn,
  type TableState,
  UnreadableTable,
} from "./delta-actions";
import type { QueryPosition } from "./streaming-query";

export interface DeltaTable {
  /** `s3a://bucket/folder` */
  readonly url: string;
  readonly version: number;
  readonly files: readonly DataFile[];
  readonly columns: ReadonlyMap<string, LakeColumn>;
  readonly configuration: Readonly<Record<string, string>>;
}

export interface DataFile {
  readonly url: string;
  /** Place in the order in which the files came. */
  readonly order: number;
  /** Bytes. */
  readonly size: number;
  readonly vector: VectorDescriptor | undefined;
  /** JSON, as the Delta protocol has it: bounds of the columns' values. */
  readonly stats?: string | undefined;
}

/** What can be told of a table from its log and the names of its files. */
export interface Inspection {
  readonly version: number;
  readonly lastCommit: Date | undefined;
  /** Undefined: every file is there. */
  readonly damage: string | undefined;
}

const COMMIT = /^(\d{20})\.json$/;
const CHECKPOINT = /^(\d{20})\.checkpoint\.(?:(\d{10})\.(\d{10})\.)?parquet$/;
const COMMITS_AT_ONCE = 8;

export class DeltaLog {
  private readonly commits = new Map<number, Action[]>();

  constructor(
    private readonly bucket: Bucket,
    private readonly lane: Lane,
    private readonly url: string,
    /** Names its files in the lane. */
    private readonly name: string,
  ) {}

  /**
   * The table as it was after a micro-batch: with every commit before the query's next one, other programs' included.
   *
   * @returns undefined when there was no table then
   * @throws UnreadableTable
   */
  async after(position: QueryPosition): Promise<DeltaTable | undefined> {
    const names = await this.bucket.list(`${this.url}/_delta_log`);
    const versions = names.flatMap((name) => COMMIT.exec(name)?.[1] ?? []).map(Number);
    const version = await this.versionAfter(position, versions);
    return version === undefined ? undefined : this.at(version, names);
  }

  /** Columns that the table was made with; undefined when its first commit is no longer there. */
  async originalColumns(): Promise<ReadonlySet<string> | undefined> {
    try {
      const state = emptyState();
      applyCommit(state, 0, await this.commit(0));
      return new Set(state.columns.keys());
    } catch {
      return undefined;
    }
  }

  /**
   * Looks whether every file that the newest version consists of is there, with as many bytes as the log says.
   *
   * @returns undefined: there is no such table
   */
  async inspect(): Promise<Inspection | undefined> {
    const objects = await this.bucket.objects(this.url);
    const folder = `${this.url}/_delta_log/`;
    const names = [...objects.keys()].flatMap((url) =>
      url.startsWith(folder) ? url.slice(folder.length) : [],
    );
    const version = newestOf(names);
    if (version < 0) return undefined;
    const lastCommit = objects.get(`${folder}${nameOf(version)}`)?.modified;
    try {
      const { files } = await this.at(version, names);
      return { version, lastCommit, damage: files.flatMap((file) => damageOf(file, objects) ?? [])[0] };
    } catch (error) {
      if (error instanceof UnreadableTable)
        return { version, lastCommit, damage: `${this.url}: ${error.message}` };
      throw error;
    }
  }

  /** The newest version; -1 when there is none. */
  async newest(): Promise<number> {
    const names = await this.bucket.list(`${this.url}/_delta_log`);
    return newestOf(names);
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
    const first = (checkpoint?.version ?? -1) + 1;
    const state = emptyState();
    for (const part of checkpoint?.parts ?? []) await this.applyCheckpoint(part, state);
    const wanted = Array.from({ length: version - first + 1 }, (_, index) => first + index);
    const commits = await mapConcurrently(wanted, COMMITS_AT_ONCE, (one) => this.commit(one));
    for (const [index, actions] of commits.entries()) applyCommit(state, first + index, actions);
    checkReadable(state);
    const files = [...state.files].sort(
      ([aPath, a], [bPath, b]) =>
        a.version - b.version || a.modificationTime - b.modificationTime || aPath.localeCompare(bPath),
    );
    return {
      url: this.url,
      version,
      files: files.map(([file, { size, vector, stats }], order) => ({
        url: `${this.url}/${decodeURIComponent(file)}`,
        order,
        size,
        vector,
        stats,
      })),
      columns: state.columns,
      configuration: state.configuration,
    };
  }

  private async applyCheckpoint(name: string, state: TableState): Promise<void> {
    const file = path.join(this.lane.folder, `checkpoint of the ${this.name}.parquet`);
    await this.bucket.download(`${this.url}/_delta_log/${name}`, file);
    const rows = await this.lane.rows<{ action: string }>(
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
    const known = this.commits.get(version);
    if (known) return known;
    const name = `${this.url}/_delta_log/${nameOf(version)}`;
    try {
      const lines = (await this.bucket.text(name)).split("\n").filter(Boolean);
      const actions = lines.map((line) => JSON.parse(line) as Action);
      this.commits.set(version, actions);
      return actions;
    } catch (error) {
      throw new UnreadableTable(
        `its log is damaged: ${name} cannot be read (${(error as Error).message}), and without it nobody knows the table's files`,
      );
    }
  }
}

function nameOf(version: number): string {
  return `${String(version).padStart(20, "0")}.json`;
}

function damageOf({ url, size }: DataFile, objects: ReadonlyMap<string, StoredObject>): string | undefined {
  const seen = objects.get(url)?.size;
  if (seen === undefined) return `data file ${url} is missing`;
  if (seen !== size) return `data file ${url} has ${seen} bytes instead of ${size}`;
}

function newestOf(names: readonly string[]): number {
  return Math.max(-1, ...names.flatMap((name) => COMMIT.exec(name)?.[1] ?? []).map(Number));
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
