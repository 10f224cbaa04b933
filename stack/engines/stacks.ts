/** Stacks by their names: a mistyped one is said, and made by nobody. */
import * as fs from "node:fs";
import { UserError } from "../console";

/** The stack that commands mean when none is named: it needs no file, as all has a default. */
export const DEFAULT_STACK = "dev";

const STACK_FILE = /^Pulumi\.(.+)\.ya?ml$/;

/** Names of the stacks that have a file `Pulumi.<stack>.yaml` in the project. */
export function configuredStacks(projectDir = "."): string[] {
  return fs
    .readdirSync(projectDir)
    .flatMap((name) => STACK_FILE.exec(name)?.[1] ?? [])
    .sort();
}

/**
 * @throws UserError when a stack that is not deployed has no file either
 */
export function requireKnownStack(stack: string, projectDir = "."): void {
  const known = configuredStacks(projectDir);
  if (known.includes(stack) || stack === DEFAULT_STACK) return;
  throw new UserError(
    `There is no stack ${stack}.`,
    `Stacks here: ${known.join(", ") || "none"}. A new one begins with a file Pulumi.${stack}.yaml, which may set a cdc:portOffset of its own.`,
  );
}

/** What to say of a stack that is known but has nothing yet. */
export function notDeployed(stack: string): UserError {
  return new UserError(
    `Stack ${stack} is not deployed.`,
    `Run \`npm run up\`${stack === DEFAULT_STACK ? "" : ` -- --stack ${stack}`} first.`,
  );
}
