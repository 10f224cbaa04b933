/** A database of its own on disk for one run: rows never pile up in memory. */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { type DuckDBAppender, type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";

const USUAL_MEMORY = 384e6;
/** Of the machine's memory, for one table whose rows are so large that a block of them needs more. */
const LARGEST_SHARE = 0.4;

export class Workspace {
  private readonly opened: Lane[] = [];
  private made = 0;

  private constructor(
    private readonly folder: string,
    private readonly instance: DuckDBInstance,
  ) {}

  /**
   * @param prepare gives the database functions of the caller's own
   * @param memory bytes; what does not fit is written to the folder
   */
  static async open(
    prepare: (connection: DuckDBConnection) => void = () => {},
    { memory, threads } = { memory: USUAL_MEMORY, threads: 2 },
  ): Promise<Workspace> {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "cdc-verify-"));
    try {
      const instance = await DuckDBInstance.create(path.join(folder, "rows.duckdb"), {
        memory_limit: bytes(memory),
        temp_directory: path.join(folder, "spill"),
        threads: String(threads),
        preserve_insertion_order: "false",
        autoinstall_known_extensions: "false",
        autoload_known_extensions: "false",
      });
      const connection = await instance.connect();
      prepare(connection);
      connection.closeSync();
      return new Workspace(folder, instance);
    } catch (error) {
      fs.rmSync(folder, { recursive: true, force: true });
      throw error;
    }
  }

  async lanes(count: number): Promise<Lane[]> {
    const lanes: Lane[] = [];
    while (lanes.length < count) lanes.push(await this.lane());
    return lanes;
  }

  /** A place for one table at a time: what is in one lane, others do not see. */
  async lane(): Promise<Lane> {
    const name = `lane${this.made++}`;
    const folder = path.join(this.folder, name);
    fs.mkdirSync(folder);
    const connection = await this.instance.connect();
    await connection.run(`CREATE SCHEMA ${name}; USE ${name}`);
    const lane = new Lane(folder, connection);
    this.opened.push(lane);
    return lane;
  }

  /** Lets one table have more memory, and one thread. */
  async widen(): Promise<void> {
    const most = Math.max(USUAL_MEMORY, os.totalmem() * LARGEST_SHARE);
    await this.opened[0]?.run(`SET memory_limit = '${bytes(most)}'; SET threads = 1`);
  }

  close(): void {
    for (const lane of this.opened) lane.close();
    this.instance.closeSync();
    this.remove();
  }

  /** Only the files: for a run that ends at once. */
  remove(): void {
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}

export class Lane {
  constructor(
    readonly folder: string,
    private readonly connection: DuckDBConnection,
  ) {}

  async run(sql: string): Promise<void> {
    await this.connection.run(sql);
  }

  /** Rows by column name; a bigint column's values are bigint. */
  // biome-ignore lint/suspicious/noExplicitAny: the query decides about the type
  async rows<Row = Record<string, any>>(sql: string): Promise<Row[]> {
    return (await this.connection.runAndReadAll(sql)).getRowObjectsJS() as Row[];
  }

  /** The only row of a query. */
  async row<Row>(sql: string): Promise<Row> {
    return (await this.rows<Row>(sql))[0] as Row;
  }

  async append(table: string, fill: (appender: DuckDBAppender) => Promise<void> | void): Promise<void> {
    const appender = await this.connection.createAppender(table, path.basename(this.folder));
    try {
      await fill(appender);
    } finally {
      appender.closeSync();
    }
  }

  removeFile(file: string): void {
    fs.rmSync(file, { force: true });
  }

  close(): void {
    this.connection.closeSync();
  }
}

/** Whether a query needed more memory than there is for all of them. */
export function isOutOfMemory(error: unknown): boolean {
  return /^Out of Memory Error/.test((error as Error).message);
}

function bytes(count: number): string {
  return `${Math.round(count / 1e6)}MB`;
}

/** A string for DuckDB's SQL. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A name for DuckDB's SQL. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
