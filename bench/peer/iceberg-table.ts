/** Follows an Iceberg table from outside: through its JDBC catalog and its metadata files. */
import { setTimeout as pause } from "node:timers/promises";
import type { Client as S3 } from "minio";
import type { Client } from "pg";
import { type Snapshot, snapshotOf } from "./iceberg-metadata";

/** How often the catalog is asked, in milliseconds. */
const POLL = 10;

/** A snapshot, and when it could be read. */
export interface SeenSnapshot extends Snapshot {
  /** `Date.now()`. */
  readonly seenAt: number;
}

export class IcebergTable {
  private location = "";
  private last: SeenSnapshot = { records: 0, dataFiles: 0, seenAt: 0 };

  /** @param catalog connection to the catalog's database */
  constructor(
    private readonly catalog: Client,
    private readonly s3: S3,
    private readonly bucket: string,
    private readonly namespace: string,
    private readonly name: string,
  ) {}

  get records(): number {
    return this.last.records;
  }

  get dataFiles(): number {
    return this.last.dataFiles;
  }

  /**
   * Waits until the table has at least so many rows.
   *
   * @param check called once a second, to throw when no more is to be expected
   * @throws Error after the deadline
   */
  async untilRecords(wanted: number, deadline: number, check: () => Promise<void>): Promise<SeenSnapshot> {
    let checked = Date.now();
    for (;;) {
      if (await this.poll()) {
        if (this.last.records >= wanted) return this.last;
      }
      const now = Date.now();
      if (now > deadline)
        throw new Error(
          `${this.namespace}.${this.name}: ${this.last.records} of ${wanted} rows came in time`,
        );
      if (now - checked > 1000) {
        await check();
        checked = now;
      }
      await pause(POLL);
    }
  }

  /** Whether there is a new snapshot. */
  private async poll(): Promise<boolean> {
    const location = await this.metadataLocation();
    const seenAt = Date.now();
    if (location === undefined || location === this.location) return false;
    this.location = location;
    const key = new URL(location).pathname.slice(1);
    const chunks: Buffer[] = [];
    for await (const chunk of await this.s3.getObject(this.bucket, key)) chunks.push(chunk as Buffer);
    this.last = { ...snapshotOf(Buffer.concat(chunks).toString()), seenAt };
    return true;
  }

  private async metadataLocation(): Promise<string | undefined> {
    try {
      const { rows } = await this.catalog.query(
        "SELECT metadata_location FROM iceberg_tables WHERE table_namespace = $1 AND table_name = $2",
        [this.namespace, this.name],
      );
      return rows[0]?.metadata_location;
    } catch (error) {
      // undefined_table: the sink makes its catalog with its first table.
      if ((error as { code?: string }).code === "42P01") return undefined;
      throw error;
    }
  }
}
