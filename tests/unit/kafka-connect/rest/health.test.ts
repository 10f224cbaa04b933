import { describe, expect, it } from "vitest";
import { tasksHaveConfig } from "../../../../providers/kafka-connect/debezium/config";
import { judge, overallState } from "../../../../providers/kafka-connect/rest/health";
import { traceCauses } from "../../../../providers/kafka-connect/text/trace";
import { statusOf } from "../connect-server";

const name = "a";

describe("a connector's status", () => {
  it("means running only with at least one task and all of them RUNNING", () => {
    expect(judge(statusOf(name, "RUNNING", { state: "RUNNING" })).verdict).toBe("running");
    expect(judge(undefined).verdict).toBe("waiting");
    expect(judge(statusOf(name, "RUNNING")).verdict).toBe("waiting");
    expect(judge(statusOf(name, "RUNNING", { state: "RUNNING" }, { state: "UNASSIGNED" })).verdict).toBe(
      "waiting",
    );
    expect(judge(statusOf(name, "PAUSED", { state: "PAUSED" })).verdict).toBe("waiting");
  });

  it("means failed with one FAILED task among running ones, and names task and worker", () => {
    const health = judge(
      statusOf(name, "RUNNING", { state: "RUNNING" }, { state: "FAILED", trace: "a.B: broken\n\tat x" }),
    );
    expect(health).toEqual({
      verdict: "failed",
      seen: "connector RUNNING, task 0 RUNNING, task 1 FAILED",
      reasons: ["task 1 is FAILED on worker kafka-connect:8083: a.B: broken"],
    });
  });

  it("is in one word that of the part which is not RUNNING", () => {
    expect(overallState(statusOf(name, "RUNNING", { state: "RUNNING" }))).toBe("RUNNING");
    expect(overallState(statusOf(name, "RUNNING", { state: "FAILED" }))).toBe("FAILED");
    expect(overallState(statusOf(name, "STOPPED"))).toBe("STOPPED");
  });
});

describe("a stack trace", () => {
  it("is told by its messages, each once, without frames", () => {
    const trace =
      "x.ConnectException: stopped\n  second line\n\tat a.b(C.java:1)\nCaused by: x.YException: deeper\n\tat d.e(F.java:2)\n\t... 3 more\nCaused by: z.ZError: deeper\n";
    expect(traceCauses(trace)).toEqual([
      "x.ConnectException: stopped",
      "second line",
      "Caused by: x.YException: deeper",
    ]);
  });

  it("is cut to lines that a terminal can show", () => {
    const lines = traceCauses(
      Array.from({ length: 50 }, (_, i) => `Caused by: x.Y: ${i} ${"y".repeat(900)}`).join("\n"),
    );
    expect(lines.length).toBeLessThanOrEqual(12);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(410);
  });
});

describe("the tasks", () => {
  it("have a config when what they were given of it is the same", () => {
    expect(tasksHaveConfig([], { a: "1" })).toBe(false);
    expect(tasksHaveConfig([{ a: "0" }], { a: "1" })).toBe(false);
    expect(tasksHaveConfig([{ a: "1", "task.id": "0" }], { a: "1", "not.handed.on": "x" })).toBe(true);
  });
});
