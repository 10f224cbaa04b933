import { setTimeout as pause } from "node:timers/promises";

/** Milliseconds for a part that runs: a busy machine is no fault. */
export const MOST_MS = 5_000;

/** @throws Error when there is no answer in time */
export async function inTime<T>(answer: Promise<T>, milliseconds: number): Promise<T> {
  const late = pause(milliseconds, undefined, { ref: false }).then(() => {
    throw new Error(`no answer within ${milliseconds / 1000} s`);
  });
  return Promise.race([answer, late]);
}
