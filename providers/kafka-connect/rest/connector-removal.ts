/** The parts of a connector's end that lie in Kafka Connect: tasks, offsets, the connector itself. */

import type { Pacing } from "../pacing";
import type { ConnectApi, ConnectorConfig } from "./api";
import { WHERE_TO_LOOK } from "./client";
import { forgetOffsets, isStopped, prepareStopped, waitFor } from "./running";

/** What a stop came to. A connector that still runs may make its replication slot again after it was dropped. */
export type Stopped = "stopped" | "missing" | "still running";

export async function stopConnector(connect: ConnectApi, name: string, pacing: Pacing): Promise<Stopped> {
  if (!(await connect.readConfig(name))) return "missing";
  await connect.stop(name);
  let isMissing = false;
  const isDone = await waitFor(async () => {
    const status = await connect.readStatus(name);
    isMissing = !status;
    return isMissing || isStopped(status);
  }, pacing);
  if (isMissing) return "missing";
  return isDone ? "stopped" : "still running";
}

/**
 * Forgets the connector's offsets (one made later under the same name would go on from them), deletes it and waits until
 * it is gone. Offsets outlive a connector that was deleted by hand: it is made again, stopped, to forget them.
 * @returns what could not be done, for the user to read; empty as a rule.
 */
export async function forgetAndDelete(
  connect: ConnectApi,
  name: string,
  config: ConnectorConfig,
  found: Stopped,
  pacing: Pacing,
): Promise<string[]> {
  const notDone: string[] = [];
  try {
    if (found === "missing") await prepareStopped(connect, name, config, pacing);
    await forgetOffsets(connect, name);
  } catch (error) {
    notDone.push(
      `the offsets of connector ${name} stay in Connect (${error instanceof Error ? error.message : error}): ` +
        "a connector made again under this name goes on from them instead of taking a snapshot",
    );
  }
  await connect.deleteConnector(name);
  if (!(await waitFor(async () => !(await connect.readConfig(name)), pacing))) {
    throw new Error(`connector ${name} is still there after Connect agreed to delete it. ${WHERE_TO_LOOK}`);
  }
  return notDone;
}
