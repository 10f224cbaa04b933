import { setTimeout as sleep } from "node:timers/promises";
import type Docker from "dockerode";
import type { Progress } from "../../provider";
import { type Diagnosis, healthOutput, lastLogLines } from "./container-diagnosis";
import type { ContainerInputs } from "./container-inputs";

const DEFAULT_WAIT_TIMEOUT_SECONDS = 60;
/** A container that is not waited for has this long to fall over at once. */
const SETTLE_MS = 700;
const POLL_MS = 250;
const REPORT_MS = 15_000;
/** One crash is forgiven (a dependency may not have been quite ready), a second is a loop. */
const FORGIVEN_RESTARTS = 1;

export type Verdict = { state: "waiting" } | { state: "ready" } | { state: "failed"; why: string };

/**
 * Judges a container that was just started.
 *
 * @param waitForHealth whether "ready" takes a passed health check, or just running
 */
export function judge(live: Docker.ContainerInspectInfo, waitForHealth: boolean): Verdict {
  const { State: state, RestartCount: restarts } = live;
  if (state.OOMKilled) {
    return {
      state: "failed",
      why: `ran out of memory (limit ${(live.HostConfig.Memory ?? 0) / 1024 / 1024} MB)`,
    };
  }
  if (restarts > FORGIVEN_RESTARTS) {
    // Docker forgets the exit code as soon as the next attempt runs.
    const exitCode = state.Running && !state.Restarting ? "" : `exit code ${state.ExitCode}, `;
    return { state: "failed", why: `keeps crashing (${exitCode}restarted ${restarts} times)` };
  }
  if (state.Status === "exited" || state.Status === "dead") {
    return { state: "failed", why: `exited with code ${state.ExitCode}${state.Error && `: ${state.Error}`}` };
  }
  if (!state.Running || state.Restarting) return { state: "waiting" };
  if (state.Health?.Status === "unhealthy") {
    return {
      state: "failed",
      why: `is unhealthy: its health check failed ${state.Health.FailingStreak} times in a row`,
    };
  }
  if (!waitForHealth || state.Health?.Status === "healthy") return { state: "ready" };
  return { state: "waiting" };
}

/**
 * Waits until a started container is usable: healthy with `wait`, else still running a moment later. Gives up
 * as soon as it cannot become so any more. Returns the diagnosis of what went wrong, or undefined.
 */
export async function untilUsable(
  container: Docker.Container,
  inputs: ContainerInputs,
  progress: Progress,
): Promise<Diagnosis | undefined> {
  const waitForHealth = inputs.wait === true;
  const timeout = waitForHealth ? (inputs.waitTimeout ?? DEFAULT_WAIT_TIMEOUT_SECONDS) * 1000 : SETTLE_MS;
  const started = Date.now();
  let nextReport = started + REPORT_MS;
  for (;;) {
    const live = await container.inspect();
    const seconds = Math.round((Date.now() - started) / 100) / 10;
    const verdict = judge(live, waitForHealth);
    if (verdict.state === "failed")
      return diagnose(container, live, `${verdict.why}, ${seconds} s after its start`);
    if (verdict.state === "ready" && waitForHealth) {
      progress(`healthy after ${seconds} s`);
      return undefined;
    }
    if (Date.now() - started > timeout) {
      if (verdict.state === "ready") return undefined;
      return diagnose(container, live, `did not become healthy within ${timeout / 1000} s (waitTimeout)`);
    }
    if (Date.now() > nextReport) {
      progress(
        `not healthy yet after ${Math.round(seconds)} s: ${healthOutput(live) ?? "no health check has finished"}`,
      );
      nextReport += REPORT_MS;
    }
    await sleep(POLL_MS);
  }
}

async function diagnose(
  container: Docker.Container,
  live: Docker.ContainerInspectInfo,
  why: string,
): Promise<Diagnosis> {
  return { why, health: healthOutput(live), log: await lastLogLines(container) };
}
