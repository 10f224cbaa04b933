/** One snapshot of the source database, of all tables at the same moment. */
import { type Client, escapeIdentifier } from "pg";
import { Obstacle } from "../../../readers/obstacle";
import { connectSource } from "../../../readers/source/connection";
import type { CapturedTable } from "../../../stack/platform";
import { rangeCondition } from "../compare/key-range";
import type { Plan } from "../compare/plan";
import { hashSource, keySource, rangeSource, rowText } from "../values/row-text";
import type { ValueModes } from "../values/source-type";
import { COLUMNS, type ColumnRow, type ComparedColumn, type TableShape, tableShape } from "./table-shape";
import { Visibility } from "./visibility";

/** Which lake table rows are compared with: they may have different columns. */
export type SideName = "state" | "log";

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
  /** The compared text by column. */
  readonly texts: Readonly<Record<string, string | null>>;
}

const FETCHED_ROWS = 10_000;
const BEGIN = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
/** What values print as depends on these. */
const SETTINGS = `
  SET statement_timeout = 0; SET DateStyle = 'ISO'; SET IntervalStyle = 'postgres'; SET TimeZone = 'UTC';
  SET extra_float_digits = 1; SET bytea_output = 'hex'; SET xmloption = 'content'`;

export class Snapshot {
  private readonly readers: SourceReader[] = [];

  private constructor(
    private readonly url: string,
    private readonly client: Client,
    private readonly id: string,
    readonly visibility: Visibility,
  ) {}

  static async take(url: string): Promise<Snapshot> {
    const client = await connectSource(url);
    try {
      await client.query(BEGIN);
      const { rows } = await client.query(
        `SELECT pg_current_snapshot()::text AS snapshot, pg_export_snapshot() AS id,
                current_setting('server_encoding') AS encoding`,
      );
      if (rows[0].encoding !== "UTF8") {
        throw new Obstacle(
          `The database's encoding is ${rows[0].encoding}, and hashes of its texts are not those of the lake.`,
          "verify compares databases with encoding UTF8 only.",
        );
      }
      return new Snapshot(url, client, rows[0].id, new Visibility(rows[0].snapshot));
    } catch (error) {
      await client.end();
      throw error;
    }
  }

  /** A connection of its own that sees the snapshot. */
  async reader(): Promise<SourceReader> {
    const client = await connectSource(this.url);
    const reader = new SourceReader(client);
    this.readers.push(reader);
    await client.query(SETTINGS);
    await client.query(BEGIN);
    await client.query(`SET TRANSACTION SNAPSHOT '${this.id}'`);
    return reader;
  }

  async close(): Promise<void> {
    for (const reader of this.readers) await reader.close();
    await this.client.end().catch(() => {});
  }
}

export class SourceReader {
  /** Seconds that the database took for the queries so far. */
  busy = 0;

  constructor(private readonly client: Client) {}

  /** By `schema.table`; without tables that do not exist. */
  async shapes(tables: readonly CapturedTable[], modes: ValueModes): Promise<Map<string, TableShape>> {
    const rows = await this.query<ColumnRow>(COLUMNS, [
      tables.map(({ schema }) => schema),
      tables.map(({ table }) => table),
    ]);
    const byTable = new Map<string, ColumnRow[]>();
    for (const row of rows) {
      const name = `${row.schema}.${row.table}`;
      byTable.set(name, [...(byTable.get(name) ?? []), row]);
    }
    return new Map(
      tables.flatMap((table) => {
        const found = byTable.get(table.name);
        return found ? [[table.name, tableShape(table, found, modes)] as const] : [];
      }),
    );
  }

  /** @param without keys that the current state's sums leave out; `all`: they are empty */
  async rangeSums(
    table: CapturedTable,
    plan: Plan,
    bits: number,
    without: readonly string[] | "all",
  ): Promise<Record<SideName, RangeSum[]>> {
    const keys = without === "all" ? [] : without;
    const wanted = without === "all" ? "false" : keys.length > 0 ? "k <> ALL($1::uuid[])" : "true";
    const rows = await this.query<Record<string, string>>(
      `SELECT ${rangeSource("k", bits)} AS range, count(*)::text AS rows, sum(h_log)::text AS log,
              count(*) FILTER (WHERE wanted)::text AS state_rows, coalesce(sum(h_state) FILTER (WHERE wanted), 0)::text AS state
         FROM (SELECT *, ${wanted} AS wanted
                 FROM (${keysAndHashes(table, plan)}) AS hashed OFFSET 0) AS keyed GROUP BY 1`,
      keys.length > 0 ? [keys] : [],
    );
    const sums = (count: string, hash: string): RangeSum[] =>
      rows.map((row) => ({
        range: Number(row.range),
        rows: BigInt(row[count] ?? 0),
        hash: BigInt(row[hash] ?? 0),
      }));
    return { log: sums("rows", "log"), state: sums("state_rows", "state") };
  }

  /** Keys and row hashes of some ranges, in blocks. */
  async *keys(
    table: CapturedTable,
    plan: Plan,
    side: SideName,
    bits: number,
    ranges: readonly number[],
  ): AsyncGenerator<SourceKey[]> {
    const sql = `SELECT k::text AS key, h_${side}::text AS hash FROM (${keysAndHashes(table, plan)}) AS keyed
          WHERE ${rangeSource("k", bits)} IN (${ranges.join(",")})`;
    for await (const rows of this.blocks<{ key: string; hash: string }>(sql)) {
      yield rows.map(({ key, hash }) => ({ key, hash: BigInt(hash) }));
    }
  }

  /** Of the rows of some keys, each column's own hash. */
  async *columnHashes(
    table: CapturedTable,
    plan: Plan,
    columns: readonly ComparedColumn[],
    keys: readonly string[],
  ): AsyncGenerator<{ key: string; hashes: bigint[] }> {
    const places = placesOf(plan);
    const hashes = columns.map(({ name }) => hashSource(rowText([String(places.get(name))], "octet_length")));
    const sql = `SELECT k::text AS key, hashes FROM (
        SELECT ${keySource(keyText(plan))} AS k, ARRAY[${hashes.join(", ")}]::text[] AS hashes
          FROM (${common(table, plan)}) AS common
      ) AS hashed WHERE k = ANY($1::uuid[])`;
    for await (const rows of this.blocks<{ key: string; hashes: string[] }>(sql, [keys])) {
      for (const { key, hashes } of rows) yield { key, hashes: hashes.map(BigInt) };
    }
  }

  /** The rows of a few keys. */
  async rows(table: CapturedTable, plan: Plan, keys: readonly string[]): Promise<SourceRow[]> {
    const names = plan.shape.compared.map(({ name }) => name);
    const rows = await this.query<{ key: string; texts: (string | null)[] }>(
      `SELECT k::text AS key, texts FROM (
         SELECT ${keySource(keyText(plan))} AS k, ARRAY[${names.map((_, i) => `c${i}`).join(",")}]::text[] AS texts
           FROM (${common(table, plan)}) AS common
       ) AS keyed WHERE k = ANY($1::uuid[])`,
      [keys],
    );
    return rows.map(({ key, texts }) => ({
      key,
      texts: Object.fromEntries(names.map((name, index) => [name, texts[index] ?? null])),
    }));
  }

  async close(): Promise<void> {
    await this.client.end().catch(() => {});
  }

  private async *blocks<Row extends object>(sql: string, parameters: unknown[] = []): AsyncGenerator<Row[]> {
    const cursor = "verify_rows";
    await this.query(`DECLARE ${cursor} NO SCROLL CURSOR FOR ${sql}`, parameters);
    for (;;) {
      const rows = await this.query<Row>(`FETCH ${FETCHED_ROWS} FROM ${cursor}`);
      if (rows.length === 0) break;
      yield rows;
    }
    await this.query(`CLOSE ${cursor}`);
  }

  /** A query that fails leaves the snapshot to the next one. */
  // biome-ignore lint/suspicious/noExplicitAny: the query decides about the type
  private async query<Row extends object = any>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
    await this.client.query("SAVEPOINT verify");
    const began = performance.now();
    try {
      const { rows } = await this.client.query<Row>(sql, parameters);
      await this.client.query("RELEASE SAVEPOINT verify");
      return rows;
    } catch (error) {
      await this.client.query("ROLLBACK TO SAVEPOINT verify");
      throw error;
    } finally {
      this.busy += (performance.now() - began) / 1000;
    }
  }
}

/** k uuid, h_log and h_state bigint of every row. */
function keysAndHashes(table: CapturedTable, plan: Plan): string {
  const places = placesOf(plan);
  const text = (columns: readonly ComparedColumn[]) =>
    rowText(
      columns.map(({ name }) => String(places.get(name))),
      "octet_length",
    );
  const log = text(plan.log?.columns ?? []);
  const state = text(plan.state?.columns ?? []);
  const key = keySource(keyText(plan));
  const from = `(${common(table, plan)}) AS common`;
  // PostgreSQL computes a text as often as it is written.
  if (log === state || !plan.state) {
    return `SELECT k, h AS h_log, h AS h_state FROM (SELECT ${key} AS k, ${hashSource(log)} AS h FROM ${from} OFFSET 0) AS once`;
  }
  return `SELECT ${key} AS k, ${hashSource(log)} AS h_log, ${hashSource(state)} AS h_state FROM ${from}`;
}

/** Column → its name in `common`. */
function placesOf({ shape }: Plan): Map<string, string> {
  return new Map(shape.compared.map(({ name }, index) => [name, `c${index}`]));
}

function keyText(plan: Plan): string {
  const { key, log } = plan;
  const places = placesOf(plan);
  const names = key.length > 0 ? key : (log?.columns ?? []).map(({ name }) => name);
  return rowText(
    names.map((name) => places.get(name) ?? "NULL"),
    "octet_length",
  );
}

/** Each compared column's text once: OFFSET 0 keeps PostgreSQL from computing it at every mention. */
function common(table: CapturedTable, { shape, range }: Plan): string {
  const texts = shape.compared.map(
    ({ name, form }, index) => `${form.source(`source.${escapeIdentifier(name)}`)} AS c${index}`,
  );
  const selected = texts.join(", ") || "1 AS nothing";
  const from = `${escapeIdentifier(table.schema)}.${escapeIdentifier(table.table)} AS source`;
  return `SELECT ${selected} FROM ${from} WHERE ${rangeCondition(range, "source")} OFFSET 0`;
}
