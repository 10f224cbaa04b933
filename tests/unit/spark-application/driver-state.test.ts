import { describe, expect, it } from "vitest";
import {
  applicationState,
  type DriverState,
  startProgress,
} from "../../../providers/spark-application/driver-state";
import { RUNNING, STARTING } from "./fake-client";

const failed = (exitCode: number, failures: number): DriverState => ({
  ...STARTING,
  failures,
  lastRun: { exitCode, signal: 0, error: "no such bucket" },
});

describe("the application's state", () => {
  it("is RUNNING only while its query is active", () => {
    expect(applicationState(RUNNING)).toBe("RUNNING");
    expect(applicationState(STARTING)).toBe("RESTARTING");
    expect(applicationState({ ...RUNNING, up: false })).toBe("RESTARTING");
    expect(applicationState({ ...RUNNING, status: { state: "failed" } })).toBe("RESTARTING");
  });

  it("is STOPPED once somebody stopped it, even while its driver still finishes", () => {
    expect(applicationState({ ...RUNNING, wantedUp: false })).toBe("STOPPED");
  });
});

describe("a start", () => {
  it("is ready when the master runs the application and its query is active", () => {
    expect(startProgress(RUNNING)).toEqual({ outcome: "ready" });
  });

  it("says what it waits for: driver, executor, query", () => {
    const waiting = (state: DriverState) => {
      const progress = startProgress(state);
      return progress.outcome === "waiting" ? progress.for : progress.outcome;
    };
    const registered = { ...RUNNING, status: { state: "starting", applicationId: "app-1" } as const };
    expect(waiting(STARTING)).toContain("driver to start");
    expect(waiting({ ...registered, stateAtMaster: "WAITING" })).toContain(
      "executor: the master has it as WAITING",
    );
    expect(waiting(registered)).toContain("micro-batch");
    expect(waiting({ ...RUNNING, stateAtMaster: "WAITING" })).toContain("executor");
  });

  it("may fail once, as a service it needs may just have been coming up", () => {
    expect(startProgress(failed(1, 1))).toMatchObject({ outcome: "waiting" });
    expect(startProgress(failed(1, 2))).toEqual({ outcome: "failed", error: "no such bucket" });
  });

  it("has failed at once when another try would fail in the same way", () => {
    expect(startProgress(failed(2, 1))).toEqual({ outcome: "failed", error: "no such bucket" });
  });

  it("has failed when somebody stops it", () => {
    expect(startProgress({ ...STARTING, wantedUp: false })).toMatchObject({ outcome: "failed" });
  });
});
