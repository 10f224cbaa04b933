/** Rows on their way from the source to the table. */
import type { Random } from "../random";
import type { Place, Source } from "../sources/source";
import type { BadRows } from "./bad-rows";
import type { CopyText } from "./copy-text";

/** A row as a line of COPY's text format. */
export interface EncodedRow extends Place {
  line: string;
}

export interface RowSelection {
  /** Rows taken from the source, bad ones included; absent: all. */
  rowLimit: number | undefined;
  /** How many times they come. */
  repeat: number;
  /** Absent: in the source's order. With it all rows of the source are in memory. */
  shuffle: Random | undefined;
}

/** The rows that fit, in the order in which they are to be written. Each bad row is handled once, not once a repeat. */
export async function* encodedRows(
  source: Source,
  copyText: CopyText,
  badRows: BadRows,
  { rowLimit = Number.POSITIVE_INFINITY, repeat, shuffle }: RowSelection,
): AsyncGenerator<EncodedRow[]> {
  if (shuffle) {
    const all: EncodedRow[] = [];
    for await (const block of encodedOnce(source, copyText, badRows, Number.POSITIVE_INFINITY, true)) {
      for (const row of block) all.push(row);
    }
    shuffle.shuffle(all);
    if (all.length > rowLimit) all.length = rowLimit;
    for (let time = 0; time < repeat; time++) yield all;
  } else {
    for (let time = 0; time < repeat; time++) {
      yield* encodedOnce(source, copyText, badRows, rowLimit, time === 0);
    }
  }
}

async function* encodedOnce(
  source: Source,
  copyText: CopyText,
  badRows: BadRows,
  limit: number,
  reporting: boolean,
): AsyncGenerator<EncodedRow[]> {
  let left = limit;
  for await (const block of source.blocks()) {
    const rows: EncodedRow[] = [];
    for (const item of block) {
      if (left === 0) break;
      left--;
      const { start, end } = item;
      const encoded =
        "values" in item ? copyText.encode(item.values) : { reason: item.broken, column: item.column };
      if (typeof encoded === "string") {
        rows.push({ line: encoded, start, end });
      } else if (reporting) {
        // What stands before it may make whole batches, and those are written first.
        if (!badRows.putsAside) yield rows;
        await badRows.handle({ ...encoded, start, end });
      }
    }
    yield rows;
    if (left === 0) return;
  }
}

/** Groups rows to batches of `size`; the last one may be smaller. */
export async function* inBatches<T>(blocks: AsyncIterable<T[]>, size: number): AsyncGenerator<T[]> {
  let batch: T[] = [];
  for await (const block of blocks) {
    for (const row of block) {
      batch.push(row);
      if (batch.length === size) {
        yield batch;
        batch = [];
      }
    }
  }
  if (batch.length > 0) yield batch;
}
