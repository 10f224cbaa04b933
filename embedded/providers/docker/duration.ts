const NANOSECONDS = { ms: 1e6, s: 1e9, m: 60e9, h: 3600e9 } as const;
const WHOLE = /^(\d+(\.\d+)?(ms|s|m|h))+$/;
const PART = /(\d+(?:\.\d+)?)(ms|s|m|h)/g;

/** A duration as the docker plugin writes it ("1m30s", "500ms") in nanoseconds; undefined when it is none. */
export function durationNanoseconds(text: string): number | undefined {
  if (!WHOLE.test(text)) return undefined;
  return [...text.matchAll(PART)].reduce(
    (sum, [, amount, unit]) => sum + Number(amount) * NANOSECONDS[unit as keyof typeof NANOSECONDS],
    0,
  );
}
