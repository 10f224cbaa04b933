import { describe, expect, it } from "vitest";
import type { Measurement } from "../../../bench/measurement";
import { END_TO_END, FIRST_ROW, LATENCY, PEAK_MEMORY } from "../../../bench/metrics";
import { chartOf } from "../../../bench/report/chart";
import { goalsOf } from "../../../bench/report/goals";
import { markdownOf } from "../../../bench/report/markdown";
import { readable } from "../../../bench/report/numbers";
import type { Results } from "../../../bench/report/results";

const of = (scenario: string, system: Measurement["system"], metric: string, value: number, unit = "ms") => ({
  scenario,
  system,
  metric,
  value,
  unit,
});

const MEASURED: Measurement[] = [
  of("latency", "seed", LATENCY.median("flattened"), 6000),
  of("latency", "ours", LATENCY.median("flattened"), 700),
  of("latency", "ours", LATENCY.median("current state"), 1100),
  of("throughput", "seed", END_TO_END, 4000, "rows/s"),
  of("throughput", "ours", END_TO_END, 24_000, "rows/s"),
  of("throughput", "ours", PEAK_MEMORY, 2500, "MB"),
  of("snapshot", "ours", PEAK_MEMORY, 2900, "MB"),
  of("platform, embedded engine", "ours", FIRST_ROW, 60, "s"),
  of("platform, by hand", "plain docker", FIRST_ROW, 40, "s"),
];

const RESULTS: Results = {
  startedAt: "2026-01-02T03:04:05.000Z",
  minutes: 48,
  machine: {
    host: "box",
    cpu: "a | b",
    cores: 2,
    memoryGb: 8,
    kernel: "6",
    node: "v20",
    docker: "27",
    commit: "abc",
    loadBefore: 0.1,
  },
  request: { scenarios: [], systems: [], rows: 1_000_000, streamMinutes: 10, tables: 1000 },
  measurements: [{ ...MEASURED[0], limitedBy: "a | b" } as Measurement, ...MEASURED.slice(1)],
  series: [{ title: "lag <now>", unit: "s", points: [[1, 0.5] as const, [2, 1.5] as const] }],
  failures: [{ what: "the peer", why: "two\nlines" }],
};

const goal = (figure: string, text: string) =>
  goalsOf(MEASURED).find((one) => one.figure === figure && one.goal.includes(text));

describe("goals", () => {
  it("count the slowest of our tables", () => {
    expect(goal("latency after warm-up, median", "1/6")).toMatchObject({
      reached: "1/5.45 (1,100 ms of 6,000 ms)",
      met: false,
    });
  });

  it("are met exactly at the limit", () => {
    expect(goal("end-to-end throughput", "6 ×")).toMatchObject({ met: true });
    expect(goal("end-to-end throughput", "25,000")).toMatchObject({ met: false });
  });

  it("count the highest memory of all loads", () => {
    expect(goal("memory under load", "3,000 MB")).toMatchObject({ reached: "2,900 MB", met: true });
  });

  it("say nothing of what was not measured", () => {
    expect(goal("snapshot into Kafka", "5 ×")).not.toHaveProperty("met");
    expect(goalsOf([]).every(({ met }) => met === undefined)).toBe(true);
  });

  it("compare the stand-up with the same by hand", () => {
    expect(goal("up → first row in the lake", "1.2")).toMatchObject({
      reached: "1.5 × (60 s and 40 s)",
      met: false,
    });
  });
});

describe("the page", () => {
  it("has the machine, every table and what failed, with bars that do not break a row", () => {
    const page = markdownOf(RESULTS, "x.svg");
    expect(page).toContain("![chart](x.svg)");
    expect(page).toContain("2 cores (a | b)");
    expect(page).toContain("| commit → flattened table readable, median | seed | 6,000 ms | a \\| b |  |");
    expect(page).toContain("| the peer | two lines |");
  });
});

describe("the chart", () => {
  it("is well-formed, with a bar a system and a line a series", () => {
    const svg = chartOf(RESULTS);
    expect(svg.startsWith("<svg ")).toBe(true);
    expect(svg.match(/<polyline/g)).toHaveLength(1);
    expect(svg).toContain("lag &lt;now>");
    expect(svg).not.toContain("NaN");
  });
});

it("numbers have three digits that count", () => {
  expect([0.01234, 1.234, 12.34, 123.4, 12_345.6, Number.NaN].map(readable)).toEqual([
    "0.0123",
    "1.23",
    "12.3",
    "123",
    "12,346",
    "–",
  ]);
});
