import { UserError } from "../console";
import { Embedded } from "./embedded";
import type { Engine } from "./engine";
import { isDeployedByEmbedded } from "./local-state";
import { isPulumiInstalled, PulumiCli } from "./pulumi-cli";

/**
 * The engine asked for, or the one that deployed the stack, or the Pulumi CLI when it is on PATH, or the
 * embedded one.
 *
 * @throws UserError when the engine asked for is unknown, not installed, or not the one that deployed the stack
 */
export async function chooseEngine(asked: string | undefined, stack: string): Promise<Engine> {
  if (asked === "embedded") return new Embedded();
  if (asked !== undefined && asked !== "pulumi") {
    throw new UserError(`There is no engine ${asked}.`, "Choose `--engine pulumi` or `--engine embedded`.");
  }
  if (isDeployedByEmbedded(stack)) {
    if (asked === undefined) return new Embedded();
    throw new UserError(
      `Stack ${stack} was deployed by the embedded engine; the Pulumi CLI does not know its resources.`,
      `Destroy it first (\`npm run destroy -- --engine embedded --stack ${stack}\`), or run without --engine.`,
    );
  }
  if (await isPulumiInstalled()) return new PulumiCli();
  if (asked === undefined) return new Embedded();
  throw new UserError(
    "The Pulumi CLI is not on PATH.",
    "Install it (pulumi.com/docs/install), or use `--engine embedded`.",
  );
}
