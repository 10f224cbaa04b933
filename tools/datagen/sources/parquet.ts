/**
 * Parquet, one row group in memory at a time. Integer columns are bigint; everything else is text: dates and times in
 * ISO 8601, decimals with all digits, bytes as PostgreSQL's \x…, nested values as JSON.
 */
import { promises as fs } from "node:fs";
import * as path from "node:path";
import {
  asyncBufferFromFile,
  type FileMetaData,
  parquetMetadataAsync,
  parquetRead,
  parquetSchema,
  type SchemaTree,
} from "hyparquet";
import { compressors } from "hyparquet-compressors";
import { UserError } from "../../../stack/console";
import { exactParsers, textOf, withoutDecimal } from "./parquet-values";
import type { Source, SourceRow, Value } from "./source";

const blockSize = 1000;

/** Throws a UserError when it is no Parquet file or is compressed in a way that is not read. */
export async function parquetFile(file: string): Promise<Source> {
  const title = path.basename(file);
  await fs.access(file, fs.constants.R_OK).catch((error: NodeJS.ErrnoException) => {
    throw new UserError(
      error.code === "ENOENT" ? `There is no file ${file}.` : `${file} cannot be read: ${error.message}.`,
      "Check -i.",
    );
  });
  const buffer = await asyncBufferFromFile(file);
  const metadata: FileMetaData = await parquetMetadataAsync(buffer).catch((error: Error) => {
    throw new UserError(`${file} is no readable Parquet file: ${error.message}.`, "For CSV give -es csv.");
  });
  checkCompression(metadata, title);
  const schema = parquetSchema(metadata).children;
  const columns = schema.map((column) => column.element.name);
  const texts = schema.map(({ element }) => textOf(element));
  const topLevel = new Set(schema.map(({ element }) => element));
  const readable = {
    ...metadata,
    schema: metadata.schema.map((element) => (topLevel.has(element) ? withoutDecimal(element) : element)),
  };
  const read = (start: number, end: number) =>
    readColumns(buffer, readable, columns, start, end).catch((error: Error) => {
      throw new UserError(
        `${title} cannot be read: ${error.message}.`,
        "Write it again with plain columns (numbers, text, dates).",
      );
    });
  const row = (data: unknown[][], index: number): Value[] =>
    texts.map((text, column) => text(data[column]?.[index]));

  return {
    title,
    remedy: "Correct the row",
    columns,
    survey: async () => ({
      rows: Number(metadata.num_rows),
      columns: schema.map((column) => ({
        name: column.element.name,
        type: isIntegerColumn(column) ? "bigint" : "text",
      })),
    }),
    async *blocks() {
      let start = 0;
      for (const group of metadata.row_groups) {
        const end = start + Number(group.num_rows);
        const data = await read(start, end);
        for (let blockStart = start; blockStart < end; blockStart += blockSize) {
          const block: SourceRow[] = [];
          for (let i = blockStart; i < Math.min(blockStart + blockSize, end); i++) {
            block.push({ values: row(data, i - start), start: i, end: i + 1 });
          }
          yield block;
        }
        start = end;
      }
    },
    locate: async ({ start }) => `row ${start + 1}`,
    /** A binary file has no line to copy: the row as one line of JSON. */
    async original({ start, end }) {
      const values = row(await read(start, end), 0);
      return Buffer.from(JSON.stringify(Object.fromEntries(columns.map((name, i) => [name, values[i]]))));
    },
    header: async () => undefined,
  };
}

/** The values of the rows from `start` up to `end`, by column. */
async function readColumns(
  file: Awaited<ReturnType<typeof asyncBufferFromFile>>,
  metadata: FileMetaData,
  columns: string[],
  start: number,
  end: number,
): Promise<unknown[][]> {
  const data = columns.map(() => new Array<unknown>(end - start));
  await parquetRead({
    file,
    metadata,
    compressors,
    parsers: exactParsers,
    // Unmarked bytes come as they are.
    utf8: false,
    rowStart: start,
    rowEnd: end,
    onChunk({ columnName, columnData, rowStart }) {
      const column = data[columns.indexOf(columnName)] as unknown[];
      for (let i = 0; i < columnData.length; i++) {
        const row = rowStart + i;
        if (row >= start && row < end) column[row - start] = columnData[i];
      }
    },
  });
  return data;
}

function checkCompression(metadata: FileMetaData, title: string): void {
  const readable = new Set(["UNCOMPRESSED", "SNAPPY", ...Object.keys(compressors)]);
  for (const group of metadata.row_groups) {
    for (const column of group.columns) {
      const codec = column.meta_data?.codec;
      if (codec === undefined || readable.has(codec)) continue;
      throw new UserError(
        `${title} is compressed with ${codec}, which is not read.`,
        "Write the file with snappy, zstd, gzip or brotli.",
      );
    }
  }
}

function isIntegerColumn({ element, children }: SchemaTree): boolean {
  if (children.length > 0 || element.repetition_type === "REPEATED") return false;
  if (element.type !== "INT32" && element.type !== "INT64") return false;
  const meaning = element.logical_type?.type ?? element.converted_type;
  return meaning === undefined || /^U?INT(EGER|_\d+)?$/.test(meaning);
}
