import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "minio";
import { type Progress, type Properties, UNKNOWN } from "../../provider";

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

const DEFAULT_REGION = "us-east-1";
const CARRIED = new Set(["minioServer", "minioUser", "minioPassword", "minioSsl", "minioRegion", "version"]);

/** Makes a client from the provider's configuration; talks to nobody yet. */
export function connect(config: Properties): MinioConnection {
  const given = Object.entries(config).filter(
    ([, value]) => value !== undefined && value !== null && value !== "",
  );
  for (const [name] of given) {
    if (!CARRIED.has(name)) throw new Error(`minio provider: the embedded engine does not carry "${name}"`);
  }
  const { host, port } = address(text(config, "minioServer"));
  const password = text(config, "minioPassword");
  const useSSL = config.minioSsl === true || config.minioSsl === "true";
  const region = (config.minioRegion as string | undefined) ?? DEFAULT_REGION;
  const client = new Client({
    endPoint: host,
    port,
    useSSL,
    accessKey: text(config, "minioUser"),
    secretKey: password,
    region,
    // It would say so on the console; waiting for a server is done here.
    retryOptions: { disableRetry: true },
  });
  return { client, password, region, url: `${useSSL ? "https" : "http"}://${host}:${port}` };
}

function text(config: Properties, name: string): string {
  const value = config[name];
  if (value === UNKNOWN) throw new Error(`minio provider: ${name} is not known yet`);
  if (typeof value !== "string" || value === "") throw new Error(`minio provider: ${name} is missing`);
  return value;
}

function address(server: string): { host: string; port: number } {
  const match = /^(?<host>[^/:]+)(?::(?<port>\d+))?$/.exec(server);
  if (match?.groups?.host === undefined) {
    throw new Error(`minio provider: minioServer is "${server}", but must be host:port without a scheme`);
  }
  return { host: match.groups.host, port: Number(match.groups.port ?? 9000) };
}

const NO_ANSWER = [
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOTFOUND",
  "EHOSTUNREACH",
  "ETIMEDOUT",
  "EAI_AGAIN",
  "EPIPE",
];
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
 */
export async function unlessUnreachable<T>(recorded: T, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof ServerUnreachable) return recorded;
    throw error;
  }
}

/**
 * Deletes something from a server. When nothing answers there is nothing to delete it from: so `destroy` gets
 * through after the server's container was removed by hand. What is in a data volume goes or stays with that.
 */
export async function deleteFrom(progress: Progress, remove: () => Promise<unknown>): Promise<void> {
  try {
    await remove();
  } catch (error) {
    if (!(error instanceof ServerUnreachable)) throw error;
    progress(`${error.message} Nothing to delete there; a data volume keeps what is in it.`);
  }
}
