/** A value over time, for the chart. */
export interface Series {
  readonly title: string;
  readonly unit: string;
  /** Seconds since the beginning, and the value. */
  readonly points: readonly (readonly [seconds: number, value: number])[];
}
