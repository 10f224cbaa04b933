/** What the platform is built on, each part on its own: what nothing built on it can beat. */
import type { Measurement } from "../measurement";
import type { RunningStack } from "../running-stack";
import { kafkaPerf } from "./kafka-perf";
import { lakeWrites } from "./lake-writes";
import { logicalDrain } from "./logical-drain";

const LIMITS = [logicalDrain, kafkaPerf, lakeWrites];

/**
 * One after the other, against a stack that is up and idle. Each removes what it makes.
 *
 * @param told says what is measured next
 */
export async function measureLimits(
  stack: RunningStack,
  told: (what: string) => void = () => {},
): Promise<Measurement[]> {
  const measurements: Measurement[] = [];
  for (const limit of LIMITS) {
    told(limit.name);
    measurements.push(...(await limit(stack)));
  }
  return measurements;
}
