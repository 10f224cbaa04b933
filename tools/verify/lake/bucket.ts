/** Reads objects of the lake's bucket. */
import { Client } from "minio";
import { UserError } from "../../../cli/console";
import type { Platform } from "../platform";

/** An object that has to be there is not. */
export class MissingObject extends Error {}

export class Bucket {
  private readonly client: Client;

  constructor(
    private readonly url: string,
    accessKey: string,
    secretKey: string,
  ) {
    const { hostname, port, protocol } = new URL(url);
    const useSSL = protocol === "https:";
    this.client = new Client({
      endPoint: hostname,
      port: Number(port || (useSSL ? 443 : 80)),
      useSSL,
      accessKey,
      secretKey,
      // Otherwise the client asks where the bucket is before its first request.
      region: "us-east-1",
    });
  }

  static of({ minioUrl, lakeAccessKey, lakeSecretKey }: Platform): Bucket {
    return new Bucket(minioUrl, lakeAccessKey, lakeSecretKey);
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

  /** Bytes of every object below a folder, by its URL. */
  async sizes(folder: string): Promise<Map<string, number>> {
    const { bucket, key } = place(folder);
    const found = new Map<string, number>();
    await this.reach(folder, async () => {
      for await (const { name, size } of this.client.listObjectsV2(bucket, `${key}/`, true)) {
        if (name) found.set(`s3a://${bucket}/${name}`, size ?? 0);
      }
    });
    return found;
  }

  async text(url: string): Promise<string> {
    const { bucket, key } = place(url);
    return this.reach(url, async () =>
      (await all(await this.client.getObject(bucket, key))).toString("utf8"),
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

  private async reach<T>(url: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      const { code, message } = error as { code?: string; message?: string };
      if (code === "NoSuchKey" || code === "NotFound") throw new MissingObject(`${url} is missing`);
      throw new UserError(
        `MinIO at ${this.url}: ${message || code}.`,
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
