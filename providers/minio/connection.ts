import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "minio";
import { NO_ANSWER, s3Client } from "../s3/client";

export interface MinioConnection {
  client: Client;
  /** Also the key that bodies of the admin API are encrypted with. */
  password: string;
  region: string;
  /** `http://localhost:9000`, for messages and outputs. */
  url: string;
}

/** Nothing answers at the server's address. */
export class ServerUnreachable extends Error {}

/** The server answered, with an error. */
export class MinioError extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/**
 * A client for the server at a URL such as `http://localhost:9000`; talks to nobody yet.
 */
export function clientAt(
  url: string,
  accessKey: string,
  secretKey: string,
  region = "us-east-1",
): MinioConnection {
  // Waiting for a server is done here.
  const client = s3Client({ url, accessKey, secretKey, region }, false);
  return { client, password: secretKey, region, url };
}

/** A HEAD request has no body to tell a wrong password from a missing right: both are AccessDenied. */
const BAD_CREDENTIALS = [
  "AccessDenied",
  "InvalidAccessKeyId",
  "SignatureDoesNotMatch",
  "XMinioInvalidAccessKeyId",
];
/** The S3 client keeps no more than the status of such an answer. */
const NOT_READY = /Retryable HTTP status: (429|502|503|504)/;
const READY_DEADLINE_MS = 30_000;

/** Runs one request, waiting for a server that has just started, and turns what went wrong into one clear message. */
export async function request<T>(connection: MinioConnection, call: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + READY_DEADLINE_MS;
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (!NOT_READY.test((error as Error).message) || Date.now() > deadline)
        throw explained(connection, error);
    }
    await sleep(500);
  }
}

function codeOf(error: unknown): string {
  const { code, cause } = error as { code?: unknown; cause?: { code?: unknown } };
  return String(code ?? cause?.code ?? "");
}

function explained({ url }: MinioConnection, error: unknown): Error {
  const code = codeOf(error);
  if (NO_ANSWER.includes(code)) {
    return new ServerUnreachable(
      `MinIO does not answer at ${url} (${code}). Is its container running and healthy? docker ps --filter label=cdc.service=minio`,
    );
  }
  if (BAD_CREDENTIALS.includes(code)) {
    return new MinioError(
      code,
      `MinIO at ${url} does not accept the provider's minioUser and minioPassword (${code}). A running server has the password it was started with.`,
    );
  }
  if (error instanceof MinioError) return error;
  return new MinioError(
    code,
    `MinIO at ${url}: ${(error as Error).message}${code === "" ? "" : ` (${code})`}`,
  );
}

/**
 * Reads through a refresh: a server that does not answer says nothing about what is in it, so what is
 * recorded stands until it is back.
 *
 * @param say shows that to the person at the keyboard
 */
export async function unlessUnreachable<T>(
  recorded: T,
  read: () => Promise<T>,
  say: (message: string) => void = () => undefined,
): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof ServerUnreachable)) throw error;
    say(`what is recorded stands, as nobody could be asked: ${error.message}`);
    return recorded;
  }
}
