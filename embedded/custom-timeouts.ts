/** The resource option `customTimeouts`. Pure. */

const UNIT_SECONDS: Record<string, number> = { h: 3600, m: 60, s: 1, ms: 0.001 };

/** Durations such as `5m` or `1h30m` in seconds; those that are empty are left out. @throws On other text. */
export function inSeconds(timeouts: Record<string, string>): { [name: string]: number } {
  return Object.fromEntries(
    Object.entries(timeouts)
      .filter(([, text]) => text !== "")
      .map(([name, text]) => [name, parseDuration(name, text)]),
  );
}

function parseDuration(name: string, text: string): number {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|h|m|s)/g)];
  if (parts.map(([part]) => part).join("") !== text) {
    throw new Error(`customTimeouts.${name} is '${text}': it has to be a duration such as 5m or 90s.`);
  }
  return parts.reduce((sum, [, count, unit = ""]) => sum + Number(count) * (UNIT_SECONDS[unit] ?? 0), 0);
}
