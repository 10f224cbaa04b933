/** Customers to be written: made up beforehand, so that making them up takes no part of what is measured. */

import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Client } from "pg";
import { from } from "pg-copy-streams";
import { randomCustomer } from "../../tools/datagen/customers/customer";
import { Random } from "../../tools/datagen/random";

const SEED = 6;

/** Rows in COPY's text format, in so many equal parts. */
export function customerRows(firstId: number, count: number, parts: number): Buffer[] {
  const random = new Random(SEED, "customers");
  const buffers: Buffer[] = [];
  let next = firstId;
  for (let part = 1; part <= parts; part++) {
    const end = firstId + Math.round((count * part) / parts);
    let text = "";
    for (; next < end; next++) text += `${randomCustomer(random, String(next)).join("\t")}\n`;
    buffers.push(Buffer.from(text));
  }
  return buffers;
}

/** One COPY, which is one transaction. */
export async function copyRows(database: Client, table: string, rows: Buffer): Promise<void> {
  await pipeline(Readable.from([rows]), database.query(from(`COPY public.${table} FROM STDIN`)));
}
