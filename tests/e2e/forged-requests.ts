/** Whoever knows an access key of the object store, but not its secret, writes nothing; clients that sign do. */
import * as tar from "tar-stream";
import { beforeAll, describe, expect, it } from "vitest";
import type { TestStack } from "./platform";
import { chunked, credentialOf, type S3Credentials, s3Request } from "./s3-request";

const SNOWBALL = { "x-amz-meta-snowball-auto-extract": "true" };

async function archive(name: string, content: string): Promise<Buffer> {
  const pack = tar.pack();
  pack.entry({ name }, content);
  pack.finalize();
  const parts: Buffer[] = [];
  for await (const part of pack) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

/** The tests, of a stack that is up. */
export function describeForgedRequests(stack: TestStack): void {
  describe("requests to the object store", () => {
    let url: string;
    let bucket: string;
    let lake: S3Credentials & { secretKey: string };
    let root: S3Credentials & { secretKey: string };
    let stranger: S3Credentials;

    beforeAll(async () => {
      const outputs = await stack.outputs();
      url = outputs.minioUrl;
      bucket = outputs.bucket;
      lake = { accessKey: outputs.lakeAccessKey, secretKey: outputs.lakeSecretKey };
      root = { accessKey: outputs.minioRootUser ?? "", secretKey: outputs.minioRootPassword ?? "" };
      stranger = { accessKey: lake.accessKey, secretKey: undefined };
    });

    const isThere = async (key: string) =>
      (await s3Request(url, { method: "GET", path: `/${bucket}/${key}` }, lake)).status === 200;

    it("with a forged signature are refused, whatever they carry", async () => {
      const content = await archive("forged-tar", "x");
      const plain = await s3Request(
        url,
        { method: "PUT", path: `/${bucket}/forged-plain`, ...chunked(Buffer.from("x")) },
        stranger,
      );
      const { headers, ...rest } = chunked(content);
      const extracted = await s3Request(
        url,
        { method: "PUT", path: `/${bucket}/forged.tar`, ...rest, headers: { ...headers, ...SNOWBALL } },
        stranger,
      );
      expect([plain.status, extracted.status]).toEqual([403, 403]);
      expect(await isThere("forged-plain")).toBe(false);
      expect(await isThere("forged-tar")).toBe(false);
    });

    it("that name a key in the query string and sign nothing are refused", async () => {
      const query = { "X-Amz-Credential": credentialOf(lake.accessKey) };
      const { headers, ...rest } = chunked(await archive("forged-query-tar", "x"));
      const started = await s3Request(
        url,
        { method: "POST", path: `/${bucket}/forged-part`, query: { uploads: "" } },
        lake,
      );
      const uploadId = /<UploadId>(.*)<\/UploadId>/.exec(started.text)?.[1] ?? "";
      const answers = [
        await s3Request(url, {
          method: "PUT",
          path: `/${bucket}/forged-query`,
          query,
          ...chunked(Buffer.from("x")),
        }),
        await s3Request(url, {
          method: "PUT",
          path: `/${bucket}/forged-query.tar`,
          query,
          ...rest,
          headers: { ...headers, ...SNOWBALL },
        }),
        await s3Request(url, {
          method: "PUT",
          path: `/${bucket}/forged-part`,
          query: { ...query, uploadId, partNumber: "1" },
          ...chunked(Buffer.from("x")),
        }),
      ];
      expect(uploadId).not.toBe("");
      expect(answers.map(({ status }) => status)).toEqual([403, 403, 403]);
      expect(await isThere("forged-query")).toBe(false);
      expect(await isThere("forged-query-tar")).toBe(false);
    });

    it("signed by one key do not get the rights of another that the query string names", async () => {
      const path = "/a-bucket-of-nobody";
      const query = { "X-Amz-Credential": credentialOf(root.accessKey) };
      const answer = await s3Request(url, { method: "PUT", path, query }, lake);
      // MinIO says 400: two ways of signing in one request.
      expect([400, 403]).toContain(answer.status);
      expect((await s3Request(url, { method: "GET", path }, root)).status).toBe(404);
    });

    it("that are signed well are taken: with a trailer, and archives to be extracted", async () => {
      const plain = { method: "PUT", path: `/${bucket}/signed-plain`, ...chunked(Buffer.from("x")) } as const;
      expect((await s3Request(url, plain, lake)).status).toBe(200);
      const { headers, ...rest } = chunked(await archive("signed-tar", "x"));
      const extracted = {
        method: "PUT",
        path: `/${bucket}/signed.tar`,
        ...rest,
        headers: { ...headers, ...SNOWBALL },
      } as const;
      expect((await s3Request(url, extracted, lake)).status).toBe(200);
      const whole = {
        method: "PUT",
        path: `/${bucket}/whole.tar`,
        body: await archive("whole-tar", "x"),
        headers: SNOWBALL,
      } as const;
      expect((await s3Request(url, whole, lake)).status).toBe(200);
      for (const key of ["signed-plain", "signed-tar", "whole-tar"])
        expect(await isThere(key), key).toBe(true);
    });
  });
}
