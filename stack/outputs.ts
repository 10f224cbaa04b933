/** Reads outputs of a stack that is up. */

import { type OutputName, type StackOutputs, stackOutputs } from "../outputs";
import { UserError } from "./console";

/**
 * @param found what the engine has of them
 * @param names those that are needed; all of them by default
 * @throws UserError when one is missing, as with a stack that an older version deployed, or is not what it should be
 */
export function outputsOf<Name extends OutputName = OutputName>(
  found: Readonly<Record<string, unknown>>,
  stack: string,
  names?: readonly Name[],
): Pick<StackOutputs, Name> {
  const result = stackOutputs.safeParse(found);
  if (result.success) return result.data;
  const wrong = result.error.issues
    .map(({ path }) => path[0] as Name)
    .filter((name) => names?.includes(name) ?? true);
  if (wrong.length === 0) return found as StackOutputs;
  throw new UserError(
    `Stack ${stack} has no usable output ${wrong.join(", ")}.`,
    `Run \`npm run up -- --stack ${stack}\`; it adds outputs without touching anything else.`,
  );
}
