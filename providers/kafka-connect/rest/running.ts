import { setTimeout as pause } from "node:timers/promises";
import { tasksHaveConfig } from "../debezium/config";
import type { Pacing } from "../pacing";
import type { ConnectApi, ConnectorConfig, ConnectorStatus } from "./api";
import { WHERE_TO_LOOK } from "./client";
import { describeStatus, isInTransition, judge, onlyOldFailures } from "./health";
import { failureInShort, Restarts } from "./restarts";

/** The connector is there, but does not run. */
export class NotRunning extends Error {
  constructor(
    readonly reasons: readonly string[],
    readonly status: ConnectorStatus | undefined,
  ) {
    super(reasons.join("\n"));
  }
}

/**
 * What a database shows of a connector that reads it: that it does, that it cannot, that it does not yet (it may still be
 * taking its snapshot), that it does and has not come past what it may have failed at, or nothing. RUNNING alone is no proof: a task that tries in vain to read is RUNNING too, for a while.
 */
export type Evidence = "reads" | "cannot read" | "not yet" | "behind" | "none";

/** What is known about a connector whose config has just been written. */
export interface JustWritten {
  readonly name: string;
  readonly config: ConnectorConfig;
  /** Its status before that; undefined when it is new. */
  readonly before: ConnectorStatus | undefined;
  /** Whether the config differs from the one before. */
  readonly changed: boolean;
  /** What its database shows of it, once it has failed or not. */
  readonly evidence: (hasFailed: boolean) => Promise<Evidence>;
  /** The time (`Date.now()`) by which it must run. */
  readonly deadline: number;
  /** Gets a line for the user about each restart. */
  readonly report: (line: string) => void;
}

/**
 * Waits until the connector and its tasks run, and keep running for a moment. What fails is restarted, after a pause that
 * grows each time.
 * @throws NotRunning when one of them fails once more after the last restart, or at the deadline.
 */
export async function waitUntilRunning(
  connect: ConnectApi,
  { name, config, before, changed, evidence, deadline, report }: JustWritten,
  pacing: Pacing,
): Promise<ConnectorStatus> {
  const started = Date.now();
  let handedOver = before === undefined || !changed;
  let shown: Evidence = "none";
  let runningSince: number | undefined;
  const restarts = new Restarts(pacing);
  const hadFailed = judge(before).verdict === "failed";
  for (;;) {
    const elapsed = Date.now() - started;
    // Connect hands a changed config to the tasks after it has answered; until then they run with the old one.
    handedOver ||=
      elapsed >= pacing.staleFailure || tasksHaveConfig(await connect.readTaskConfigs(name), config);
    const status = await connect.readStatus(name);
    const health = judge(status);
    const now = Date.now();
    if (health.verdict === "running" && handedOver) {
      runningSince ??= now;
      shown = await evidence(hadFailed || restarts.count > 0);
      const settle = settleTime(shown, pacing);
      const settled = now > runningSince && now - runningSince >= settle;
      if (status && settled && shown !== "cannot read") return status;
    } else {
      runningSince = undefined;
    }
    if (health.verdict === "failed") {
      const isOld = onlyOldFailures(before, status);
      // A changed config starts what had failed again, as a rule. A restart on top of that would disturb it.
      const isStale = isOld && changed && elapsed < pacing.staleFailure;
      const step = isStale ? "wait" : restarts.afterFailure(now, isOld);
      if (step === "give up" || now >= deadline) {
        throw new NotRunning(restarts.appendedTo(health.reasons), status);
      }
      if (step === "restart") {
        const failure = failureInShort(health.reasons[0] ?? "");
        report(`${failure}: restarting (${restarts.count} of ${restarts.limit})`);
        await connect.restartFailed(name);
      }
    } else {
      restarts.noFailure();
    }
    if (now >= deadline) {
      const states = `last seen: ${describeStatus(status)}`;
      const problem =
        shown === "cannot read"
          ? `RUNNING, but its database shows no replication slot for it; ${states}`
          : `not RUNNING in time; ${states}`;
      throw new NotRunning([`${problem}. ${WHERE_TO_LOOK}`], status);
    }
    await pause(pacing.poll);
  }
}

function settleTime(shown: Evidence, pacing: Pacing): number {
  if (shown === "reads") return pacing.settle;
  if (shown === "behind") return pacing.settleBehind;
  return shown === "not yet" ? pacing.settleUnread : pacing.settleUnproven;
}

/** The status, asked again while Connect is in the middle of moving the connector, for a while. */
export async function readSettledStatus(
  connect: ConnectApi,
  name: string,
  pacing: Pacing,
): Promise<ConnectorStatus | undefined> {
  const started = Date.now();
  for (;;) {
    const status = await connect.readStatus(name);
    if (!status || !isInTransition(status) || Date.now() - started >= pacing.staleFailure) return status;
    await pause(pacing.poll);
  }
}

/** Leaves the connector stopped, which is when its offsets can be changed; makes it, stopped, if need be. */
export async function prepareStopped(
  connect: ConnectApi,
  name: string,
  config: ConnectorConfig,
  pacing: Pacing,
): Promise<void> {
  if (!(await connect.create(name, config, "STOPPED"))) await connect.stop(name);
  // A connector just made has no status for a moment.
  await waitFor(async () => isStopped(await connect.readStatus(name)), pacing);
}

/**
 * Leaves the connector stopped and without offsets, making it if need be: when it is started, it begins at the beginning.
 */
export async function rewind(
  connect: ConnectApi,
  name: string,
  config: ConnectorConfig,
  pacing: Pacing,
): Promise<void> {
  await prepareStopped(connect, name, config, pacing);
  await forgetOffsets(connect, name);
}

/** Forgets the offsets of a stopped connector, if it has any. */
export async function forgetOffsets(connect: ConnectApi, name: string): Promise<void> {
  if ((await connect.readOffsets(name)).length > 0) await connect.deleteOffsets(name);
}

export function isStopped(status: ConnectorStatus | undefined): boolean {
  return status?.connector.state === "STOPPED" && status.tasks.length === 0;
}

/** Asks until it is so, for as long as a connector may take to stop. */
export async function waitFor(isSo: () => Promise<boolean>, pacing: Pacing): Promise<boolean> {
  const started = Date.now();
  while (Date.now() - started < pacing.stop) {
    if (await isSo()) return true;
    await pause(pacing.poll);
  }
  return isSo();
}
