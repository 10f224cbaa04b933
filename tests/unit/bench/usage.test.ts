import { describe, expect, it } from "vitest";
import { cpuPerRow, limitOf, type Sample, usageOf } from "../../../bench/observe/usage";

/** Two containers for ten seconds. */
function samples(spark: number, kafka: number, machine: number): Sample[] {
  return [0, 5, 10].map((second) => ({
    at: second * 1000,
    busySeconds: 100 + machine * second,
    cores: 2,
    containers: [
      { name: "kafka", cpuSeconds: 7 + kafka * second, bytes: 200e6 },
      { name: "spark-client", cpuSeconds: 50 + spark * second, bytes: 500e6 + second * 10e6 },
    ],
  }));
}

describe("what containers used", () => {
  it("is CPU in cores, the busiest first, and memory in MB", () => {
    const usage = usageOf(samples(0.5, 0.1, 0.8));
    expect(usage.containers.map(({ name, cpu }) => [name, Number(cpu.toFixed(3))])).toEqual([
      ["spark-client", 0.5],
      ["kafka", 0.1],
    ]);
    expect(usage.busyCores).toBeCloseTo(0.8);
    expect(usage.memory).toEqual({ peak: 800, mean: 750, firstThird: 700, lastThird: 800 });
  });
});

describe("the CPU time of a row", () => {
  it("is that of each container that took any, and of the machine", () => {
    expect(cpuPerRow(usageOf(samples(0.5, 0, 0.8)), 100_000, "a row")).toEqual([
      { metric: "CPU time of spark-client, a row", value: expect.closeTo(50), unit: "µs" },
      { metric: "CPU time of the whole machine, a row", value: expect.closeTo(80), unit: "µs" },
    ]);
  });
});

describe("what limits", () => {
  it("is the machine when all its cores are busy", () => {
    expect(limitOf(usageOf(samples(0.9, 0.7, 1.9)))).toBe(
      "the machine's CPU: spark-client 90 %, kafka 70 % of one core, machine 95 % of 2 cores",
    );
  });

  it("is one core when a container has one and the machine has more", () => {
    expect(limitOf(usageOf(samples(0.97, 0.1, 1.2)))).toMatch(/^one core: spark-client 97 %/);
  });

  it("is waiting when nothing is busy", () => {
    expect(limitOf(usageOf(samples(0.3, 0.1, 0.5)))).toMatch(/^waiting, no CPU is full: spark-client 30 %/);
  });
});
