/** Follows the log of one Delta table from outside, commit by commit. */
import { setTimeout as pause } from "node:timers/promises";
import { type Add, type Commit, commitOf, TableFiles } from "../../readers/lake/delta-commit";
import type { LakeObjects } from "./lake-objects";
import { parquetRowCount } from "./parquet-column";

/** How often the next commit is asked for, in milliseconds: when its moment counts, and when only many rows do. */
const POLL = 25;
const POLL_FOR_MANY = 250;

/** A commit, and when it could be read. */
export interface SeenCommit extends Commit {
  readonly version: number;
  /** `Date.now()`. */
  readonly seenAt: number;
}

export class DeltaLog {
  readonly table = new TableFiles();
  /** The newest one read; -1: there is no table yet. */
  version = -1;

  /** @param folder the table's, relative to the bucket */
  constructor(
    private readonly objects: LakeObjects,
    readonly folder: string,
  ) {}

  /** The commits that came since the last call; the first call gives all there are. */
  async poll(): Promise<SeenCommit[]> {
    const commits: SeenCommit[] = [];
    for (;;) {
      const name = `${String(this.version + 1).padStart(20, "0")}.json`;
      const content = await this.objects.get(`${this.folder}/_delta_log/${name}`);
      if (!content) return commits;
      this.version++;
      const seenAt = Date.now();
      const read = commitOf(content.toString("utf8"));
      const adds = await Promise.all(read.adds.map((add) => this.counted(add)));
      const commit = { ...read, adds, version: this.version, seenAt };
      this.table.apply(commit);
      commits.push(commit);
    }
  }

  /** Waits for the first commit that changes rows and was not read yet. @throws Error after the deadline */
  async nextChange(deadline: number): Promise<SeenCommit> {
    for (;;) {
      const changed = (await this.poll()).find((commit) => commit.changesRows);
      if (changed) return changed;
      if (Date.now() > deadline)
        throw new Error(`${this.folder}: no new rows came, and none will be waited for`);
      await pause(POLL);
    }
  }

  /** Waits until the table has this many rows; returns when that was seen. @throws Error after the deadline */
  async untilRows(rows: number, deadline: number, told: (rows: number) => void = () => {}): Promise<number> {
    for (;;) {
      for (const commit of await this.poll()) {
        told(this.table.rows);
        if (this.table.rows >= rows) return commit.seenAt;
      }
      if (this.table.rows >= rows) return Date.now();
      if (Date.now() > deadline) {
        throw new Error(`${this.folder} has ${this.table.rows} rows of ${rows}, and is no longer waited for`);
      }
      await pause(POLL_FOR_MANY);
    }
  }

  /** A data file's content. */
  async file(add: Add): Promise<Buffer> {
    const content = await this.objects.get(`${this.folder}/${decodeURIComponent(add.path)}`);
    if (!content) throw new Error(`${this.folder}: the data file ${add.path} is gone`);
    return content;
  }

  /** A writer may leave the number of rows out of the log. */
  private async counted(add: Add): Promise<Add> {
    if (!Number.isNaN(add.rows)) return add;
    return { ...add, rows: parquetRowCount(await this.file(add)) - add.deleted };
  }

  /** How many objects its log has: commits, checkpoints, checksums. */
  async logObjects(): Promise<number> {
    return (await this.objects.names(`${this.folder}/_delta_log`)).length;
  }
}
