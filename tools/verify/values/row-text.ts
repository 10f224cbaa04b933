/**
 * The text and hash of a row, made in PostgreSQL and in DuckDB by the same recipe, so that they can be compared without
 * moving rows. NULL, an empty string and texts that contain the separator stay apart: each value has its length before it.
 */

/** `octet_length` in PostgreSQL, `strlen` in DuckDB: both count bytes of UTF-8. */
type ByteLength = "octet_length" | "strlen";

/** Bytes; of a longer text its MD5 stands in the row's, so that large values are not copied. */
export const LONGEST_TEXT = 512;

export function rowText(columns: readonly string[], byteLength: ByteLength): string {
  if (columns.length === 0) return "''";
  return columns
    .map((column) => {
      const length = `${byteLength}(${column})`;
      const text = `CASE WHEN ${length} > ${LONGEST_TEXT} THEN md5(${column}) ELSE ${column} END`;
      return `coalesce(CAST(${length} AS text) || ':' || ${text}, 'N')`;
    })
    .join(" || ");
}

/** 60 bits of a text's MD5 as a bigint that is not negative: sums of them are the same on both sides. */
export const hashSource = (text: string) => `('x0' || left(md5(${text}), 15))::bit(64)::bigint`;
export const hashLake = (text: string) => `('0x' || left(md5(${text}), 15))::BIGINT`;

/** A key of any type and any number of columns, as 128 bits. */
export const keySource = (text: string) => `md5(${text})::uuid`;
export const keyLake = (text: string) => `md5(${text})::UUID`;

/** Ranges are cut by the first 16 bits of the key's hash. */
const RANGE_BITS = 16;
const ROWS_IN_A_RANGE = 256;

/** @returns how many bits of the key's hash number the ranges of a table with about this many rows: 0 to 16 */
export function rangeBits(rows: number): number {
  return Math.min(RANGE_BITS, Math.max(0, Math.ceil(Math.log2(Math.max(1, rows) / ROWS_IN_A_RANGE))));
}

export const rangeSource = (key: string, bits: number) =>
  `(('x' || left(${key}::text, 4))::bit(16)::int >> ${RANGE_BITS - bits})`;
export const rangeLake = (key: string, bits: number) =>
  `(('0x' || left(${key}::VARCHAR, 4))::INTEGER >> ${RANGE_BITS - bits})`;
