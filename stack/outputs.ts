/** Reads outputs of a stack that is up. */

import { type OutputName, PIPELINE_OUTPUTS, type StackOutputs, stackOutputs } from "../outputs";
import { UserError } from "./console";

/**
 * The outputs as one pipeline has them: its own in place of those of the stack's own pipeline.
 *
 * @param found what the engine has of them
 * @param pipeline undefined: the stack's own
 * @throws UserError when the stack has no pipeline of that name
 */
export function outputsOfPipeline(
  found: Readonly<Record<string, unknown>>,
  stack: string,
  pipeline: string | undefined,
): Readonly<Record<string, unknown>> {
  if (pipeline === undefined) return found;
  const pipelines = pipelinesIn(found);
  const own = pipelines[pipeline];
  if (own) {
    const shared = Object.entries(found).filter(([name]) => !OF_ITS_OWN.includes(name));
    return { ...Object.fromEntries(shared), ...own };
  }
  const names = Object.keys(pipelines);
  throw new UserError(
    `Stack ${stack} has no pipeline ${pipeline}: ${names.length > 0 ? `it has ${names.join(", ")}, and its own` : "it has its own alone"}.`,
    "Name one of those, or none for the stack's own; docs/pipelines.md says how to add one.",
  );
}

/** The continuous proof is of the stack's own pipeline. */
const OF_ITS_OWN = [...PIPELINE_OUTPUTS, "pipelines", "proofUrl"];

/** Outputs of the pipelines beside the stack's own, by name. */
export function pipelinesIn({
  pipelines,
}: {
  readonly pipelines?: unknown;
}): Readonly<Record<string, object>> {
  return typeof pipelines === "object" && pipelines !== null ? (pipelines as Record<string, object>) : {};
}

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
