/** Passwords that everyone knows are for addresses that only this machine reaches. */

const LOOPBACK = /^127\./;

/**
 * The secrets, by name, that have a value which everyone knows, on an address that other machines reach.
 *
 * @param chosen what the stack sets; undefined where it sets nothing, and so has the well-known one
 * @param wellKnown those of the walkthrough
 */
export function exposedSecrets(
  bindAddress: string,
  chosen: (name: string) => string | undefined,
  wellKnown: Readonly<Record<string, string>>,
): string[] {
  if (LOOPBACK.test(bindAddress)) return [];
  const known = Object.values(wellKnown);
  return Object.keys(wellKnown).filter((name) => known.includes(chosen(name) ?? wellKnown[name] ?? ""));
}

/** What is wrong, and how to mend it. */
export function exposure(bindAddress: string, names: readonly string[], stack: string): string {
  const commands = names.map((name) => `  npm run set-secret -- ${name} --stack ${stack}`);
  return [
    `Configuration value cdc:bindAddress is ${bindAddress}, which other machines reach, while everyone knows the walkthrough's ` +
      `value of ${names.map((name) => `cdc:${name}`).join(", ")}. Have others made up:`,
    ...commands,
    `With --stdin it takes one of your own. Or leave cdc:bindAddress at 127.0.0.1.`,
  ].join("\n");
}
