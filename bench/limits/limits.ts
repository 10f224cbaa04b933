/** What the platform is built on, each part on its own: what nothing built on it can beat. */
import type { Cleanup } from "../cleanup";
import type { Measurement } from "../measurement";
import type { RunningStack } from "../running-stack";
import { kafkaPerf } from "./kafka-perf";
import { lakeWrites } from "./lake-writes";
import { logicalDrain } from "./logical-drain";

const LIMITS = [
  { title: "limit: PostgreSQL's logical decoding", measure: logicalDrain },
  { title: "limit: Kafka's producer and consumer", measure: kafkaPerf },
  { title: "limit: Delta appends and objects", measure: lakeWrites },
];

/**
 * One after the other, against a stack that is up and idle. Each removes what it makes.
 *
 * @param told says what is measured next
 * @param cleanup gets to know of containers to be removed before the stack if the run is interrupted
 */
export async function measureLimits(
  stack: RunningStack,
  told: (what: string) => void = () => {},
  cleanup?: Cleanup,
): Promise<Measurement[]> {
  const measurements: Measurement[] = [];
  for (const { title, measure } of LIMITS) {
    told(title);
    measurements.push(...(await measure(stack, cleanup)));
  }
  return measurements;
}
