/** Brings the events of one table into the workspace, file by file. */
import * as path from "node:path";
import type { TableShape } from "../source/table-shape";
import { literal, type Workspace } from "../workspace";
import type { Bucket } from "./bucket";
import type { DataFile, DeltaTable } from "./delta-table";
import { EVENT_COLUMNS, eventRows, eventTexts, fileSource } from "./event-sql";

const AHEAD = 4;

export class LakeEvents {
  constructor(
    private readonly bucket: Bucket,
    private readonly workspace: Workspace,
    private readonly table: DeltaTable,
    private readonly shape: TableShape,
    private readonly placeholder: string,
  ) {}

  /** Fills the table `events`. */
  async load(progress: (files: number) => void): Promise<void> {
    await this.workspace.run(`CREATE OR REPLACE TABLE events (${EVENT_COLUMNS})`);
    let done = 0;
    await this.eachFile(this.table.files, async (file, order) => {
      const source = fileSource(file, order, await this.columnsOf(file));
      await this.workspace.run(`INSERT INTO events ${eventRows(source, this.shape, this.placeholder)}`);
      progress(++done);
    });
  }

  /** Calls back with a relation of the events' common texts for each of some files. */
  async texts(orders: ReadonlySet<number>, read: (relation: string) => Promise<void>): Promise<void> {
    const files = this.table.files.filter(({ order }) => orders.has(order));
    await this.eachFile(files, async (file, order) => {
      await read(eventTexts(fileSource(file, order, await this.columnsOf(file)), this.shape));
    });
  }

  /** Downloads a few files ahead of the one that is worked on, and removes each afterwards. */
  private async eachFile(
    files: readonly DataFile[],
    work: (file: string, order: number) => Promise<void>,
  ): Promise<void> {
    const local = (order: number) => path.join(this.workspace.folder, `data-${order}.parquet`);
    const downloads: Promise<unknown>[] = [];
    const download = (index: number) => {
      const next = files[index];
      if (!next) return;
      const started = this.bucket.download(next.url, local(next.order));
      // Awaited later; until then its failure is not unhandled.
      started.catch(() => {});
      downloads[index] = started;
    };
    for (let index = 0; index < AHEAD; index++) download(index);
    for (const [index, { order }] of files.entries()) {
      await downloads[index];
      download(index + AHEAD);
      await work(local(order), order);
      this.workspace.removeFile(local(order));
    }
  }

  /** Lake column → column of the file; a file from before a column was added lacks it. */
  private async columnsOf(file: string): Promise<Map<string, string>> {
    const rows = await this.workspace.rows<{ column_name: string }>(
      `DESCRIBE SELECT * FROM read_parquet(${literal(file)})`,
    );
    const present = new Set(rows.map((row) => row.column_name));
    return new Map([...this.table.columns].filter(([, physical]) => present.has(physical)));
  }
}
