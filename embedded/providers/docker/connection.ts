import Docker from "dockerode";
import type { Properties } from "../../provider";

/** Docker's answer to a request, as dockerode throws it. */
export interface DockerError extends Error {
  statusCode: number;
}

/** The client for the daemon of the provider's `host`, of `DOCKER_HOST`, or of the local socket. */
export function connect(config: Properties): Docker {
  const host = typeof config.host === "string" && config.host !== "" ? config.host : undefined;
  return host === undefined || host === process.env.DOCKER_HOST ? new Docker() : new Docker(addressOf(host));
}

function addressOf(host: string): Docker.DockerOptions {
  const url = new URL(host);
  if (url.protocol === "unix:") return { socketPath: url.pathname };
  if (url.protocol === "tcp:" || url.protocol === "http:") {
    return { protocol: "http", host: url.hostname, port: url.port || 2375 };
  }
  throw new Error(
    `docker:host is "${host}": the embedded engine understands unix:///path and tcp://host:port. For others set DOCKER_HOST.`,
  );
}

/** Where the client looks for Docker, in words. */
export function endpoint(docker: Docker): string {
  const { socketPath, host, port } = docker.modem as { socketPath?: string; host?: string; port?: string };
  return socketPath ?? `tcp://${host}:${port}`;
}

/**
 * Runs one request to Docker, turning "there is no Docker" into the message a newcomer can act on. Answers of
 * a daemon that is there pass through.
 */
export async function request<T>(docker: Docker, call: (docker: Docker) => Promise<T>): Promise<T> {
  try {
    return await call(docker);
  } catch (error) {
    throw noDocker(docker, error) ?? error;
  }
}

function noDocker(docker: Docker, error: unknown): Error | undefined {
  const { code } = error as NodeJS.ErrnoException;
  const where = endpoint(docker);
  switch (code) {
    case "EACCES":
      return new Error(
        `Docker's socket ${where} may not be used by this user. Run as root, or join the group once (sudo usermod -aG docker $USER) and log in again.`,
      );
    case "ENOENT":
    case "ECONNREFUSED":
    case "ENOTFOUND":
    case "EHOSTUNREACH":
    case "ETIMEDOUT":
      return new Error(
        `Docker does not answer at ${where} (${code}). \`npm run setup\` installs and starts it; if it runs elsewhere, set DOCKER_HOST.`,
      );
    default:
      return undefined;
  }
}

/** The HTTP status Docker answered with; undefined when the error is of another kind. */
export function statusOf(error: unknown): number | undefined {
  return (error as DockerError).statusCode;
}

/** Docker's own words, without dockerode's "(HTTP code 409) unexpected -" before them. */
export function dockerMessage(error: unknown): string {
  const { json, message } = error as { json?: { message?: string }; message: string };
  return (json?.message ?? message).trim();
}

/** The result, or undefined when Docker says there is no such thing. */
export async function ifExists<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}
