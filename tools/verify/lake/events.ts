/** Brings the events of one table into the workspace, a block of files at a time. */
import * as path from "node:path";
import type { TableShape } from "../source/table-shape";
import type { Workspace } from "../workspace";
import type { Bucket } from "./bucket";
import type { DataFile, DeltaTable } from "./delta-table";
import { EVENT_COLUMNS, eventRows, eventTexts, fileSource, parquetFiles } from "./event-sql";

const DOWNLOADS_AT_ONCE = 8;
/** A micro-batch makes a small file: one by one, thousands of them would take their time in overhead. */
const FILES_IN_A_BLOCK = 128;
const BYTES_IN_A_BLOCK = 64e6;

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
    await this.eachBlock(this.table.files, async (files) => {
      const source = fileSource(files, await this.columnsOf(files));
      await this.workspace.run(`INSERT INTO events ${eventRows(source, this.shape, this.placeholder)}`);
      done += files.length;
      progress(done);
    });
  }

  /** Calls back with relations of the events' common texts in some files. */
  async texts(orders: ReadonlySet<number>, read: (relation: string) => Promise<void>): Promise<void> {
    const files = this.table.files.filter(({ order }) => orders.has(order));
    await this.eachBlock(files, async (local) => {
      await read(eventTexts(fileSource(local, await this.columnsOf(local)), this.shape));
    });
  }

  private async eachBlock(
    files: readonly DataFile[],
    work: (files: readonly string[]) => Promise<void>,
  ): Promise<void> {
    for (const block of blocks(files)) {
      const local = ({ order }: DataFile) => path.join(this.workspace.folder, `data-${order}.parquet`);
      const waiting = [...block];
      const downloads = Array.from({ length: DOWNLOADS_AT_ONCE }, async () => {
        for (let file = waiting.shift(); file; file = waiting.shift()) {
          await this.bucket.download(file.url, local(file));
        }
      });
      await Promise.all(downloads);
      await work(block.map(local));
      for (const file of block) this.workspace.removeFile(local(file));
    }
  }

  /** Lake column → column of the files, where at least one has it. */
  private async columnsOf(files: readonly string[]): Promise<Map<string, string>> {
    const rows = await this.workspace.rows<{ column_name: string }>(
      `DESCRIBE SELECT * FROM ${parquetFiles(files)}`,
    );
    const present = new Set(rows.map((row) => row.column_name));
    return new Map([...this.table.columns].filter(([, physical]) => present.has(physical)));
  }
}

/** Pure: files in their order, so many together as a block may have. */
export function blocks(files: readonly DataFile[]): DataFile[][] {
  const found: DataFile[][] = [];
  let bytes = 0;
  for (const file of files) {
    const block = found.at(-1);
    if (block && block.length < FILES_IN_A_BLOCK && bytes + file.size <= BYTES_IN_A_BLOCK) {
      block.push(file);
      bytes += file.size;
    } else {
      found.push([file]);
      bytes = file.size;
    }
  }
  return found;
}
