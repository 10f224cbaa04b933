/** Pure: what the project wants to reach, and what a run reached. */
import type { Measurement } from "../measurement";
import {
  END_TO_END,
  FIRST_ROW,
  IDLE_CPU,
  LATENCY,
  lag,
  MEMORY_FIRST_THIRD,
  MEMORY_LAST_THIRD,
  PEAK_MEMORY,
  PREVIEW,
  SNAPSHOT_INTO_KAFKA,
  streamScenario,
  UP_AGAIN,
} from "../metrics";
import { readable } from "./numbers";

export interface Goal {
  readonly figure: string;
  readonly goal: string;
  /** What was reached, in words; undefined when it was not measured. */
  readonly reached?: string;
  readonly met?: boolean;
}

/** A sixth, for two values of which smaller is better. */
const SIXTH = 1 / 6;
/** Memory that grows by less than this share is called flat. */
const FLAT = 1.1;

export function goalsOf(measurements: readonly Measurement[]): Goal[] {
  const find = (scenario: string, system: Measurement["system"], metric: string) =>
    measurements.find((one) => one.scenario === scenario && one.system === system && one.metric === metric)
      ?.value;
  /** The worst table counts. */
  const ours = (scenario: string, metric: (table: string) => string) => {
    const found = ["flattened", "current state"].flatMap(
      (table) => find(scenario, "ours", metric(table)) ?? [],
    );
    return found.length > 0 ? Math.max(...found) : undefined;
  };
  const seed = (scenario: string, metric: string) => find(scenario, "seed", metric);
  const slow = streamScenario(1000);
  return [
    ...latencyGoals(
      "median",
      ours("latency", LATENCY.median),
      seed("latency", LATENCY.median("flattened")),
      1000,
    ),
    ...latencyGoals("p95", ours("latency", LATENCY.p95), seed("latency", LATENCY.p95("flattened")), 2000),
    ratio("end-to-end throughput", 6, find("throughput", "ours", END_TO_END), seed("throughput", END_TO_END)),
    atLeast("end-to-end throughput", 25_000, "rows/s", find("throughput", "ours", END_TO_END)),
    ratio(
      "snapshot into Kafka",
      5,
      find("snapshot", "ours", SNAPSHOT_INTO_KAFKA),
      seed("snapshot", SNAPSHOT_INTO_KAFKA),
    ),
    atMost(
      "1,000 changes a second: lag, p95",
      3000,
      "ms",
      ours(slow, (table) => lag(table, "p95")),
    ),
    atMost(
      "1,000 changes a second: lag, max",
      3000,
      "ms",
      ours(slow, (table) => lag(table, "max")),
    ),
    flat(
      "1,000 changes a second",
      find(slow, "ours", MEMORY_FIRST_THIRD),
      find(slow, "ours", MEMORY_LAST_THIRD),
    ),
    growth(measurements),
    atMost("idle CPU of the platform", 10, "% of one core", find("idle", "ours", IDLE_CPU)),
    atMost("memory under load", 3000, "MB", mostMemory(measurements)),
    upGoal(measurements),
    ...["embedded engine", "Pulumi CLI"].flatMap((engine) => {
      const [again, preview] = [UP_AGAIN, PREVIEW].map((metric) =>
        find(`platform, ${engine}`, "ours", metric),
      );
      return engine === "Pulumi CLI" && again === undefined
        ? []
        : [atMost(`no-op up (${engine})`, 3, "s", again), atMost(`preview (${engine})`, 3, "s", preview)];
    }),
  ];
}

function latencyGoals(
  which: string,
  ours: number | undefined,
  seed: number | undefined,
  most: number,
): Goal[] {
  const figure = `latency after warm-up, ${which}`;
  return [
    {
      figure,
      goal: "at most 1/6 of the seed's way",
      ...(ours !== undefined &&
        seed !== undefined && {
          reached: `1/${readable(seed / ours)} (${readable(ours)} ms of ${readable(seed)} ms)`,
          met: ours <= seed * SIXTH,
        }),
    },
    atMost(figure, most, "ms", ours),
  ];
}

function ratio(figure: string, times: number, ours: number | undefined, seed: number | undefined): Goal {
  return {
    figure,
    goal: `at least ${times} × the seed's way`,
    ...(ours !== undefined &&
      seed !== undefined && {
        reached: `${readable(ours / seed)} × (${readable(ours)} and ${readable(seed)} rows/s)`,
        met: ours >= times * seed,
      }),
  };
}

function atMost(figure: string, most: number, unit: string, value: number | undefined): Goal {
  const goal = `at most ${readable(most)} ${unit}`;
  return value === undefined
    ? { figure, goal }
    : { figure, goal, reached: `${readable(value)} ${unit}`, met: value <= most };
}

function atLeast(figure: string, least: number, unit: string, value: number | undefined): Goal {
  const goal = `at least ${readable(least)} ${unit}`;
  return value === undefined
    ? { figure, goal }
    : { figure, goal, reached: `${readable(value)} ${unit}`, met: value >= least };
}

function flat(what: string, first: number | undefined, last: number | undefined): Goal {
  return {
    figure: `${what}: memory`,
    goal: "flat (last third at most 10 % over the first)",
    ...(first !== undefined &&
      last !== undefined && {
        reached: `${readable(first)} MB → ${readable(last)} MB`,
        met: last <= first * FLAT,
      }),
  };
}

function growth(measurements: readonly Measurement[]): Goal {
  const ratios = measurements.filter(({ scenario, unit }) => scenario === "growth" && unit === "×");
  const largest = ratios.at(-1);
  return {
    figure: "growth 10 thousand → 10 million rows",
    goal: "at most 2 ×",
    ...(largest && { reached: `${readable(largest.value)} × (${largest.metric})`, met: largest.value <= 2 }),
  };
}

/** Of all loads. */
function mostMemory(measurements: readonly Measurement[]): number | undefined {
  const peaks = measurements.filter(({ system, metric }) => system === "ours" && metric === PEAK_MEMORY);
  return peaks.length > 0 ? Math.max(...peaks.map(({ value }) => value)) : undefined;
}

function upGoal(measurements: readonly Measurement[]): Goal {
  const first = (scenario: string) =>
    measurements.find((one) => one.scenario === scenario && one.metric === FIRST_ROW)?.value;
  const ours = first("platform, embedded engine");
  const plain = first("platform, by hand");
  return {
    figure: "up → first row in the lake",
    goal: "at most 1.2 × plain docker run",
    ...(ours !== undefined &&
      plain !== undefined && {
        reached: `${readable(ours / plain)} × (${readable(ours)} s and ${readable(plain)} s)`,
        met: ours <= 1.2 * plain,
      }),
  };
}
