import { setTimeout as sleep } from "node:timers/promises";
import { dockerMessage, statusOf } from "./connection";

const DEADLINE_MS = 15_000;
const PAUSE_MS = 500;

/**
 * Removes something that a container on its way out may still hold on to: tries again for a while, then
 * fails with the names of those that use it. Already gone is fine.
 */
export async function removeOnceFree(
  what: string,
  remove: () => Promise<unknown>,
  users: () => Promise<string[]>,
): Promise<void> {
  const deadline = Date.now() + DEADLINE_MS;
  for (;;) {
    try {
      await remove();
      return;
    } catch (error) {
      if (statusOf(error) === 404) return;
      if (!isInUse(error)) throw error;
      if (Date.now() > deadline) throw new Error(await stillInUse(what, error, users));
    }
    await sleep(PAUSE_MS);
  }
}

function isInUse(error: unknown): boolean {
  const status = statusOf(error);
  return (status === 409 || status === 403) && /in use|active endpoints/i.test(dockerMessage(error));
}

async function stillInUse(what: string, error: unknown, users: () => Promise<string[]>): Promise<string> {
  const names = await users();
  if (names.length === 0) return `${what} cannot be removed: ${dockerMessage(error)}`;
  return `${what} cannot be removed, it is used by container ${names.join(", ")}. Remove that first: docker rm -f ${names.join(" ")}`;
}
