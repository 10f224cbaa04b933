/** Every credential of a stack is given another value, by its configuration and one `up`, while rows are written. */
import { Client as MinioClient } from "minio";
import { Client } from "pg";
import { expect, it } from "vitest";
import { eventually, NO_CHANGES, type TestStack } from "../platform";
import { sessionOf } from "../s3-request";
import { Writer } from "./writer";

export interface Credentials {
  postgresPassword: string;
  minioRootPassword: string;
  lakeSecretKey: string;
}

/** All that can be typed, so that whatever has a meaning to a shell, a URL, a properties file or a signature is among it. */
const PRINTABLE = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index)).join("");

export const ROTATED: Credentials = {
  postgresPassword: `${PRINTABLE}é`,
  minioRootPassword: `r${PRINTABLE.trim()}`,
  lakeSecretKey: `${PRINTABLE.trim().slice(0, 38)}~z`,
};

/** Seconds within which a row written after the `up` has to be in the lake. */
const GOES_ON_WITHIN = 30;

export function describeRotation(
  stack: TestStack,
  credentialsNow: () => Promise<Credentials>,
  configure: (credentials: Credentials) => void,
): void {
  it("keys-of-the-object-store-rotated, and the database's password: all by one up: the stream goes on, nothing is lost, the old ones are worth nothing", async () => {
    const before = await credentialsNow();
    const session = await lakeSession(stack, before.lakeSecretKey);
    expect(await session.listBuckets()).toHaveLength(1);
    const writer = new Writer(stack);
    writer.start();
    configure(ROTATED);
    const { exitCode, text } = await stack.npmRun("up");
    expect(exitCode, text).toBe(0);
    const mark = await writer.stop();
    await eventually(
      "a row written after the rotation in the lake",
      GOES_ON_WITHIN,
      () =>
        stack.queryLake("tables/public/links", `select count(*) as n from t where "customerId" = ${mark}`),
      ([row]) => Number(row?.n) === 1,
    );
    await isEqual(stack);

    await expect(signIn(stack, before.postgresPassword)).rejects.toThrow(/password authentication failed/);
    await signIn(stack, ROTATED.postgresPassword);
    for (const [user, old, now] of [
      ["minioadmin", before.minioRootPassword, ROTATED.minioRootPassword],
      ["lake-writer", before.lakeSecretKey, ROTATED.lakeSecretKey],
    ] as const) {
      await expect(buckets(stack, user, old), user).rejects.toThrow(/signature/i);
      expect(await buckets(stack, user, now), user).toContain("change-data-capture");
    }
    await expect(session.listBuckets(), "a session that the old key began").rejects.toThrow(/does not exist/);
    const again = await stack.npmRun("up");
    expect(again.text).toMatch(NO_CHANGES);
  });
}

/** `verify`, which compares every row with the lake. */
export async function isEqual(stack: TestStack): Promise<void> {
  const { exitCode, text } = await stack.npmRun("verify");
  expect(exitCode, text).toBe(0);
}

async function signIn(stack: TestStack, password: string): Promise<void> {
  const client = new Client({
    ...{ host: "127.0.0.1", port: stack.port(5432), user: "postgres", database: "postgres", password },
  });
  await client.connect();
  await client.end();
}

/** A client that signed in with the lake's key, which it needs no more then. */
async function lakeSession(stack: TestStack, secretKey: string): Promise<MinioClient> {
  const endPoint = "127.0.0.1";
  const port = stack.port(9000);
  const keys = await sessionOf(`http://${endPoint}:${port}`, { accessKey: "lake-writer", secretKey });
  return new MinioClient({ endPoint, port, useSSL: false, ...keys });
}

async function buckets(stack: TestStack, accessKey: string, secretKey: string): Promise<string[]> {
  const client = new MinioClient({
    ...{ endPoint: "127.0.0.1", port: stack.port(9000), useSSL: false, accessKey, secretKey },
  });
  return (await client.listBuckets()).map(({ name }) => name);
}
