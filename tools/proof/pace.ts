/** Pure: how long to rest so that what was done stays within a budget. */

export interface Cost {
  /** Of this process, and of PostgreSQL for it. */
  readonly cpuSeconds: number;
  /** That PostgreSQL read. */
  readonly bytes: number;
  /** That went by. */
  readonly seconds: number;
}

export interface Budget {
  /** Of one processor's time. */
  readonly cpuShare: number;
  readonly bytesPerSecond: number;
}

/** @returns seconds */
export function pauseAfter({ cpuSeconds, bytes, seconds }: Cost, budget: Budget): number {
  const needed = Math.max(cpuSeconds / budget.cpuShare, bytes / budget.bytesPerSecond);
  return Math.max(0, needed - seconds);
}
