/** What is looked at in a Parquet file: one column, or only how many rows it has. */
import { parquetMetadata, parquetReadObjects } from "hyparquet";
import { compressors } from "hyparquet-compressors";

/** @returns the values in the file's order; an empty list when it has no such column */
export async function parquetColumn(content: Buffer, column: string): Promise<unknown[]> {
  const rows = await parquetReadObjects({ file: asArrayBuffer(content), columns: [column], compressors });
  return rows.map((row) => row[column]);
}

export function parquetRowCount(content: Buffer): number {
  return Number(parquetMetadata(asArrayBuffer(content)).num_rows);
}

function asArrayBuffer({ buffer, byteOffset, byteLength }: Buffer): ArrayBuffer {
  return buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer;
}
