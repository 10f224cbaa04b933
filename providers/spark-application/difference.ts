import { isDeepStrictEqual } from "node:util";
import { UNKNOWN } from "../unknown";
import type { SparkApplicationInputs, SparkApplicationOutputs } from "./inputs";

/** What to do about an application that is there and one that is wanted. */
export interface Difference {
  readonly changes: boolean;
  readonly replaces: string[];
  readonly deleteBeforeReplace: boolean;
}

const REPLACING = ["containerName", "applicationName"] as const;
const RESUBMITTING = [
  "containerId",
  "codeHash",
  "installFolder",
  "mainFile",
  "arguments",
  "submitArguments",
] as const;
const REMEMBERED = ["codeFolder", "startTimeoutSeconds"] as const;

function containsUnknown(words: SparkApplicationInputs["arguments"] | typeof UNKNOWN): boolean {
  return words === UNKNOWN || words.includes(UNKNOWN);
}

/** Compares what was last seen with what is wanted, which is always a running application. */
export function differenceOf(there: SparkApplicationOutputs, wanted: SparkApplicationInputs): Difference {
  const differs = (property: keyof SparkApplicationInputs) =>
    !isDeepStrictEqual(there[property], wanted[property]);
  const replaces: string[] = REPLACING.filter(
    (property) => differs(property) && wanted[property] !== UNKNOWN,
  );
  // Computed from something that is about to be replaced, such as its broker: the driver ends before that goes.
  if (containsUnknown(wanted.arguments)) replaces.push("arguments");
  const changes =
    there.state !== "RUNNING" ||
    [...REPLACING, ...RESUBMITTING, ...REMEMBERED].some((property) => differs(property));
  return { changes, replaces, deleteBeforeReplace: true };
}
