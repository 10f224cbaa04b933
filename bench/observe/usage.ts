/** Pure: what samples of CPU time and memory come to, and what stood in the way. */
import type { Measurement } from "../measurement";
import { mean, outerThirds } from "../statistics";

export interface Sample {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** CPU time of the machine since its start that was not idle. */
  readonly busySeconds: number;
  readonly cores: number;
  readonly containers: readonly { name: string; cpuSeconds: number; bytes: number }[];
}

export interface Usage {
  readonly seconds: number;
  /** Mean number of the machine's cores that were busy, with whatever. */
  readonly busyCores: number;
  readonly cores: number;
  /** Busiest first. CPU in cores (1: one core all the time), memory in MB (10⁶ bytes). */
  readonly containers: readonly { name: string; cpu: number; peakMb: number; meanMb: number }[];
  /** Of all containers together, in MB. */
  readonly memory: { peak: number; mean: number; firstThird: number; lastThird: number };
}

const MB = 1e6;

export function usageOf(samples: readonly Sample[]): Usage {
  const first = samples[0];
  const last = samples.at(-1);
  if (!first || !last) throw new Error("no sample was taken");
  const seconds = Math.max((last.at - first.at) / 1000, 0.001);
  const containers = last.containers.map(({ name, cpuSeconds }) => {
    const before = first.containers.find((container) => container.name === name)?.cpuSeconds ?? 0;
    const bytes = samples.flatMap((sample) =>
      sample.containers.filter((container) => container.name === name).map((container) => container.bytes),
    );
    return {
      name,
      cpu: (cpuSeconds - before) / seconds,
      peakMb: Math.max(...bytes) / MB,
      meanMb: mean(bytes) / MB,
    };
  });
  const totals = samples.map((sample) => sample.containers.reduce((sum, { bytes }) => sum + bytes, 0) / MB);
  const thirds = outerThirds(totals);
  return {
    seconds,
    busyCores: (last.busySeconds - first.busySeconds) / seconds,
    cores: last.cores,
    containers: containers.sort((a, b) => b.cpu - a.cpu),
    memory: {
      peak: totals.reduce((most, total) => Math.max(most, total), 0),
      mean: mean(totals),
      firstThird: mean(thirds.first),
      lastThird: mean(thirds.last),
    },
  };
}

/**
 * CPU time that each row took, as measurements: of each container that took any, busiest first, and of the whole machine.
 *
 * @param row what each of them is, such as `an inserted row`
 */
export function cpuPerRow(
  usage: Usage,
  rows: number,
  row: string,
): Pick<Measurement, "metric" | "value" | "unit">[] {
  const perRow = (of: string, cores: number) => ({
    metric: `CPU time of ${of}, ${row}`,
    value: (cores * usage.seconds * 1e6) / rows,
    unit: "µs",
  });
  return [
    ...usage.containers.map(({ name, cpu }) => perRow(name, cpu)),
    perRow("the whole machine", usage.busyCores),
  ].filter(({ value }) => value >= 0.1);
}

/** Of all cores, from which on the machine is what limits. */
const MACHINE_FULL = 0.85;
/** Of one core, from which on a container with one busy thread is what limits. */
const CORE_FULL = 0.85;

/** What stood in the way, in words, with the figures that say so. */
export function limitOf({ containers, busyCores, cores }: Usage): string {
  const percent = (share: number) => `${Math.round(share * 100)} %`;
  const busiest = containers
    .slice(0, 2)
    .map(({ name, cpu }) => `${name} ${percent(cpu)}`)
    .join(", ");
  const machine = `machine ${percent(busyCores / cores)} of ${cores} cores`;
  if (busyCores / cores >= MACHINE_FULL) return `the machine's CPU: ${busiest} of one core, ${machine}`;
  if ((containers[0]?.cpu ?? 0) >= CORE_FULL) return `one core: ${busiest}; ${machine}`;
  return `waiting, no CPU is full: ${busiest} of one core; ${machine}`;
}
