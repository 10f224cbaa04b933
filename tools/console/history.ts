/** Pure: the last hour, and what flows in it. */
import type { Sample } from "./view";

const HOUR_MS = 3_600_000;
/** One each five seconds. */
const MOST = 720;

/** With a further sample, and without those that are older than an hour. */
export function withSample(history: readonly Sample[], sample: Sample): Sample[] {
  return [...history.filter(({ at }) => at > sample.at - HOUR_MS && at < sample.at), sample].slice(-MOST);
}

/**
 * Messages a second between the last two samples that know.
 *
 * @returns null before there are two; a number that went back (a topic made anew) counts as nothing
 */
export function rateOf(history: readonly Sample[], of: "written" | "read"): number | null {
  const known = history.filter((sample) => sample[of] !== null);
  const [before, last] = known.slice(-2);
  if (!before || !last) return null;
  const seconds = (last.at - before.at) / 1000;
  return seconds <= 0 ? null : Math.max(0, Number(last[of]) - Number(before[of])) / seconds;
}
