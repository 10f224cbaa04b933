/** All that a run found out: what the JSON file has, and what tables and charts are made of. */
import type { Measurement } from "../measurement";
import type { BenchRequest } from "../request";
import type { Machine } from "./machine";
import type { Series } from "./series";

export interface Results {
  /** ISO 8601. */
  readonly startedAt: string;
  readonly minutes: number;
  readonly machine: Machine;
  readonly request: BenchRequest;
  readonly measurements: readonly Measurement[];
  readonly series: readonly Series[];
  /** What could not be measured, and why. */
  readonly failures: readonly { what: string; why: string }[];
}
