/** Requests to S3 as a client, or somebody who only knows an access key, would send them. */
import { createHash, createHmac } from "node:crypto";
import * as http from "node:http";
import { crc32 } from "node:zlib";

export interface S3Credentials {
  readonly accessKey: string;
  /** Undefined: the sender does not know it, and signs with zeros. */
  readonly secretKey: string | undefined;
}

export interface S3Request {
  readonly method: "GET" | "PUT" | "POST";
  /** `/bucket/key`, without a query. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Hash of the payload as the header has it; UNSIGNED-PAYLOAD where it is left out. */
  readonly payloadHash?: string;
  readonly body?: Buffer;
  /** Which the signature is for. Default: `s3`. */
  readonly service?: "s3" | "sts";
}

export interface S3Answer {
  readonly status: number;
  readonly text: string;
}

export const UNSIGNED_TRAILER = "STREAMING-UNSIGNED-PAYLOAD-TRAILER";
const CHECKSUM = "x-amz-checksum-crc32";
const REGION = "us-east-1";

/** A body in one chunk with its checksum as trailer, as `STREAMING-UNSIGNED-PAYLOAD-TRAILER` wants it, and its headers. */
export function chunked(content: Buffer): Pick<S3Request, "headers" | "payloadHash" | "body"> {
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(content));
  const trailer = `${CHECKSUM}:${checksum.toString("base64")}`;
  const frame = [`${content.length.toString(16)}\r\n`, content, `\r\n0\r\n${trailer}\r\n\r\n`];
  return {
    payloadHash: UNSIGNED_TRAILER,
    headers: {
      "content-encoding": "aws-chunked",
      "x-amz-decoded-content-length": `${content.length}`,
      "x-amz-trailer": CHECKSUM,
    },
    body: Buffer.concat(frame.map((part) => Buffer.from(part))),
  };
}

/** The value that names a key in a query string: `X-Amz-Credential`. */
export function credentialOf(accessKey: string, now = new Date()): string {
  return `${accessKey}/${timestamp(now).slice(0, 8)}/${REGION}/s3/aws4_request`;
}

/**
 * @param credentials whose signature the header `Authorization` has; undefined: there is no such header
 * Source: AWS Signature Version 4.
 */
export async function s3Request(
  endpoint: string,
  request: S3Request,
  credentials?: S3Credentials,
): Promise<S3Answer> {
  const { host, hostname, port } = new URL(endpoint);
  const now = new Date();
  const payloadHash = request.payloadHash ?? "UNSIGNED-PAYLOAD";
  const headers: Record<string, string> = {
    ...request.headers,
    host,
    "x-amz-content-sha256": payloadHash,
    "x-amz-date": timestamp(now),
  };
  const query = Object.entries(request.query ?? {})
    .map((pair) => pair.map(encoded).join("="))
    .sort()
    .join("&");
  if (credentials) headers.authorization = authorization(request, query, headers, credentials, now);
  return new Promise((resolve, reject) => {
    const path = query ? `${request.path}?${query}` : request.path;
    const sent = http.request({ hostname, port, path, method: request.method, headers }, (answer) => {
      const parts: Buffer[] = [];
      answer.on("data", (part) => parts.push(part));
      answer.on("end", () =>
        resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(parts).toString("utf8") }),
      );
      answer.on("error", reject);
    });
    sent.on("error", reject);
    sent.setHeader("content-length", request.body?.length ?? 0);
    sent.end(request.body);
  });
}

/** Signed in for a week (AssumeRole), by the secret key that then is not needed any more. */
export async function sessionOf(
  endpoint: string,
  credentials: S3Credentials,
): Promise<{ accessKey: string; secretKey: string; sessionToken: string }> {
  const body = Buffer.from("Action=AssumeRole&Version=2011-06-15&DurationSeconds=604800");
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  const payloadHash = createHash("sha256").update(body).digest("hex");
  const signIn = { method: "POST", path: "/", service: "sts", headers, payloadHash, body } as const;
  const { status, text } = await s3Request(endpoint, signIn, credentials);
  if (status !== 200) throw new Error(`AssumeRole was answered with ${status}: ${text}`);
  const element = (name: string) => new RegExp(`<${name}>(.*)</${name}>`).exec(text)?.[1] ?? "";
  return {
    accessKey: element("AccessKeyId"),
    secretKey: element("SecretAccessKey"),
    sessionToken: element("SessionToken"),
  };
}

function authorization(
  { method, path, service = "s3" }: S3Request,
  query: string,
  headers: Readonly<Record<string, string>>,
  { accessKey, secretKey }: S3Credentials,
  now: Date,
): string {
  const names = Object.keys(headers).sort();
  const signedHeaders = names.join(";");
  const lines = names.map((name) => `${name}:${headers[name]}\n`).join("");
  const canonical = [method, path, query, lines, signedHeaders, headers["x-amz-content-sha256"]].join("\n");
  const date = timestamp(now).slice(0, 8);
  const scope = `${date}/${REGION}/${service}/aws4_request`;
  const text = ["AWS4-HMAC-SHA256", timestamp(now), scope, sha256(canonical)].join("\n");
  const key = [date, REGION, service, "aws4_request"].reduce<string | Buffer>(hmac, `AWS4${secretKey}`);
  const signature = secretKey === undefined ? "0".repeat(64) : hmac(key, text).toString("hex");
  return `AWS4-HMAC-SHA256 Credential=${accessKey}/${scope},SignedHeaders=${signedHeaders},Signature=${signature}`;
}

function timestamp(now: Date): string {
  return now.toISOString().replace(/[-:]|\.\d+/g, "");
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}

function encoded(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16)}`);
}
