/** A stack's passwords before its program runs: a stack that sets none, and is not for the walkthrough, gets its own, kept in its file. */
import { randomBytes } from "node:crypto";
import type { OutputName } from "../outputs";
import { UserError } from "../stack/console";
import type { Choice } from "../stack/engines/choose";
import { readStackFile, type StackFile, stackFileOf } from "../stack/engines/stack-file";
import { type OwnSecretName, type SecretName, secretsOf } from "../walkthrough-secrets";

/** The stack output in which a deployed stack has each secret. */
const OUTPUTS: Record<OwnSecretName, OutputName> = {
  postgresPassword: "postgresqlPassword",
  minioRootPassword: "minioRootPassword",
  lakeSecretKey: "lakeSecretKey",
};

/** 32 characters that no shell, URL or properties file takes for something else; a secret key of MinIO has 40 at most. */
const BYTES = 24;

/** Secrets that a stack's configuration has to be given; none of those that may come from somewhere else. */
export function missingSecrets({ config, importsEnvironment }: StackFile): OwnSecretName[] {
  if (importsEnvironment || String(config.walkthroughPasswords) === "true") return [];
  return secretsOf(config).made.filter((name) => !(name in config));
}

/**
 * Gives a stack the secrets that its configuration lacks: those that it was deployed with, so that none is rotated unasked, or else new
 * ones.
 */
export async function settlePasswords(stack: string, { engine, isDeployed }: Choice): Promise<void> {
  const missing = missingSecrets(readStackFile(stack));
  if (missing.length === 0) return;
  const deployed = isDeployed ? await engine.outputs(stack, true) : {};
  const kept = missing.filter((name) => typeof deployed[OUTPUTS[name]] === "string");
  const secretOf = (name: OwnSecretName) =>
    kept.includes(name) ? String(deployed[OUTPUTS[name]]) : madeUp();
  await engine.setSecrets(stack, Object.fromEntries(missing.map((name) => [name, secretOf(name)])));
  const others = missing.filter((name) => !kept.includes(name));
  const file = stackFileOf(stack);
  if (kept.length > 0) console.log(`• ${kept.join(", ")}: as deployed, now also in ${file}, encrypted`);
  if (others.length > 0) console.log(`• ${others.join(", ")}: made up, in ${file}, encrypted`);
}

/** Puts one secret into a stack's configuration, encrypted: a given one, or one that is made up. The next `up` rotates it. */
export async function setSecret(
  stack: string,
  { engine }: Choice,
  name: SecretName,
  given: string | undefined,
): Promise<void> {
  if (given === "") {
    throw new UserError(
      `Nothing was given for ${name}.`,
      `Pipe it in: … | npm run set-secret -- ${name} --stdin`,
    );
  }
  await engine.setSecrets(stack, { [name]: given ?? madeUp() });
}

function madeUp(): string {
  return randomBytes(BYTES).toString("base64url");
}
