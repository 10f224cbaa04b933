/** The Pulumi CLI as engine. */
import * as fs from "node:fs";
import execa from "execa";
import type { Engine, EngineCommand } from "./engine";
import { ownPassphraseFile, STATE_FOLDER } from "./local-state";

const ARGUMENTS: Record<EngineCommand, string[]> = {
  up: ["up", "--yes", "--skip-preview"],
  preview: ["preview", "--diff"],
  refresh: ["refresh", "--yes", "--skip-preview"],
  destroy: ["destroy", "--yes", "--skip-preview"],
};

export async function isPulumiInstalled(): Promise<boolean> {
  return (await execa("pulumi", ["version"], { reject: false })).exitCode === 0;
}

export class PulumiCli implements Engine {
  readonly name = "pulumi";

  async run(command: EngineCommand, stack: string): Promise<boolean> {
    const env = await this.environment();
    const selected = await execa("pulumi", ["stack", "select", "--create", stack, "--non-interactive"], {
      env,
      stdio: ["ignore", "ignore", "inherit"],
      reject: false,
    });
    if (selected.exitCode !== 0) return false;
    const result = await execa("pulumi", [...ARGUMENTS[command], "--stack", stack, "--non-interactive"], {
      env,
      stdio: ["ignore", "inherit", "inherit"],
      reject: false,
    });
    return result.exitCode === 0;
  }

  async outputs(stack: string, showSecrets: boolean): Promise<Record<string, unknown>> {
    const args = ["stack", "output", "--json", "--stack", stack, ...(showSecrets ? ["--show-secrets"] : [])];
    const { stdout } = await execa("pulumi", args, { env: await this.environment() });
    return JSON.parse(stdout);
  }

  /** Whoever is logged in, or names a backend, keeps it; otherwise state stays in this checkout. */
  private async environment(): Promise<NodeJS.ProcessEnv> {
    if (process.env.PULUMI_BACKEND_URL) return {};
    if ((await execa("pulumi", ["whoami", "--non-interactive"], { reject: false })).exitCode === 0) return {};
    fs.mkdirSync(STATE_FOLDER, { recursive: true, mode: 0o700 });
    const { PULUMI_CONFIG_PASSPHRASE, PULUMI_CONFIG_PASSPHRASE_FILE } = process.env;
    const hasPassphrase = PULUMI_CONFIG_PASSPHRASE !== undefined || PULUMI_CONFIG_PASSPHRASE_FILE;
    return {
      PULUMI_BACKEND_URL: `file://${STATE_FOLDER}`,
      ...(hasPassphrase ? {} : { PULUMI_CONFIG_PASSPHRASE_FILE: ownPassphraseFile() }),
    };
  }
}
