/** How full the file systems are that the services' data lies on, as the services themselves see them. */
import type Dockerode from "dockerode";
import { alarmOf, type Trouble } from "./trouble";

export interface Disk {
  /** Where it is in the container. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  readonly free: number;
}

/** A service, and where its data lies. */
interface Stored {
  readonly service: string;
  readonly container: string;
  readonly disks: readonly Disk[];
}

/** Less than both counts as full: a share, and what is plenty for whatever is written next. */
const LEAST_SHARE = 0.05;
const LEAST_BYTES = 1e9;

export function isFull({ size, free }: Disk): boolean {
  return free < Math.min(size * LEAST_SHARE, LEAST_BYTES);
}

/** @returns none where the container has no volume, or cannot be asked */
export async function readDisks(container: Dockerode.Container, paths: readonly string[]): Promise<Disk[]> {
  if (paths.length === 0) return [];
  const command = ["df", "--block-size=1", "--output=target,size,avail", ...paths];
  const exec = await container.exec({ Cmd: command, AttachStdout: true, Tty: true });
  const chunks: Buffer[] = [];
  for await (const chunk of await exec.start({ Tty: true })) chunks.push(chunk as Buffer);
  return disksIn(Buffer.concat(chunks).toString("utf8"));
}

/** Pure: what `df --output=target,size,avail` prints. */
export function disksIn(text: string): Disk[] {
  return text.split(/\r?\n/).flatMap((line) => {
    const [, path, size, free] = /^(\/.*?)\s+(\d+)\s+(\d+)$/.exec(line) ?? [];
    return path ? [{ path, size: Number(size), free: Number(free) }] : [];
  });
}

/** What is wrong with a service's disks, and what helps; undefined: nothing. */
export function fullDisk({ service, container, disks }: Stored): Trouble | undefined {
  const full = disks.find(isFull);
  if (!full) return undefined;
  const [free, size] = [full.free, full.size].map(
    (bytes) => `${Math.round(bytes / 1e6).toLocaleString("en-US")} MB`,
  );
  return {
    text: `the disk of ${service} is full: ${free} of ${size} are left at ${full.path}`,
    fix: `Make room there (\`docker exec ${container} df -h ${full.path}\` shows it, \`docker system df\` what else Docker keeps on it); what waits goes on by itself, and what gave up meanwhile after \`npm run refresh\` and \`npm run up\`.`,
  };
}

export function diskAlarms(services: readonly Stored[]): string[] {
  return services.flatMap((service) => {
    const found = fullDisk(service);
    return found ? [alarmOf(found)] : [];
  });
}
