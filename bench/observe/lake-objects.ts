/** Objects of a stack's lake bucket, also before it is there. */
import type { StackOutputs } from "../../outputs";
import { Bucket } from "../../readers/lake/bucket";

export class LakeObjects {
  private readonly objects: Bucket;
  private readonly root: string;

  constructor({
    minioUrl,
    bucket,
    lakeAccessKey,
    lakeSecretKey,
  }: Pick<StackOutputs, "minioUrl" | "bucket" | "lakeAccessKey" | "lakeSecretKey">) {
    // The stack's own MinIO.
    const objectStore = { region: "us-east-1", pathStyle: true };
    this.objects = new Bucket(minioUrl, lakeAccessKey, lakeSecretKey, objectStore);
    this.root = `s3a://${bucket}`;
  }

  /** Undefined when there is no such object (yet). */
  get(key: string): Promise<Buffer | undefined> {
    return this.objects.find(`${this.root}/${key}`);
  }

  /** Names of the objects right in a folder. */
  names(folder: string): Promise<string[]> {
    return this.objects.list(`${this.root}/${folder}`);
  }
}
