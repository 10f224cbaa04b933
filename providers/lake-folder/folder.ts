/** One folder of a bucket in any S3-compatible store, through S3's protocol. */
import { randomUUID } from "node:crypto";
import type { Client } from "minio";
import { NO_ANSWER, s3Client } from "../s3/client";
import type { LakeFolderInputs } from "./inputs";

/** Object that says whose the folder is. */
const MARK = "_cdc-platform.json";

/** Nothing answers at the store's address. */
export class StoreUnreachable extends Error {}

export class Folder {
  private readonly client: Client;
  private readonly prefix: string;

  constructor(private readonly place: LakeFolderInputs) {
    this.client = s3Client(place, false);
    this.prefix = `${place.folder}/`;
  }

  get url(): string {
    return `s3a://${this.place.bucket}/${this.place.folder}`;
  }

  /** Whose it is; undefined when nothing says so. */
  async owner(): Promise<string | undefined> {
    return this.reach("read", async () => {
      try {
        const chunks: Buffer[] = [];
        const body = await this.client.getObject(this.place.bucket, this.prefix + MARK);
        for await (const chunk of body) chunks.push(chunk);
        return JSON.parse(Buffer.concat(chunks).toString("utf8")).owner;
      } catch (error) {
        if ((error as { code?: string }).code === "NoSuchKey") return undefined;
        throw error;
      }
    });
  }

  /** One name in it; undefined when it is empty. */
  async someObject(): Promise<string | undefined> {
    for await (const name of this.names()) return name;
    return undefined;
  }

  async claim(): Promise<void> {
    const mark = JSON.stringify({ owner: this.place.owner, madeBy: "cdc-platform" });
    await this.reach("write", () => this.client.putObject(this.place.bucket, this.prefix + MARK, mark));
  }

  /**
   * Does what the lake's writer does: writes, reads, lists, deletes, and makes an object that must be new.
   *
   * @throws Error naming what the store or the key does not allow
   */
  async tryOut(): Promise<void> {
    const { bucket } = this.place;
    const probe = `${this.prefix}_cdc-probe-${randomUUID()}`;
    await this.reach("write", () => this.client.putObject(bucket, probe, "1"));
    try {
      await this.reach("read", () => this.client.statObject(bucket, probe));
      await this.reach("list", () => this.someObject());
      await this.requireConditions(probe);
    } finally {
      await this.reach("delete", () => this.client.removeObject(bucket, probe));
    }
  }

  /** Without conditional writes two writers of one table's log would not see each other. */
  private async requireConditions(probe: string): Promise<void> {
    const isTaken = await this.client
      .putObject(this.place.bucket, probe, "2", 1, { "If-None-Match": "*" })
      .then(
        () => true,
        ({ code }: { code?: string }) => code !== "PreconditionFailed",
      );
    if (!isTaken) return;
    throw new Error(
      `${this.where} does not refuse to overwrite an object that must be new (If-None-Match: *), which Delta's log needs. Use a store that does`,
    );
  }

  /** Everything in it; the bucket and what else is in it stay. */
  async empty(): Promise<void> {
    const names: string[] = [];
    for await (const name of this.names()) names.push(name);
    if (names.length === 0) return;
    await this.reach("delete", async () => {
      for (const refused of await this.client.removeObjects(this.place.bucket, names)) {
        const message = refused?.Error?.Message;
        if (message) throw new Error(message);
      }
    });
  }

  private async *names(): AsyncGenerator<string> {
    const { bucket } = this.place;
    const listed = this.client.listObjectsV2(bucket, this.prefix, true)[Symbol.asyncIterator]();
    for (;;) {
      const { done, value } = await this.reach("list", () => listed.next());
      if (done) return;
      if (value.name) yield value.name;
    }
  }

  private get where(): string {
    return `the object store at ${this.place.url}`;
  }

  private async reach<T>(what: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw this.explained(what, error as Error & { code?: string });
    }
  }

  private explained(what: string, error: Error & { code?: string }): Error {
    const { bucket, accessKey, folder } = this.place;
    if (error.code && NO_ANSWER.includes(error.code)) {
      return new StoreUnreachable(`${this.where} does not answer (${error.code})`);
    }
    switch (error.code) {
      case "NoSuchBucket":
        return new Error(`${this.where} has no bucket ${bucket}: make it, or name another in cdc:bucket`);
      case "AccessDenied":
        return new Error(`${this.where} does not let ${accessKey} ${what} what lies in ${bucket}/${folder}`);
      case "InvalidAccessKeyId":
      case "SignatureDoesNotMatch":
        return new Error(
          `${this.where} does not take the key ${accessKey} (${error.code}): see cdc:objectStore.accessKey and cdc:lakeSecretKey`,
        );
      default:
        return error instanceof StoreUnreachable
          ? error
          : new Error(`${this.where}: ${error.message || error.code}`);
    }
  }
}
