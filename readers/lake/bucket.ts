/** Reads objects of the lake's bucket. */
import type { Client } from "minio";
import type { StackOutputs } from "../../outputs";
import { s3Client } from "../../providers/s3/client";
import { UserError } from "../../stack/console";

/** S3's codes for a key that is another, of nobody, or without the right. */
const REFUSED_KEY = ["SignatureDoesNotMatch", "InvalidAccessKeyId", "AccessDenied"];

/** An object that has to be there is not. */
export class MissingObject extends Error {}

export interface StoredObject {
  /** Bytes. */
  readonly size: number;
  readonly modified: Date | undefined;
}

export class Bucket {
  private readonly client: Client;

  constructor(
    private readonly url: string,
    accessKey: string,
    secretKey: string,
    { region, pathStyle }: StackOutputs["objectStore"],
  ) {
    this.client = s3Client({ url, accessKey, secretKey, region, pathStyle }, true);
  }

  static of({
    minioUrl,
    lakeAccessKey,
    lakeSecretKey,
    objectStore,
  }: Pick<StackOutputs, "minioUrl" | "lakeAccessKey" | "lakeSecretKey" | "objectStore">): Bucket {
    return new Bucket(minioUrl, lakeAccessKey, lakeSecretKey, objectStore);
  }

  /** Names of the objects right in a folder, without the folder. */
  async list(folder: string): Promise<string[]> {
    const { bucket, key } = place(folder);
    const prefix = `${key}/`;
    const names: string[] = [];
    await this.reach(folder, async () => {
      for await (const { name } of this.client.listObjectsV2(bucket, prefix, false)) {
        if (name && name !== prefix) names.push(name.slice(prefix.length));
      }
    });
    return names;
  }

  /** Every object below a folder, by its URL. */
  async objects(folder: string): Promise<Map<string, StoredObject>> {
    const { bucket, key } = place(folder);
    const found = new Map<string, StoredObject>();
    await this.reach(folder, async () => {
      for await (const { name, size, lastModified } of this.client.listObjectsV2(bucket, `${key}/`, true)) {
        if (name) found.set(`s3a://${bucket}/${name}`, { size: size ?? 0, modified: lastModified });
      }
    });
    return found;
  }

  async text(url: string): Promise<string> {
    return (await this.reach(url, () => this.content(url))).toString("utf8");
  }

  /** Undefined when there is no such object, or no bucket yet. */
  async find(url: string): Promise<Buffer | undefined> {
    return this.reach(url, () =>
      this.content(url).catch((error: { code?: string }) => {
        if (error.code !== "NoSuchKey" && error.code !== "NoSuchBucket") throw error;
        return undefined;
      }),
    );
  }

  /** A part of an object. */
  async part(url: string, offset: number, length: number): Promise<Buffer> {
    const { bucket, key } = place(url);
    return this.reach(url, async () => all(await this.client.getPartialObject(bucket, key, offset, length)));
  }

  async download(url: string, file: string): Promise<void> {
    const { bucket, key } = place(url);
    await this.reach(url, () => this.client.fGetObject(bucket, key, file));
  }

  private async content(url: string): Promise<Buffer> {
    const { bucket, key } = place(url);
    return all(await this.client.getObject(bucket, key));
  }

  private async reach<T>(url: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      const { code, message } = error as { code?: string; message?: string };
      if (code === "NoSuchKey" || code === "NotFound") throw new MissingObject(`${url} is missing`);
      if (code && REFUSED_KEY.includes(code)) {
        throw new UserError(
          `The object store at ${this.url} does not take the lake's key any more (${code}): its user, key or policy was changed.`,
          "Put it right: `npm run refresh`, then `npm run up`.",
        );
      }
      throw new UserError(
        `The object store at ${this.url}: ${message || code}.`,
        "See that the stack is up: `npm run refresh`, then `npm run up`.",
      );
    }
  }
}

async function all(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** `s3a://bucket/key` */
function place(url: string): { bucket: string; key: string } {
  const [, bucket = "", key = ""] = /^\w+:\/\/([^/]+)\/(.*)$/.exec(url) ?? [];
  return { bucket, key };
}
