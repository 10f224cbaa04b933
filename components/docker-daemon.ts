/** Which Docker daemon is meant: Docker's own programs follow contexts, its libraries and Pulumi's plugin only DOCKER_HOST. */
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";

export interface DockerDaemon {
  /** Such as `unix:///var/run/docker.sock` or `tcp://127.0.0.1:2375`. */
  readonly host: string;
  /** What chose it, in words. */
  readonly chosenBy: string;
  /** Whether it is reached with certificates that only the context knows. */
  readonly tls: boolean;
}

export const DEFAULT_SOCKET = "/var/run/docker.sock";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The daemon that DOCKER_HOST names, or the Docker context chosen; undefined for the usual socket.
 *
 * @throws Error when the context chosen is not there
 */
export function chosenDaemon(
  env: Environment = process.env,
  exists: (file: string) => boolean = fs.existsSync,
): DockerDaemon | undefined {
  if (env.DOCKER_HOST) return { host: env.DOCKER_HOST, chosenBy: "DOCKER_HOST", tls: false };
  const folder = env.DOCKER_CONFIG || path.join(env.HOME || os.homedir(), ".docker");
  const context = env.DOCKER_CONTEXT || currentContext(folder);
  if (context !== undefined && context !== "default") return ofContext(folder, context);
  const ownSocket = env.XDG_RUNTIME_DIR && path.join(env.XDG_RUNTIME_DIR, "docker.sock");
  if (ownSocket && exists(ownSocket) && !exists(DEFAULT_SOCKET)) {
    return { host: `unix://${ownSocket}`, chosenBy: "your own (rootless) Docker", tls: false };
  }
  return undefined;
}

/** Whether ports published by the daemon are ports of this machine. */
export function isOnThisMachine({ host }: Pick<DockerDaemon, "host">): boolean {
  if (host.startsWith("unix:")) return true;
  const url = URL.canParse(host) ? new URL(host) : undefined;
  return url?.protocol !== "ssh:" && /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url?.hostname ?? "");
}

/**
 * For a program that runs under plain `pulumi`: its containers would be on one daemon, and `docker exec` would look on another.
 *
 * @throws pulumi.RunError when a context is chosen that Pulumi's plugin does not follow
 */
export function requireOneDaemon(): void {
  const daemon = chosenDaemon();
  if (daemon === undefined || process.env.DOCKER_HOST) return;
  throw new pulumi.RunError(
    `Docker at ${daemon.host} is chosen by ${daemon.chosenBy}, which Pulumi's plugin does not follow. ` +
      `Set DOCKER_HOST=${daemon.host}, or run it by \`npm run\`, which does so.`,
  );
}

function currentContext(folder: string): string | undefined {
  const file = path.join(folder, "config.json");
  if (!fs.existsSync(file)) return undefined;
  return JSON.parse(fs.readFileSync(file, "utf8")).currentContext;
}

function ofContext(folder: string, name: string): DockerDaemon {
  const id = createHash("sha256").update(name).digest("hex");
  const file = path.join(folder, "contexts", "meta", id, "meta.json");
  if (!fs.existsSync(file))
    throw new Error(`The Docker context ${name} is chosen, but there is none of that name.`);
  const { Endpoints: endpoints } = JSON.parse(fs.readFileSync(file, "utf8"));
  return {
    host: endpoints.docker.Host,
    chosenBy: `the Docker context ${name}`,
    tls: fs.existsSync(path.join(folder, "contexts", "tls", id, "docker")),
  };
}
