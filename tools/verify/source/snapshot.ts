/** One snapshot of the source database, of all tables at the same moment. */
import { type Client, escapeIdentifier } from "pg";
import type { CapturedTable } from "../platform";
import { Obstacle } from "../request";
import { hashSource, keySource, rangeSource, rowText } from "../values/row-text";
import { connectSource } from "./connection";
import type { TableShape } from "./table-shape";
import { Visibility } from "./visibility";

/** Rows and sum of row hashes of a range of keys. */
export interface RangeSum {
  readonly range: number;
  readonly rows: bigint;
  readonly hash: bigint;
}

export interface SourceKey {
  /** Hash of the key, as UUID. */
  readonly key: string;
  readonly hash: bigint;
}

export interface SourceRow {
  readonly key: string;
  /** By column: the common text, and the text that PostgreSQL shows. */
  readonly texts: Readonly<Record<string, string | null>>;
  readonly shown: Readonly<Record<string, string | null>>;
}

const FETCHED_ROWS = 10_000;

export class Snapshot {
  private constructor(
    private readonly client: Client,
    readonly visibility: Visibility,
  ) {}

  static async take(url: string): Promise<Snapshot> {
    const client = await connectSource(url);
    try {
      await client.query("SET statement_timeout = 0; SET DateStyle = 'ISO'; SET extra_float_digits = 1");
      await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
      const { rows } = await client.query(
        "SELECT pg_current_snapshot()::text AS snapshot, current_setting('server_encoding') AS encoding",
      );
      if (rows[0].encoding !== "UTF8") {
        throw new Obstacle(
          `The database's encoding is ${rows[0].encoding}, and hashes of its texts are not those of the lake.`,
          "verify compares databases with encoding UTF8 only.",
        );
      }
      return new Snapshot(client, new Visibility(rows[0].snapshot));
    } catch (error) {
      await client.end();
      throw error;
    }
  }

  async rangeSums(table: CapturedTable, shape: TableShape, bits: number): Promise<RangeSum[]> {
    const { rows } = await this.client.query(
      `SELECT ${rangeSource("k", bits)} AS range, count(*)::text AS rows, sum(h)::text AS hash
         FROM (${keysAndHashes(table, shape)}) AS keyed GROUP BY 1`,
    );
    return rows.map(({ range, rows, hash }) => ({ range, rows: BigInt(rows), hash: BigInt(hash) }));
  }

  /** Keys and row hashes of some ranges, in blocks. */
  async *keys(
    table: CapturedTable,
    shape: TableShape,
    bits: number,
    ranges: readonly number[],
  ): AsyncGenerator<SourceKey[]> {
    const cursor = "verify_keys";
    await this.client.query(
      `DECLARE ${cursor} NO SCROLL CURSOR FOR
         SELECT k::text AS key, h::text AS hash FROM (${keysAndHashes(table, shape)}) AS keyed
          WHERE ${rangeSource("k", bits)} IN (${ranges.join(",")})`,
    );
    for (;;) {
      const { rows } = await this.client.query(`FETCH ${FETCHED_ROWS} FROM ${cursor}`);
      if (rows.length === 0) break;
      yield rows.map(({ key, hash }) => ({ key, hash: BigInt(hash) }));
    }
    await this.client.query(`CLOSE ${cursor}`);
  }

  /** The rows of a few keys. */
  async rows(table: CapturedTable, shape: TableShape, keys: readonly string[]): Promise<SourceRow[]> {
    const names = shape.compared.map(({ name }) => name);
    const { rows } = await this.client.query(
      `SELECT k::text AS key, texts, shown FROM (
         SELECT ${keySource(keyText(shape))} AS k, ARRAY[${names.map((_, i) => `c${i}`).join(",")}]::text[] AS texts,
                ARRAY[${names.map((_, i) => `s${i}`).join(",")}]::text[] AS shown
           FROM (${common(table, shape, true)}) AS common
       ) AS keyed WHERE k = ANY($1::uuid[])`,
      [keys],
    );
    const byName = (values: (string | null)[]) =>
      Object.fromEntries(names.map((name, index) => [name, values[index] ?? null]));
    return rows.map(({ key, texts, shown }) => ({ key, texts: byName(texts), shown: byName(shown) }));
  }

  async close(): Promise<void> {
    await this.client.end().catch(() => {});
  }
}

/** k uuid, h bigint of every row. */
function keysAndHashes(table: CapturedTable, shape: TableShape): string {
  const columns = shape.compared.map((_, index) => `c${index}`);
  return `SELECT ${keySource(keyText(shape))} AS k, ${hashSource(rowText(columns, "octet_length"))} AS h
            FROM (${common(table, shape, false)}) AS common`;
}

function keyText(shape: TableShape): string {
  const columns = shape.compared.map(({ name }, index) => ({ name, alias: `c${index}` }));
  const key = shape.key.map((name) => columns.find((column) => column.name === name)?.alias ?? "NULL");
  return rowText(key.length > 0 ? key : columns.map(({ alias }) => alias), "octet_length");
}

/** Each compared column's common text once: OFFSET 0 keeps PostgreSQL from computing it at every mention. */
function common(table: CapturedTable, { compared }: TableShape, shown: boolean): string {
  const texts = compared.map(
    ({ name, form }, index) => `${form.source(escapeIdentifier(name))} AS c${index}`,
  );
  const asShown = shown
    ? compared.map(({ name }, index) => `${escapeIdentifier(name)}::text AS s${index}`)
    : [];
  const selected = [...texts, ...asShown].join(", ") || "1 AS nothing";
  return `SELECT ${selected} FROM ${escapeIdentifier(table.schema)}.${escapeIdentifier(table.table)} OFFSET 0`;
}
