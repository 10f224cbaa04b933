/**
 * The seed's generator has options such as `-hst`: one dash, several letters. Commander has only one-letter ones, so
 * they become their long form before it reads the arguments.
 */

/** Each multi-letter short option and its long form; two of them may share one. */
export const shortOptions: ReadonlyMap<string, string> = new Map([
  ["-hst", "--host"],
  ["-psw", "--password"],
  ["-db", "--database"],
  ["-es", "--source_file_extension"],
  ["-rst", "--row_sleep_time"],
  ["-rs", "--row_size"],
  ["-shf", "--shuffle"],
  ["-pk", "--primary_key"],
]);

/** These take the argument after them as their value, whatever it looks like. */
const oneLetterWithValue = new Set(["-i", "-p", "-u", "-t", "-s", "-e", "-b", "-r"]);
/** Its value may be left out, so what follows it can be another option. */
const withOptionalValue = new Set(["-shf"]);

/** Rewrites `-hst NAME` and `-hst=NAME` to `--host=NAME` and so on; every other argument stays as it is. */
export function expandShortOptions(args: readonly string[]): string[] {
  const expanded: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] as string;
    if (arg === "--") return [...expanded, ...args.slice(i)];
    const [name, value] = splitAtEquals(arg);
    const long = shortOptions.get(name);
    if (long === undefined) {
      expanded.push(arg);
      if ((oneLetterWithValue.has(arg) || isLongWithValue(arg)) && i + 1 < args.length) {
        expanded.push(args[++i] as string);
      }
    } else if (value !== undefined) {
      expanded.push(`${long}=${value}`);
    } else if (withOptionalValue.has(name) || i + 1 === args.length) {
      expanded.push(long);
    } else {
      expanded.push(`${long}=${args[++i]}`);
    }
  }
  return expanded;
}

/** `-pswSECRET` too: read as `-p` it would put the password into the complaint about the port. */
function splitAtEquals(arg: string): [name: string, value?: string] {
  if (arg.startsWith("-psw") && arg.length > 4) return ["-psw", arg.slice(4).replace(/^=/, "")];
  const at = arg.indexOf("=");
  return at < 0 ? [arg] : [arg.slice(0, at), arg.slice(at + 1)];
}

function isLongWithValue(arg: string): boolean {
  return [...shortOptions].some(([short, long]) => long === arg && !withOptionalValue.has(short));
}
