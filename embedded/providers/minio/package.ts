import { type AdminClient, adminClient } from "../../../providers/minio/admin-client";
import type { MinioConnection } from "../../../providers/minio/connection";
import type { Properties, ProviderPackage, ResourceProvider } from "../../provider";
import { connect } from "./connection";
import { iamPolicyProvider } from "./iam-policy";
import { iamUserProvider } from "./iam-user";
import { iamUserPolicyAttachmentProvider } from "./iam-user-policy-attachment";
import { s3BucketProvider } from "./s3-bucket";

/**
 * The part of `@pulumi/minio` the platform uses. Buckets go through the S3 client, users and policies through
 * MinIO's admin API, as in the real plugin.
 *
 * @param config `minioServer` (`host:port`), `minioUser`, `minioPassword`, `minioSsl` (default false),
 *   `minioRegion` (default us-east-1). Looked at with the first step that talks to the server, as values may be
 *   unknown in a preview.
 */
export function minioPackage(config: Properties): ProviderPackage {
  let known: { connection: MinioConnection; admin: AdminClient } | undefined;
  const clients = () => {
    if (known === undefined) {
      const connection = connect(config);
      known = { connection, admin: adminClient(connection) };
    }
    return known;
  };
  const connection = () => clients().connection;
  const admin = () => clients().admin;
  const resources: Record<string, ResourceProvider> = {
    "minio:index/s3Bucket:S3Bucket": s3BucketProvider(connection),
    "minio:index/iamUser:IamUser": iamUserProvider(admin),
    "minio:index/iamPolicy:IamPolicy": iamPolicyProvider(admin),
    "minio:index/iamUserPolicyAttachment:IamUserPolicyAttachment": iamUserPolicyAttachmentProvider(admin),
  };
  return { resource: (type) => resources[type] };
}
