import { traceCauses } from "../text/trace";
import type { ConnectorStatus, RunStatus } from "./api";

/** What a connector's status means for its resource. */
export type Health =
  | { readonly verdict: "running" }
  | { readonly verdict: "waiting"; readonly seen: string }
  | { readonly verdict: "failed"; readonly seen: string; readonly reasons: readonly string[] };

/**
 * Running means: the connector and at least one task exist, and all of them are RUNNING. Failed means that the
 * connector or a task is FAILED; Connect never restarts those by itself.
 */
export function judge(status: ConnectorStatus | undefined): Health {
  const seen = describeStatus(status);
  if (!status) return { verdict: "waiting", seen };
  const parts: [string, RunStatus][] = [
    ["connector", status.connector],
    ...status.tasks.map((task): [string, RunStatus] => [`task ${task.id}`, task]),
  ];
  const failed = parts.filter(([, part]) => part.state === "FAILED");
  if (failed.length > 0) {
    return { verdict: "failed", seen, reasons: failed.map(([what, part]) => describeFailure(what, part)) };
  }
  const running = status.tasks.length > 0 && parts.every(([, part]) => part.state === "RUNNING");
  return running ? { verdict: "running" } : { verdict: "waiting", seen };
}

/** The states in one line, such as `connector RUNNING, task 0 UNASSIGNED`. */
export function describeStatus(status: ConnectorStatus | undefined): string {
  if (!status) return "Connect shows no status for it yet";
  const tasks = status.tasks.map((task) => `task ${task.id} ${task.state}`);
  return [`connector ${status.connector.state}`, ...(tasks.length > 0 ? tasks : ["no task yet"])].join(", ");
}

/** Whether every failure in `now` was already there, word for word, in `before`. */
export function onlyOldFailures(
  before: ConnectorStatus | undefined,
  now: ConnectorStatus | undefined,
): boolean {
  const known = new Set(failureTraces(before));
  return failureTraces(now).every((trace) => known.has(trace));
}

/** Whether Connect is in the middle of moving things: such a state passes within seconds. */
export function isInTransition(status: ConnectorStatus): boolean {
  const passing = ["UNASSIGNED", "RESTARTING"];
  return status.tasks.length === 0
    ? status.connector.state === "RUNNING" || passing.includes(status.connector.state)
    : [status.connector, ...status.tasks].some((part) => passing.includes(part.state));
}

/** One word for the whole: the connector's state, or that of the first task that is not RUNNING. */
export function overallState(status: ConnectorStatus): string {
  return [status.connector, ...status.tasks].find((part) => part.state !== "RUNNING")?.state ?? "RUNNING";
}

function failureTraces(status: ConnectorStatus | undefined): string[] {
  if (!status) return [];
  return [status.connector, ...status.tasks]
    .filter((part) => part.state === "FAILED")
    .map((part) => part.trace ?? "");
}

function describeFailure(what: string, part: RunStatus): string {
  const causes = traceCauses(part.trace ?? "");
  const text = causes.length > 0 ? causes.join("\n  ") : "Connect gives no trace for it";
  return `${what} is FAILED on worker ${part.worker_id}: ${text}`;
}
