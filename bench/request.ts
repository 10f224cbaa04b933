/** What a run is asked to do. */

/** In the order in which they run on a system. */
export const SCENARIOS = [
  "platform",
  "latency",
  "snapshot",
  "throughput",
  "stream",
  "growth",
  "tables",
  "idle",
] as const;
export type Scenario = (typeof SCENARIOS)[number];

export const SYSTEMS = ["seed", "ours", "limits", "peer"] as const;
export type Contender = (typeof SYSTEMS)[number];

export interface BenchRequest {
  readonly scenarios: readonly Scenario[];
  readonly systems: readonly Contender[];
  /** Rows inserted, and rows of the snapshot. */
  readonly rows: number;
  /** How long each stream of changes goes on. */
  readonly streamMinutes: number;
  /** Of the scenario `tables`. */
  readonly tables: number;
}
