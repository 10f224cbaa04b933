import { describe, expect, it } from "vitest";
import { overviewLine } from "../../../tools/status/overview";
import { type ServiceStatus, serviceAlarms, serviceTable } from "../../../tools/status/services";

const running: ServiceStatus = {
  service: "kafka",
  container: "blue-kafka",
  state: "running",
  health: "healthy",
  restarts: 0,
  memory: { used: 100 * 1024 ** 2, limit: 512 * 1024 ** 2 },
  disks: [{ path: "/data", size: 10e9, free: 4e9 }],
  published: ["127.0.0.1:29092"],
};
const down = (state: string): ServiceStatus => ({ ...running, state, health: null, memory: null });

describe("a container", () => {
  it("raises no alarm while it runs, is about to, or has no health check", () => {
    expect(
      serviceAlarms([running, { ...running, health: "starting" }, { ...running, health: null }]),
    ).toEqual([]);
  });

  it.each([
    [down("exited"), /kafka is exited.*`docker logs blue-kafka`.*`docker start blue-kafka`/],
    [down("restarting"), /kafka is restarting/],
    [down("paused"), /kafka is paused: `docker unpause blue-kafka`/],
    [down("gone"), /blue-kafka is gone.*`npm run up`/],
    [{ ...running, health: "unhealthy" }, /kafka is unhealthy/],
  ])("raises one that names it and what helps: $state $health", (service, alarm) => {
    expect(serviceAlarms([running, service])).toEqual([expect.stringMatching(alarm)]);
  });

  it("is shown with its memory, its limit and where it is reached", () => {
    const text = serviceTable([running, down("exited")]);
    expect(text).toMatch(/kafka\s*│ healthy\s*│ 0\s*│ 100 of 512 MiB\s*│ 60 % full\s*│ 127\.0\.0\.1:29092/);
    expect(text).toMatch(/kafka\s*│ exited/);
  });
});

describe("the first line", () => {
  const well = ["9 containers run"];

  it("says that all is well, or how many alarms there are and who did not answer", () => {
    expect(overviewLine({ well, alarms: [], notReached: [] })).toBe("All is well: 9 containers run.");
    expect(overviewLine({ well, alarms: ["a", "b"], notReached: [] })).toBe("NOT WELL: 2 alarms, below.");
    expect(overviewLine({ well, alarms: ["a"], notReached: ["the connector"] })).toBe(
      "NOT WELL: one alarm, below; no answer from the connector.",
    );
  });
});
