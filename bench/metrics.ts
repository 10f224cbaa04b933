/** Names of what several places speak of: scenarios write them, the goals and the chart look for them. */
export const LATENCY = {
  median: (table: string) => `commit → ${table} table readable, median`,
  p95: (table: string) => `commit → ${table} table readable, p95`,
  max: (table: string) => `commit → ${table} table readable, max`,
};
export const END_TO_END = "inserted rows, first commit → last row readable";
export const INTO_KAFKA = "inserted rows, first commit → last message in Kafka";
export const FROM_KAFKA = "inserted rows, first message in Kafka → last row readable";
export const SNAPSHOT_INTO_KAFKA = "existing rows, first → last message in Kafka";
export const SNAPSHOT_INTO_LAKE = "existing rows, first message in Kafka → last row readable";
export const PEAK_MEMORY = "memory of all containers, peak";
export const MEMORY_FIRST_THIRD = "memory of all containers, mean of the first third";
export const MEMORY_LAST_THIRD = "memory of all containers, mean of the last third";
export const IDLE_CPU = "CPU of all containers, idle";
export const IDLE_MEMORY = "memory of all containers, idle";
export const FIRST_ROW = "nothing there → first row readable";
export const UP = "up";
export const UP_AGAIN = "up with nothing to do";
export const PREVIEW = "preview with nothing to do";
export const DESTROY = "destroy";
export const GROWTH_RATIO = (from: string, to: string) => `cost of 1,000 changes, ${to} rows / ${from} rows`;

export const streamScenario = (rate: number) => `stream of ${rate.toLocaleString("en-US")}/s`;
export const lag = (table: string, what: "median" | "p95" | "max") => `lag of the ${table} table, ${what}`;
export const lagThird = (table: string, third: "first" | "last") =>
  `lag of the ${table} table, median of the ${third} third`;
