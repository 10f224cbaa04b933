/** Which part of a table is compared next: a table that is large is compared range by range of its first key column. */
import { type Client, escapeIdentifier } from "pg";
import type { CapturedTable } from "../../stack/platform";
import type { Part } from "../verify/compare/compare-state";
import { isDivisible } from "../verify/compare/key-range";
import type { Plan } from "../verify/compare/plan";

/** That PostgreSQL reads for one part. */
const BYTES_A_PART = 16e6;
const LEAST_ROWS = 1_000;
const MOST_ROWS = 100_000;
/** Taken for a row's as long as PostgreSQL has no statistics: rather too few rows at once than too many bytes. */
const LARGE_ROW_BYTES = 8_000;

interface Size {
  readonly bytes: number;
  /** Not above 0: not known. */
  readonly rows: number;
  /** Type of the column, where an index begins with it; else null. */
  readonly type: string | null;
}

/** $1 regclass, $2 a column. Of a partitioned table, all its partitions. */
const SIZE = `
  SELECT sum(pg_table_size(c.oid))::float8 AS bytes, sum(c.reltuples)::float8 AS rows,
         (SELECT t.typname FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
            JOIN pg_type t ON t.oid = a.atttypid
           WHERE i.indrelid = $1::regclass AND i.indisvalid AND i.indpred IS NULL AND a.attname = $2 LIMIT 1) AS type
    FROM pg_class c
   WHERE c.oid IN (SELECT $1::regclass UNION SELECT relid FROM pg_partition_tree($1::regclass))`;

/** @param from where the part begins; undefined: at the table's beginning */
export async function nextPart(
  client: Pick<Client, "query">,
  table: CapturedTable,
  plan: Plan,
  from: string | undefined,
): Promise<Part> {
  const name = `${escapeIdentifier(table.schema)}.${escapeIdentifier(table.table)}`;
  const [column = ""] = plan.key;
  const { rows: sizes } = await client.query<Size>(SIZE, [name, column]);
  const { bytes, rows, type } = sizes[0] as Size;
  const known = rows > 0 ? rows : Math.ceil(bytes / LARGE_ROW_BYTES);
  const whole: Part = { range: undefined, rows: known, bytes };
  const lakeName = plan.state?.columns.find((one) => one.name === column)?.lakeName;
  const isWhole = from === undefined && bytes <= BYTES_A_PART;
  if (
    isWhole ||
    !plan.state ||
    lakeName === undefined ||
    !isDivisible(plan.state.table, lakeName, type ?? "")
  )
    return whole;
  const count = rowsOfPart(bytes / Math.max(1, known));
  const below = await boundAfter(client, name, column, from, count);
  return {
    range: { column, from: from ?? null, below },
    rows: count,
    bytes: Math.min(bytes, (count * bytes) / Math.max(1, known)),
  };
}

/** Pure. */
export function rowsOfPart(rowBytes: number): number {
  return Math.round(Math.min(MOST_ROWS, Math.max(LEAST_ROWS, BYTES_A_PART / Math.max(1, rowBytes))));
}

/** The value before which about so many rows lie; null: there are no more rows than that. */
async function boundAfter(
  client: Pick<Client, "query">,
  name: string,
  column: string,
  from: string | undefined,
  count: number,
): Promise<string | null> {
  const value = `source.${escapeIdentifier(column)}`;
  const ask = async (condition: string, skipped: number) => {
    const { rows } = await client.query<{ bound: string }>(
      `SELECT ${value}::text AS bound FROM ${name} AS source WHERE ${condition} ORDER BY ${value} OFFSET ${skipped} LIMIT 1`,
    );
    return rows[0]?.bound ?? null;
  };
  const begin = from === undefined ? `${value} IS NOT NULL` : `${value} >= ${BigInt(from)}`;
  const bound = await ask(begin, count);
  // More rows than that have one value: they are compared together.
  return bound !== null && bound === from ? ask(`${value} > ${BigInt(from)}`, 0) : bound;
}
