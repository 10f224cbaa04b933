/** What a run of the benchmark is made of. */

/** Who was measured. `limit` is a part on its own, such as a disk or a broker: what nothing built on it can beat. */
export type System = "ours" | "seed" | "peer" | "limit" | "plain docker";

export interface Measurement {
  /** Such as `latency`, `throughput`, `snapshot`. */
  scenario: string;
  system: System;
  /** What was measured, such as `commit → lake, median`; the same text for every system that it is compared with. */
  metric: string;
  value: number;
  /** Such as `ms`, `s`, `rows/s`, `MB`, `MB/s`, `% of one core`. */
  unit: string;
  /** What stood in the way of a better value, as measured meanwhile, such as `spark-client: 97 % of one core`. */
  limitedBy?: string;
  /** How it was measured, where a reader would ask: sizes, warm-up, number of repetitions. */
  detail?: string;
}
