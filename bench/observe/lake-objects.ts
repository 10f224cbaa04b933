/** Objects of a stack's lake bucket, as any S3 client sees them. */
import { Client } from "minio";
import type { StackOutputs } from "../../outputs";

export class LakeObjects {
  private readonly client: Client;
  private readonly bucket: string;

  constructor({
    minioUrl,
    bucket,
    lakeAccessKey,
    lakeSecretKey,
  }: Pick<StackOutputs, "minioUrl" | "bucket" | "lakeAccessKey" | "lakeSecretKey">) {
    const { hostname, port } = new URL(minioUrl);
    this.bucket = bucket;
    this.client = new Client({
      endPoint: hostname,
      port: Number(port),
      useSSL: false,
      accessKey: lakeAccessKey,
      secretKey: lakeSecretKey,
      // Otherwise the client asks where the bucket is before its first request.
      region: "us-east-1",
    });
  }

  /** Undefined when there is no such object (yet). */
  async get(key: string): Promise<Buffer | undefined> {
    try {
      const chunks: Buffer[] = [];
      for await (const chunk of await this.client.getObject(this.bucket, key)) chunks.push(chunk as Buffer);
      return Buffer.concat(chunks);
    } catch (error) {
      const { code } = error as { code?: string };
      if (code === "NoSuchKey" || code === "NoSuchBucket") return undefined;
      throw error;
    }
  }

  /** Names of the objects right in a folder. */
  async names(folder: string): Promise<string[]> {
    const names: string[] = [];
    for await (const { name } of this.client.listObjectsV2(this.bucket, `${folder}/`, false)) {
      if (name) names.push(name.slice(folder.length + 1));
    }
    return names;
  }
}
