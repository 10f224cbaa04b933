import { setTimeout as pause } from "node:timers/promises";
import type { Pacing } from "../pacing";
import type { ConnectApi, ConnectorStatus } from "./api";
import { WHERE_TO_LOOK } from "./client";
import type { TargetState } from "./desired-state";
import { describeStatus, judge } from "./health";
import { NotRunning } from "./running";

/** Pauses or stops the connector, whatever it does now. Returns before it is done. */
export async function halt(
  connect: ConnectApi,
  name: string,
  target: Exclude<TargetState, "RUNNING">,
): Promise<void> {
  if (target === "PAUSED") await connect.pause(name);
  else await connect.stop(name);
}

/**
 * Waits until the connector and whatever tasks it has are in that state.
 * @throws NotRunning at the deadline.
 */
export async function waitUntilHalted(
  connect: ConnectApi,
  name: string,
  target: Exclude<TargetState, "RUNNING">,
  deadline: number,
  pacing: Pacing,
): Promise<ConnectorStatus> {
  let isRestarted = false;
  for (;;) {
    const status = await connect.readStatus(name);
    const parts = status ? [status.connector, ...status.tasks] : [];
    if (status && parts.every((part) => part.state === target)) return status;
    const health = judge(status);
    // A task that has failed stays so when its connector is paused; restarted, it is paused like the others.
    if (health.verdict === "failed" && status?.connector.state === target && !isRestarted) {
      isRestarted = true;
      await connect.restartFailed(name);
    }
    if (Date.now() >= deadline) {
      const reasons = health.verdict === "failed" ? health.reasons : [];
      const problem = `not ${target} in time; last seen: ${describeStatus(status)}. ${WHERE_TO_LOOK}`;
      throw new NotRunning([problem, ...reasons], status);
    }
    await pause(pacing.poll);
  }
}
