/** Prints the picture of a stack. */

import { loadConfig } from "../../embedded/config";
import { passphrase } from "../../stack/engines/local-state";
import { requireKnownStack } from "../../stack/engines/stacks";
import { WALKTHROUGH_SECRETS } from "../../walkthrough-secrets";
import { dataFlow, resourceGraph } from "./picture";
import { registeredProgram } from "./program";

export async function run(stack: string, withResources: boolean): Promise<void> {
  requireKnownStack(stack);
  const { project, config } = await loadConfig({
    projectDir: process.cwd(),
    stack,
    passphrase: passphrase(),
  });
  // No picture shows one, and a stack that was never deployed has none yet.
  for (const name of Object.keys(WALKTHROUGH_SECRETS))
    config[`${project.name}:${name}`] ??= "not-in-the-picture-1";
  // No container is meant: whichever Docker is chosen does not matter.
  process.env.DOCKER_CONTEXT = "default";
  const { resources } = await registeredProgram(project.name, stack, config, async () =>
    require("../../index"),
  );
  console.log(withResources ? resourceGraph(resources) : dataFlow(resources));
}
