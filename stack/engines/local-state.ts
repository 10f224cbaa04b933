/** Where state lies when it is kept on this machine: in `.state/` of the checkout, never in git. */
import { randomBytes } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";

export const STATE_FOLDER = path.resolve(".state");

export function embeddedStateFile(stack: string): string {
  return path.join(STATE_FOLDER, "embedded", `${stack}.json`);
}

/** Where the Pulumi CLI's own backend keeps a stack of the project, when `.state/` is that backend. */
const LOCAL_BACKEND = path.join(STATE_FOLDER, ".pulumi", "stacks", "cdc");

/** True when the Pulumi CLI has deployed something into the stack, with `.state/` as its backend. */
export function isInLocalBackend(stack: string): boolean {
  const file = path.join(LOCAL_BACKEND, `${stack}.json`);
  if (!fs.existsSync(file)) return false;
  const { checkpoint } = JSON.parse(fs.readFileSync(file, "utf8"));
  return (checkpoint?.latest?.resources ?? []).length > 0;
}

/** True when the embedded engine has deployed something into the stack. */
export function isDeployedByEmbedded(stack: string): boolean {
  const file = embeddedStateFile(stack);
  if (!fs.existsSync(file)) return false;
  try {
    const { deployment } = JSON.parse(fs.readFileSync(file, "utf8"));
    // A run killed during its very first step has left nothing but what it was about to do.
    return [...(deployment?.resources ?? []), ...(deployment?.pending_operations ?? [])].length > 0;
  } catch {
    // Not readable is not empty: let the engine that owns the file say what is wrong with it.
    return true;
  }
}

/**
 * The passphrase that encrypts secrets in the state: the user's own, from PULUMI_CONFIG_PASSPHRASE or
 * PULUMI_CONFIG_PASSPHRASE_FILE, or one made up for this checkout on first use.
 */
export function passphrase(): string {
  const { PULUMI_CONFIG_PASSPHRASE: given, PULUMI_CONFIG_PASSPHRASE_FILE: givenFile } = process.env;
  if (given !== undefined) return given;
  return fs.readFileSync(givenFile || ownPassphraseFile(), "utf8").trim();
}

export function ownPassphraseFile(): string {
  const file = path.join(STATE_FOLDER, "passphrase");
  if (!fs.existsSync(file)) {
    fs.mkdirSync(STATE_FOLDER, { recursive: true, mode: 0o700 });
    fs.writeFileSync(file, `${randomBytes(24).toString("base64url")}\n`, { mode: 0o600, flag: "wx" });
  }
  return file;
}
