/** Brings the rows of a Delta table's data files into a lane, a block of files at a time. */
import * as path from "node:path";
import { allEnded, mapConcurrently } from "../../providers/concurrently";
import { identifier, type Lane, literal } from "../workspace";
import type { Bucket } from "./bucket";
import { deletedRows, storedVector } from "./deletion-vectors";
import type { DataFile, DeltaTable } from "./delta-table";

const DOWNLOADS_AT_ONCE = 8;
/** A micro-batch makes a small file: one by one, thousands of them would take their time in overhead. */
const FILES_IN_A_BLOCK = 128;
const BYTES_IN_A_BLOCK = 64e6;

/** Rows of a block that are part of the table. */
export interface FileRows {
  /** A relation with the files' columns. */
  readonly from: string;
  /** Expression for a column of the lake table; NULL when no file has it. */
  readonly column: (lakeName: string) => string;
  /** `order` of the file, and the row in it. */
  readonly file: string;
  readonly row: string;
}

export class DataFiles {
  constructor(
    private readonly bucket: Bucket,
    private readonly lane: Lane,
    private readonly table: DeltaTable,
  ) {}

  /** @param orders only these files */
  async eachBlock(
    work: (rows: FileRows) => Promise<void>,
    { orders, progress }: { orders?: ReadonlySet<number>; progress?: (files: number) => void } = {},
  ): Promise<void> {
    const files = orders ? this.table.files.filter(({ order }) => orders.has(order)) : this.table.files;
    let done = 0;
    for (const block of blocks(files)) {
      const local = ({ order }: DataFile) => path.join(this.lane.folder, `data-${order}.parquet`);
      try {
        const [, vectors] = await allEnded([
          mapConcurrently(block, DOWNLOADS_AT_ONCE, (file) => this.bucket.download(file.url, local(file))),
          this.vectors(block),
        ]);
        await this.keepVectors(vectors);
        await work(await this.rowsOf(block.map(local), vectors.size > 0));
      } finally {
        for (const file of block) this.lane.removeFile(local(file));
      }
      done += block.length;
      progress?.(done);
    }
  }

  private async vectors(block: readonly DataFile[]): Promise<Map<number, number[]>> {
    const found = new Map<number, number[]>();
    await mapConcurrently(block, DOWNLOADS_AT_ONCE, async ({ order, vector }) => {
      if (!vector) return;
      const place = storedVector(vector);
      const stored =
        place && (await this.bucket.part(`${this.table.url}/${place.path}`, place.offset, place.length));
      found.set(order, deletedRows(vector, stored));
    });
    return found;
  }

  private async keepVectors(vectors: ReadonlyMap<number, readonly number[]>): Promise<void> {
    if (vectors.size === 0) return;
    await this.lane.run("CREATE OR REPLACE TABLE deleted (file INTEGER, row BIGINT)");
    await this.lane.append("deleted", (appender) => {
      for (const [file, rows] of vectors) {
        for (const row of rows) {
          appender.appendInteger(file);
          appender.appendBigInt(BigInt(row));
          appender.endRow();
        }
      }
    });
  }

  private async rowsOf(files: readonly string[], hasVectors: boolean): Promise<FileRows> {
    // A file from before a column was added lacks it: then the column is NULL.
    const all = `read_parquet([${files.map(literal).join(", ")}], union_by_name = true, filename = true, file_row_number = true)`;
    const rows = await this.lane.rows<{ column_name: string }>(`DESCRIBE SELECT * FROM ${all}`);
    const present = new Set(rows.map((row) => row.column_name));
    const file = "regexp_extract(filename, 'data-([0-9]+)[.]parquet$', 1)::INTEGER";
    const row = "file_row_number";
    return {
      from: hasVectors
        ? `${all} AS data ANTI JOIN deleted ON deleted.file = ${file} AND deleted.row = data.${row}`
        : all,
      column: (name) => {
        const stored = this.table.columns.get(name)?.stored;
        return stored !== undefined && present.has(stored) ? identifier(stored) : "NULL";
      },
      file,
      row,
    };
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
