import { z } from "zod";
import {
  type MinioConnection,
  MinioError,
  request,
  unlessUnreachable,
} from "../../../providers/minio/connection";
import type { Properties, ResourceProvider } from "../../provider";
import { changedProperties } from "../changed-properties";
import { checkInputs } from "../checked-inputs";
import { physicalName } from "../resource-name";
import { deleteFrom } from "./connection";

const bucketInputs = z.strictObject({
  bucket: z
    .string()
    .regex(
      /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
      "must be 3 to 63 lower-case letters, digits, dots and hyphens",
    ),
  acl: z
    .literal(
      "private",
      'must be "private": the embedded engine carries no other; grant access with minio.IamPolicy',
    )
    .optional(),
  forceDestroy: z.boolean().optional(),
});

type BucketInputs = z.infer<typeof bucketInputs>;

/**
 * `minio:index/s3Bucket:S3Bucket`. A bucket of that name that is there already is taken over with what is in it:
 * the server is the stack's own. With `forceDestroy` a bucket is deleted with its objects.
 */
export function s3BucketProvider(connection: () => MinioConnection): ResourceProvider {
  return {
    async check({ urn, oldInputs, newInputs }) {
      const inputs = { ...newInputs, bucket: physicalName(urn, newInputs.bucket, oldInputs?.bucket) };
      return checkInputs("minio.S3Bucket", bucketInputs, inputs);
    },

    async diff({ oldInputs, newInputs }) {
      const changed = changedProperties(oldInputs, newInputs, (name, value) =>
        name === "acl" ? (value ?? "private") : name === "forceDestroy" ? (value ?? false) : value,
      );
      return { changed, replaces: changed.filter((name) => name === "bucket"), deleteBeforeReplace: false };
    },

    async create({ inputs, progress }) {
      const minio = connection();
      const wanted = inputs as BucketInputs;
      if (await exists(minio, wanted.bucket)) {
        progress(`bucket ${wanted.bucket} is there already: taking it over with its contents`);
      } else {
        await request(minio, () => minio.client.makeBucket(wanted.bucket, minio.region));
      }
      return { id: wanted.bucket, outputs: outputsOf(wanted, minio) };
    },

    async read({ id, inputs, outputs, progress }) {
      const minio = connection();
      const recorded = { id, inputs, outputs };
      return unlessUnreachable<typeof recorded | undefined>(
        recorded,
        async () => {
          if (!(await exists(minio, id))) return undefined;
          return { id, inputs, outputs: outputsOf(inputs as BucketInputs, minio) };
        },
        progress,
      );
    },

    async find({ inputs }) {
      const minio = connection();
      const wanted = inputs as BucketInputs;
      const found = await unlessUnreachable(false, () => exists(minio, wanted.bucket));
      return found ? { id: wanted.bucket, outputs: outputsOf(wanted, minio) } : undefined;
    },

    async update({ inputs }) {
      return { outputs: outputsOf(inputs as BucketInputs, connection()) };
    },

    async delete({ id, inputs, progress }) {
      const minio = connection();
      const { forceDestroy } = inputs as BucketInputs;
      await deleteFrom(progress, () => removeBucket(minio, id, forceDestroy === true));
    },
  };
}

function exists({ client, ...minio }: MinioConnection, bucket: string): Promise<boolean> {
  return request({ client, ...minio }, () => client.bucketExists(bucket));
}

async function removeBucket(minio: MinioConnection, bucket: string, withObjects: boolean): Promise<void> {
  try {
    await request(minio, () =>
      minio.client.makeRequestAsyncOmit(
        {
          method: "DELETE",
          bucketName: bucket,
          // MinIO's own header: objects, versions and unfinished uploads go in the same request.
          ...(withObjects && { headers: { "x-minio-force-delete": "true" } }),
        },
        "",
        [200, 204],
        minio.region,
      ),
    );
  } catch (error) {
    if (!(error instanceof MinioError)) throw error;
    if (error.code === "NoSuchBucket") return;
    if (error.code !== "BucketNotEmpty") throw error;
    throw new Error(
      `bucket ${bucket} is not empty. Set forceDestroy to delete it with its objects, or empty it.`,
    );
  }
}

function outputsOf(inputs: BucketInputs, { url }: MinioConnection): Properties {
  return {
    ...inputs,
    acl: inputs.acl ?? "private",
    arn: `arn:aws:s3:::${inputs.bucket}`,
    bucketDomainName: `${url}/minio/${inputs.bucket}`,
  };
}
