import execa from "execa";
import { Client as ObjectStore } from "minio";
import { adminClient } from "../../../providers/minio/admin-client";
import { clientAt } from "../../../providers/minio/connection";
import type { TestStack } from "../platform";
import { type Fault, JOB, npm, REFRESH_AND_UP } from "./fault";

export const lakeKeyChanged: Fault = {
  name: "lake key changed in MinIO",
  async plant(stack) {
    const { minioUrl, minioRootUser = "", minioRootPassword = "", lakeAccessKey } = await stack.outputs();
    const admin = adminClient(clientAt(minioUrl, minioRootUser, minioRootPassword));
    await admin.setUser(lakeAccessKey, "another-secret-key", true);
  },
  seen: /does not take the lake's key any more/,
  hop: "Object store",
  cause: /does not take the lake's key any more \(SignatureDoesNotMatch\)/,
  mend: REFRESH_AND_UP,
};

export const dataFileGone: Fault = {
  name: "data files of a table deleted",
  async plant(stack) {
    const { store, bucket, names } = await dataFiles(stack);
    await store.removeObjects(bucket, names);
  },
  seen: /public\.links: data file .* is missing/,
  hop: "Lake tables",
  cause: /public\.links: data file .* is missing/,
  mend: (stack) => [npm(stack, "resnapshot", "public.links")],
};

export const dataFileDamaged: Fault = {
  name: "a table's data file damaged",
  async plant(stack) {
    const { store, bucket, names } = await dataFiles(stack);
    for (const name of names) await store.putObject(bucket, name, "PAR1 no more");
  },
  seen: /public\.links: data file .* has 12 bytes instead of \d+/,
  hop: "Lake tables",
  cause: /public\.links: data file .* has 12 bytes/,
  mend: (stack) => [npm(stack, "resnapshot", "public.links")],
};

export const valueWrong: Fault = {
  name: "a wrong value in the lake",
  async plant(stack) {
    const { minioUrl, lakeAccessKey, lakeSecretKey, bucket } = await stack.outputs();
    const plant = { in: "state", do: "change", key: "3", column: "customerCity", value: "nowhere" };
    // One program writes to a table at a time.
    await stack.exec("spark-client", ["application", "stop", JOB]);
    await execa(".venv/bin/python", ["tests/e2e/plant.py", `s3a://${bucket}`, "public.links", "customerId"], {
      input: JSON.stringify([plant]),
      env: {
        AWS_ENDPOINT_URL: minioUrl,
        AWS_ACCESS_KEY_ID: lakeAccessKey,
        AWS_SECRET_ACCESS_KEY: lakeSecretKey,
      },
    });
    await stack.exec("spark-client", ["application", "start", JOB]);
  },
  seen: /the lake's rows are not the source's in public\.links \(current state: 1 keys? differ/,
  seenAfterDoctor: true,
  hop: "Rows",
  cause: /public\.links/,
  mend: (stack) => [
    npm(stack, "resnapshot", "public.links"),
    npm(stack, "verify", "--table", "public.links"),
  ],
};

async function dataFiles(stack: TestStack): Promise<{ store: ObjectStore; bucket: string; names: string[] }> {
  const { minioUrl, lakeAccessKey, lakeSecretKey, bucket } = await stack.outputs();
  const { hostname, port } = new URL(minioUrl);
  const store = new ObjectStore({
    ...{ endPoint: hostname, port: Number(port), useSSL: false },
    ...{ accessKey: lakeAccessKey, secretKey: lakeSecretKey },
  });
  const names: string[] = [];
  for await (const { name } of store.listObjectsV2(bucket, "tables/public/links/", true))
    if (name?.endsWith(".parquet") && !name.includes("_delta_log")) names.push(name);
  if (names.length === 0) throw new Error("public.links has no data file yet");
  return { store, bucket, names };
}
