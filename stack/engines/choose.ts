import { decideEngine, type EngineName } from "./decide";
import { Embedded } from "./embedded";
import type { Engine } from "./engine";
import { isDeployedByEmbedded } from "./local-state";
import { isDeployedByPulumi, isPulumiInstalled, PulumiCli } from "./pulumi-cli";
import { requireKnownStack } from "./stacks";

/** The engine that works on a stack, and whether there is something of the stack already. */
export interface Choice {
  engine: Engine;
  isDeployed: boolean;
}

/**
 * @param asked the engine that the user named
 * @throws UserError when there is no such stack, or the engine asked for is not the right one
 */
export async function chooseFor(asked: string | undefined, stack: string): Promise<Choice> {
  const installed = await isPulumiInstalled();
  const deployedBy: EngineName[] = [
    ...(isDeployedByEmbedded(stack) ? ["embedded" as const] : []),
    ...((await isDeployedByPulumi(stack, installed)) ? ["pulumi" as const] : []),
  ];
  if (deployedBy.length === 0) requireKnownStack(stack);
  const name = decideEngine({ stack, asked, deployedBy, installed });
  return {
    engine: name === "embedded" ? new Embedded() : new PulumiCli(),
    isDeployed: deployedBy.includes(name),
  };
}

/** The engine alone; see {@link chooseFor}. */
export async function chooseEngine(asked: string | undefined, stack: string): Promise<Engine> {
  return (await chooseFor(asked, stack)).engine;
}
