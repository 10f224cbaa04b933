import * as minio from "@pulumi/minio";
import * as pulumi from "@pulumi/pulumi";
import type { Minio } from "./minio";

export interface LakeBucketArgs {
  minio: Minio;
  /** Name of the bucket. */
  bucket: string;
  /** Secret key of the user `lake`. */
  secretKey: pulumi.Input<string>;
}

/** The lake's bucket, and a MinIO user who can do nothing but read and write in it. */
export class LakeBucket extends pulumi.ComponentResource {
  readonly bucket: pulumi.Output<string>;
  readonly accessKey: pulumi.Output<string>;
  readonly secretKey: pulumi.Output<string>;
  /** Where tables lie: `s3a://<bucket>`. */
  readonly lakeUrl: string;

  constructor(name: string, args: LakeBucketArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cdc:index:LakeBucket", name, {}, opts);
    const here = { parent: this, provider: args.minio.provider };

    // forceDestroy: a destroy leaves nothing behind, tables included.
    const bucket = new minio.S3Bucket(`${name}-bucket`, { bucket: args.bucket, forceDestroy: true }, here);
    const user = new minio.IamUser(
      `${name}-user`,
      { name: "lake", secret: args.secretKey, forceDestroy: true },
      here,
    );
    const policy = new minio.IamPolicy(
      `${name}-policy`,
      { name: `${args.bucket}-read-write`, policy: readWritePolicy(args.bucket) },
      here,
    );
    const attachment = new minio.IamUserPolicyAttachment(
      `${name}-grant`,
      { userName: user.name, policyName: policy.name },
      here,
    );

    this.bucket = bucket.bucket;
    // Known only once the user may use the bucket, so that whoever has the key can.
    this.accessKey = pulumi.all([user.name, attachment.id]).apply(([userName]) => userName);
    this.secretKey = pulumi.secret(args.secretKey);
    this.lakeUrl = `s3a://${args.bucket}`;
    this.registerOutputs({ bucket: this.bucket, lakeUrl: this.lakeUrl });
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
    ],
  });
}
