/** The engine of `embedded/`, for machines without the Pulumi CLI. */
import * as fs from "node:fs";
import * as path from "node:path";
import { loadConfig } from "../../embedded/config";
import { setConfigSecrets } from "../../embedded/config-secrets";
import { readOutputs, runEngine } from "../../embedded/engine";
import { openStateFile } from "../../embedded/state-file";
import type { Engine, EngineRun } from "./engine";
import { embeddedStateFile, isDeployedByEmbedded, passphrase } from "./local-state";
import { notDeployed } from "./stacks";

const display = { line: (text: string) => console.log(text) };

export class Embedded implements Engine {
  readonly name = "embedded";

  async run({ command, stack, interruption, replace }: EngineRun): Promise<boolean> {
    // The state is written after every step, so nothing is lost track of.
    interruption?.now.addEventListener("abort", () => process.exit(130));
    const stateFile = embeddedStateFile(stack);
    fs.mkdirSync(path.dirname(stateFile), { recursive: true, mode: 0o700 });
    const projectDir = process.cwd();
    const secret = passphrase();
    const { project, config, secretConfigKeys, encryptionSalt } = await loadConfig({
      projectDir,
      stack,
      passphrase: secret,
    });
    const result = await runEngine({
      command,
      projectDir,
      project,
      stack,
      config,
      secretConfigKeys,
      encryptionSalt,
      stateFile,
      passphrase: secret,
      display,
      replace,
      signal: interruption?.soon,
    });
    return result.failed.length === 0 && !result.interrupted;
  }

  async outputs(stack: string, showSecrets: boolean): Promise<Record<string, unknown>> {
    if (!isDeployedByEmbedded(stack)) throw notDeployed(stack);
    return readOutputs({ stateFile: embeddedStateFile(stack), passphrase: passphrase(), showSecrets });
  }

  async setSecrets(stack: string, values: Readonly<Record<string, string>>): Promise<void> {
    const secret = passphrase();
    const salt = isDeployedByEmbedded(stack)
      ? (await openStateFile(embeddedStateFile(stack), secret)).salt
      : undefined;
    await setConfigSecrets({ projectDir: process.cwd(), stack, passphrase: secret, salt }, values);
  }
}
