/** A stack's passwords before its program runs: a stack that sets none, and is not for the walkthrough, gets its own, kept in its file. */
import { randomBytes } from "node:crypto";
import { type SecretName, WALKTHROUGH_SECRETS } from "../walkthrough-secrets";
import type { Choice } from "./engines/choose";
import { readStackFile, type StackFile, stackFileOf } from "./engines/stack-file";

/** The stack output in which a deployed stack has each secret. */
const OUTPUTS: Record<SecretName, string> = {
  postgresPassword: "postgresqlPassword",
  minioRootPassword: "minioRootPassword",
  lakeSecretKey: "lakeSecretKey",
};

/** 32 characters that no shell, URL or properties file takes for something else; a secret key of MinIO has 40 at most. */
const BYTES = 24;

/** Secrets that a stack's configuration has to be given; none of those that may come from somewhere else. */
export function missingSecrets({ config, importsEnvironment }: StackFile): SecretName[] {
  if (importsEnvironment || String(config.walkthroughPasswords) === "true") return [];
  return (Object.keys(WALKTHROUGH_SECRETS) as SecretName[]).filter((name) => !(name in config));
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
  await engine.setSecrets(
    stack,
    Object.fromEntries(missing.map((name) => [name, secretOf(deployed[OUTPUTS[name]])])),
  );
  const madeUp = missing.filter((name) => !kept.includes(name));
  const file = stackFileOf(stack);
  if (kept.length > 0) console.log(`• ${kept.join(", ")}: as deployed, now also in ${file}, encrypted`);
  if (madeUp.length > 0) console.log(`• ${madeUp.join(", ")}: made up, in ${file}, encrypted`);
}

function secretOf(deployed: unknown): string {
  return typeof deployed === "string" ? deployed : randomBytes(BYTES).toString("base64url");
}
