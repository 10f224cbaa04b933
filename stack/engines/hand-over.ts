/** Hands a stack from one engine to the other: its state, as the other one would have recorded it. Containers and data stay as they are. */
import * as fs from "node:fs";
import * as path from "node:path";
import { fromPulumi, toPulumi } from "../../embedded/other-engine";
import { openStateFile } from "../../embedded/state-file";
import { UserError } from "../console";
import { chooseFor } from "./choose";
import { ENGINES, type EngineName } from "./decide";
import { Embedded } from "./embedded";
import type { Engine } from "./engine";
import { embeddedStateFile, passphrase, STATE_FOLDER } from "./local-state";
import { isPulumiInstalled, PulumiCli } from "./pulumi-cli";
import { notDeployed } from "./stacks";

/**
 * @returns the engine that has the stack now
 * @throws UserError when there is nothing to hand over, or nobody to take it
 */
export async function handOver(stack: string, to: string): Promise<Engine> {
  if (!(ENGINES as readonly string[]).includes(to)) {
    throw new UserError(`There is no engine ${to}.`, "Choose `--to pulumi` or `--to embedded`.");
  }
  if (!(await isPulumiInstalled())) {
    throw new UserError(
      "The Pulumi CLI is not on PATH.",
      "Install it (pulumi.com/docs/install), then run this again.",
    );
  }
  const { engine, isDeployed } = await chooseFor(undefined, stack);
  if (!isDeployed) throw notDeployed(stack);
  if (engine.name === (to as EngineName)) {
    throw new UserError(`Stack ${stack} is that engine's already.`, "There is nothing to do.");
  }
  const pulumi = new PulumiCli();
  return to === "pulumi" ? toTheCli(stack, pulumi) : toTheEmbedded(stack, pulumi);
}

async function toTheCli(stack: string, pulumi: PulumiCli): Promise<Engine> {
  const file = embeddedStateFile(stack);
  const kept = keptFile(stack, "embedded");
  fs.copyFileSync(file, kept);
  const state = await openStateFile(file, passphrase());
  if (state.deployment.pendingOperations.length > 0) throw interrupted(stack);
  const handed = path.join(path.dirname(kept), `${stack}.json`);
  const copy = await openStateFile(handed, passphrase(), state.salt);
  await copy.write({ resources: state.deployment.resources.map(toPulumi), pendingOperations: [] });
  await pulumi.importState(stack, handed);
  fs.rmSync(handed);
  fs.rmSync(file);
  return pulumi;
}

async function toTheEmbedded(stack: string, pulumi: PulumiCli): Promise<Engine> {
  const kept = keptFile(stack, "pulumi");
  fs.writeFileSync(kept, await pulumi.exportState(stack), { mode: 0o600 });
  const { deployment, salt } = await openStateFile(kept, passphrase());
  if (deployment.pendingOperations.length > 0) throw interrupted(stack);
  const file = embeddedStateFile(stack);
  fs.rmSync(file, { force: true });
  const state = await openStateFile(file, passphrase(), salt);
  await state.write({ resources: deployment.resources.map(fromPulumi), pendingOperations: [] });
  await pulumi.emptyState(stack);
  return new Embedded();
}

function interrupted(stack: string): UserError {
  return new UserError(
    `The last run on stack ${stack} was interrupted.`,
    `Let its own engine finish first: npm run up -- --stack ${stack}`,
  );
}

/** Where the state stays as the engine left it, should something be wrong with the other one's. */
function keptFile(stack: string, from: EngineName): string {
  const folder = path.join(STATE_FOLDER, "handed-over");
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  return path.join(folder, `${stack}.${from}.json`);
}
