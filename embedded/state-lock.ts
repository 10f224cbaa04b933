/** Keeps a second run of the same stack out while one is under way. */
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { lock } from "proper-lockfile";

/** A lock that was not refreshed for this long belongs to nobody. */
const STALE_MILLISECONDS = 60_000;
const REFRESH_MILLISECONDS = 5_000;

interface Holder {
  pid: number;
  host: string;
  since: string;
  command: string;
}

/**
 * Takes the lock of a state file.
 * @param onLost Called when somebody else has broken the lock: two runs may now be at work.
 * @returns Gives the lock back.
 * @throws An error naming the process that holds it.
 */
export async function lockState(
  stateFile: string,
  command: string,
  onLost: (error: Error) => void = () => undefined,
): Promise<() => Promise<void>> {
  await mkdir(dirname(stateFile), { recursive: true });
  const directory = `${stateFile}.lock`;
  const holderFile = `${stateFile}.lock-holder.json`;
  const release = await acquire(stateFile, directory, holderFile, onLost);
  const holder: Holder = { pid: process.pid, host: hostname(), since: new Date().toISOString(), command };
  await writeFile(holderFile, JSON.stringify(holder));
  return async () => {
    await rm(holderFile, { force: true });
    await release().catch(() => undefined);
  };
}

async function acquire(
  stateFile: string,
  directory: string,
  holderFile: string,
  onLost: (error: Error) => void,
): Promise<() => Promise<void>> {
  const take = () =>
    lock(stateFile, {
      realpath: false,
      lockfilePath: directory,
      stale: STALE_MILLISECONDS,
      update: REFRESH_MILLISECONDS,
      onCompromised: onLost,
    });
  try {
    return await take();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ELOCKED") {
      throw error;
    }
  }
  const holder = await readHolder(holderFile);
  if (holder !== undefined && isDead(holder)) {
    await rm(directory, { recursive: true, force: true });
    return take();
  }
  const who =
    holder === undefined
      ? "another process"
      : `process ${holder.pid} on ${holder.host} (${holder.command}, since ${holder.since})`;
  throw new Error(
    `The state ${stateFile} is locked by ${who}. Wait until that run has ended. ` +
      `If you are sure that it is gone, remove ${directory} and try again.`,
  );
}

async function readHolder(holderFile: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await readFile(holderFile, "utf8")) as Holder;
  } catch {
    return undefined;
  }
}

/** A process that was killed leaves its lock behind. */
function isDead(holder: Holder): boolean {
  if (holder.host !== hostname()) {
    return false;
  }
  try {
    process.kill(holder.pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}
