import * as minio from "@pulumi/minio";
import * as pulumi from "@pulumi/pulumi";
import { ModuleProvider } from "../providers/dynamic";
import type { LakeEndpoint } from "./endpoints";
import type { Minio } from "./minio";

export interface LakeBucketArgs {
  minio: Minio;
  /** Name of the bucket. Changing it replaces the bucket: the old one goes with everything in it. */
  bucket: string;
  /** Secret key of the lake's user. */
  secretKey: pulumi.Input<string>;
}

/** A user of MinIO with one policy (providers/minio-user). */
class MinioUser extends pulumi.dynamic.Resource {
  constructor(name: string, props: Record<string, unknown>, opts: pulumi.CustomResourceOptions) {
    super(
      new ModuleProvider("minio-user"),
      name,
      { found: undefined, ...props },
      { ...opts, deleteBeforeReplace: true, additionalSecretOutputs: ["adminPassword", "secretKey"] },
      "minio",
      "User",
    );
  }
}

/** The lake's bucket, and a MinIO user who can do nothing but read and write in it. */
export class LakeBucket extends pulumi.ComponentResource {
  readonly endpoint: LakeEndpoint;

  constructor(name: string, args: LakeBucketArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cdc:index:LakeBucket", name, {}, opts);
    const { provider, server, data, inside, url } = args.minio;
    // All that is in MinIO lies in its volume, and goes with it: a destroy needs no server that answers.
    const here = { parent: this, deletedWith: data };

    const bucket = new minio.S3Bucket(
      `${name}-bucket`,
      // forceDestroy: a bucket that is replaced leaves nothing behind, tables included.
      { bucket: args.bucket, forceDestroy: true },
      { ...here, provider, deleteBeforeReplace: true },
    );
    const accessKey = "lake-writer";
    const user = new MinioUser(
      `${name}-writer`,
      {
        ...server,
        name: accessKey,
        secretKey: pulumi.secret(args.secretKey),
        policyName: `${args.bucket}-writer`,
        policy: readWritePolicy(args.bucket),
      },
      { ...here, dependsOn: args.minio.container },
    );

    const lakeUrl = `s3a://${args.bucket}`;
    this.endpoint = {
      inside,
      outside: url,
      region: "us-east-1",
      pathStyle: true,
      bucket: bucket.bucket,
      lakeUrl,
      // Known only once the user may use the bucket, so that whoever has the key can.
      accessKey: user.id.apply(() => accessKey),
      secretKey: pulumi.secret(args.secretKey),
      identity: user.id,
      goesWith: data,
      madeBy: [this],
    };
    this.registerOutputs({ bucket: bucket.bucket, lakeUrl });
  }
}

function readWritePolicy(bucket: string): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Action: ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"],
        Resource: [`arn:aws:s3:::${bucket}`],
      },
      {
        Effect: "Allow",
        Action: [
          "s3:AbortMultipartUpload",
          "s3:DeleteObject",
          "s3:GetObject",
          "s3:ListMultipartUploadParts",
          "s3:PutObject",
        ],
        Resource: [`arn:aws:s3:::${bucket}/*`],
      },
      // Else every user may make keys of its own, which outlive a rotation of this one's.
      { Effect: "Deny", Action: ["admin:*"] },
    ],
  });
}
