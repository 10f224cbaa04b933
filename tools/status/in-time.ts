import { setTimeout as pause } from "node:timers/promises";

/** @throws Error when there is no answer in time */
export async function inTime<T>(answer: Promise<T>, milliseconds: number): Promise<T> {
  const late = pause(milliseconds, undefined, { ref: false }).then(() => {
    throw new Error(`no answer within ${milliseconds / 1000} s`);
  });
  return Promise.race([answer, late]);
}
