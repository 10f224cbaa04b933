/** Clients of S3-compatible object stores, MinIO's among them. */
import { Client } from "minio";

export interface S3Place {
  /** Endpoint, such as `http://localhost:9000`. */
  readonly url: string;
  readonly accessKey: string;
  readonly secretKey: string;
  /** Given, so that the client does not ask where a bucket is before its first request. */
  readonly region: string;
  /**
   * Whether the bucket is part of an address's path, or of its host name.
   * @default true
   */
  readonly pathStyle?: boolean;
}

/**
 * Talks to nobody yet.
 *
 * @param retries whether the client tries again by itself, and says so on the console
 */
export function s3Client(
  { url, accessKey, secretKey, region, pathStyle = true }: S3Place,
  retries: boolean,
): Client {
  const { protocol, hostname, port } = new URL(url);
  const useSSL = protocol === "https:";
  return new Client({
    endPoint: hostname,
    port: Number(port || (useSSL ? 443 : 80)),
    useSSL,
    accessKey,
    secretKey,
    region,
    pathStyle,
    ...(retries ? {} : { retryOptions: { disableRetry: true } }),
  });
}

/** Codes of errors that come from no server. */
export const NO_ANSWER: readonly string[] = [
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOTFOUND",
  "EHOSTUNREACH",
  "ETIMEDOUT",
  "EAI_AGAIN",
  "EPIPE",
];
