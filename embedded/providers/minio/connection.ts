import { clientAt, type MinioConnection, ServerUnreachable } from "../../../providers/minio/connection";
import { type Progress, type Properties, UNKNOWN } from "../../provider";

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
  const region = config.minioRegion as string | undefined;
  return clientAt(
    `${useSSL ? "https" : "http"}://${host}:${port}`,
    text(config, "minioUser"),
    password,
    region,
  );
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
