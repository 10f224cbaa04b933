import { describe, expect, test } from "vitest";
import { BuildLog } from "../../../embedded/providers/docker/build-log";

describe("the log of a build", () => {
  test("announces each step, and nothing else", () => {
    const steps: string[] = [];
    const log = new BuildLog((step) => steps.push(step));
    log.add({ stream: "Step 1/2 : FROM x\n" });
    log.add({ stream: " ---> 8e45f8442007\n" });
    log.add({ stream: `Step 2/2 : RUN ${"x".repeat(200)}\n` });
    expect(steps).toEqual(["Step 1/2 : FROM x", `Step 2/2 : RUN ${"x".repeat(105)}…`]);
    expect(log.failure()).toBeUndefined();
  });

  test("shows of a failure the step, the end of that step's output without colours, and the error", () => {
    const log = new BuildLog(() => {});
    log.add({ stream: "Step 1/2 : RUN first\n" });
    log.add({ stream: "output of the first\n" });
    log.add({ stream: "Step 2/2 : RUN apt-get install nope\n" });
    for (let line = 1; line <= 30; line += 1) log.add({ stream: `line ${line}\n` });
    log.add({ stream: "\u001b[91mE: Unable to locate package nope\n\u001b[0m" });
    log.add({
      errorDetail: { message: "returned a non-zero code: 100" },
      error: "returned a non-zero code: 100",
    });
    const lines = log.failure()?.split("\n") ?? [];
    expect(lines[0]).toBe("Step 2/2 : RUN apt-get install nope");
    expect(lines.slice(-2)).toEqual(["  E: Unable to locate package nope", "returned a non-zero code: 100"]);
    expect(lines).toHaveLength(22);
    expect(lines.join()).not.toContain("first");
  });
});
