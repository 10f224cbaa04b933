/** Writes a batch: one COPY, and so all of it or nothing. */
import { finished } from "node:stream/promises";
import { type Client, escapeIdentifier } from "pg";
import { from } from "pg-copy-streams";
import { isDatabaseError } from "../connection";
import { quoted, type TableName } from "../table-name";
import type { BadRow, BadRows } from "./bad-rows";
import type { EncodedRow } from "./batches";

export function copyStatement(name: TableName, columns: string[]): string {
  return `COPY ${quoted(name)} (${columns.map(escapeIdentifier).join(", ")}) FROM STDIN`;
}

/**
 * Commits the batch and returns how many rows of it the table got: all, less those that the server refused and `badRows`
 * put aside.
 */
export async function writeBatch(
  client: Client,
  name: TableName,
  columns: string[],
  batch: EncodedRow[],
  badRows: BadRows,
): Promise<number> {
  const statement = copyStatement(name, columns);
  try {
    await copy(client, statement, batch);
    return batch.length;
  } catch (error) {
    const refused = refusedRow(error, name.table);
    const row = refused && batch[refused.index];
    if (!row) throw error;
    if (!badRows.putsAside) await badRows.handle(toBadRow(row, refused));
  }
  return writeAroundBadRows(client, name, statement, batch, badRows);
}

/** In one transaction: what stands before a refused row is written again without it, then what follows. */
async function writeAroundBadRows(
  client: Client,
  { table }: TableName,
  statement: string,
  batch: EncodedRow[],
  badRows: BadRows,
): Promise<number> {
  const refusals: BadRow[] = [];
  await client.query("BEGIN");
  try {
    let next = 0;
    while (next < batch.length) {
      await client.query("SAVEPOINT before");
      try {
        await copy(client, statement, batch.slice(next));
        break;
      } catch (error) {
        const refused = refusedRow(error, table);
        const row = refused && batch[next + refused.index];
        if (!row) throw error;
        await client.query("ROLLBACK TO before");
        const fitting = batch.slice(next, next + refused.index);
        if (fitting.length > 0) await copy(client, statement, fitting);
        refusals.push(toBadRow(row, refused));
        next += refused.index + 1;
      }
    }
    for (const refusal of refusals) await badRows.handle(refusal);
    await client.query("COMMIT");
  } catch (error) {
    await client.query("ROLLBACK").catch(() => {});
    throw error;
  }
  return batch.length - refusals.length;
}

async function copy(client: Client, statement: string, rows: EncodedRow[]): Promise<void> {
  let text = "";
  for (const row of rows) text += row.line;
  const stream = client.query(from(statement));
  stream.end(Buffer.from(text));
  await finished(stream);
}

export interface Refusal {
  /** Of the row in the COPY, from 0. */
  index: number;
  column?: string;
  reason: string;
}

/** Pure: which row the server refused and why; undefined when the error is not about one row. */
export function refusedRow(error: unknown, table: string): Refusal | undefined {
  if (!isDatabaseError(error)) return undefined;
  const prefix = `COPY ${table}, line `;
  if (!error.where?.startsWith(prefix)) return undefined;
  const match = /^(\d+)(?:, column (.+?)(?::|$))?/.exec(error.where.slice(prefix.length));
  if (!match) return undefined;
  const column = error.column ?? match[2];
  const reason = error.detail ? `${error.message} (${error.detail.replace(/\.$/, "")})` : error.message;
  return { index: Number(match[1]) - 1, ...(column !== undefined && { column }), reason };
}

function toBadRow({ start, end }: EncodedRow, { column, reason }: Refusal): BadRow {
  return { start, end, reason, ...(column !== undefined && { column }) };
}
