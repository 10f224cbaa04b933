/** When which change is due. Pure. The schedule is fixed from the start, so delays do not add up. */

/** Below this, several changes go into one transaction; in milliseconds. */
const tick = 20;

/** How many of the changes are due `elapsed` milliseconds after the start, at `rate` per second (0: all at once). */
export function due(elapsed: number, rate: number, total: number): number {
  if (rate === 0) return total;
  // The small share makes up for what binary fractions lose: 29 changes are due after exactly 290 ms at 100 per second.
  return Math.min(total, Math.floor((elapsed * rate) / 1000 + 1e-6));
}

/** Milliseconds to wait at `elapsed` until the next transaction, when `done` changes are applied. */
export function waitForNext(elapsed: number, done: number, rate: number): number {
  if (rate === 0) return 0;
  const nextDue = ((done + 1) * 1000) / rate;
  const nextTick = (Math.floor(elapsed / tick) + 1) * tick;
  return Math.max(0, Math.max(nextDue, Math.min(nextTick, nextDue + tick)) - elapsed);
}
