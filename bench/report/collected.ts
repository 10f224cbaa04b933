/** Collects what a run finds out, also when a part of it fails. */
import type { Measurement } from "../measurement";
import type { Progress } from "../progress";
import type { BenchRequest } from "../request";
import type { Findings } from "../scenarios/scenario";
import type { Machine } from "./machine";
import { readable } from "./numbers";
import type { Results } from "./results";
import type { Series } from "./series";

export class Collected {
  private readonly measurements: Measurement[] = [];
  private readonly series: Series[] = [];
  private readonly failures: { what: string; why: string }[] = [];

  constructor(private readonly progress: Progress) {}

  add(measurements: readonly Measurement[]): void {
    this.measurements.push(...measurements);
    for (const { system, metric, value, unit } of measurements) {
      this.progress.line(`  ${system}: ${metric}: ${readable(value)} ${unit}`);
    }
  }

  take({ measurements, series = [] }: Findings): void {
    this.add(measurements);
    this.series.push(...series);
  }

  /** A part that fails is told and noted, and the others go on. */
  async attempt(what: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      const why = (error as Error).message;
      this.failures.push({ what, why });
      this.progress.line(`${what} could not be measured: ${why}`);
    }
  }

  results(started: Date, minutes: number, machine: Machine, request: BenchRequest): Results {
    const { measurements, series, failures } = this;
    return { startedAt: started.toISOString(), minutes, machine, request, measurements, series, failures };
  }
}
