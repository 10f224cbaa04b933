/** The Pulumi CLI as engine. */
import * as fs from "node:fs";
import { pathToFileURL } from "node:url";
import execa from "execa";
import { UserError } from "../console";
import { removeBuildContainers } from "./build-containers";
import type { Engine, EngineCommand, EngineRun } from "./engine";
import { isInLocalBackend, ownPassphraseFile, STATE_FOLDER } from "./local-state";
import { notDeployed } from "./stacks";

const ARGUMENTS: Record<EngineCommand, string[]> = {
  up: ["up", "--yes", "--skip-preview"],
  preview: ["preview", "--diff"],
  refresh: ["refresh", "--yes", "--skip-preview"],
  destroy: ["destroy", "--yes", "--skip-preview"],
};

export async function isPulumiInstalled(): Promise<boolean> {
  return (await execa("pulumi", ["version"], { reject: false })).exitCode === 0;
}

/** True when the CLI has deployed something into the stack, as far as can be seen: in its backend, or without it in `.state/`. */
export async function isDeployedByPulumi(stack: string, installed: boolean): Promise<boolean> {
  if (!installed) return isInLocalBackend(stack);
  const { exitCode, stdout } = await pulumi(["stack", "ls", "--json", "--non-interactive"]);
  if (exitCode !== 0) return isInLocalBackend(stack);
  const stacks: { name: string; resourceCount?: number }[] = JSON.parse(stdout);
  return stacks.some(
    ({ name, resourceCount }) => name.split("/").at(-1) === stack && (resourceCount ?? 0) > 0,
  );
}

export class PulumiCli implements Engine {
  readonly name = "pulumi";

  async run({ command, stack, interruption, replace = [] }: EngineRun): Promise<boolean> {
    const env = await environment();
    const selected = await execa("pulumi", ["stack", "select", "--create", stack, "--non-interactive"], {
      env,
      stdio: ["ignore", "ignore", "inherit"],
      reject: false,
    });
    if (selected.exitCode !== 0) return false;
    const started = new Date();
    const replacing = (await this.urnsOf(stack, replace)).flatMap((urn) => ["--replace", urn]);
    if (interruption?.soon.aborted) return false;
    const running = execa(
      "pulumi",
      [...ARGUMENTS[command], ...replacing, "--stack", stack, "--non-interactive"],
      {
        env,
        stdio: ["ignore", "inherit", "inherit"],
        reject: false,
      },
    );
    // A terminal's Ctrl-C reaches the CLI by itself: once more would be twice. Asked twice, it ends at once, and is waited for.
    for (const asked of [interruption?.soon, interruption?.now]) {
      asked?.addEventListener("abort", () => asked.reason === "SIGTERM" && running.kill("SIGINT"));
    }
    const { exitCode } = await running;
    if (command === "up") await removeBuildContainers(started);
    if (command === "destroy" && exitCode === 0) {
      console.log(
        `The stack's history stays. To remove it too: pulumi stack rm --preserve-config ${stack} (without that option, Pulumi also deletes Pulumi.${stack}.yaml).`,
      );
    }
    return exitCode === 0;
  }

  async outputs(stack: string, showSecrets: boolean): Promise<Record<string, unknown>> {
    const args = ["stack", "output", "--json", "--stack", stack, ...(showSecrets ? ["--show-secrets"] : [])];
    const { exitCode, stdout, stderr } = await pulumi([...args, "--non-interactive"]);
    if (exitCode !== 0) {
      if (/no stack named/.test(stderr)) throw notDeployed(stack);
      throw new UserError(stderr.trim(), "`pulumi whoami -v` says which backend the CLI uses.");
    }
    const outputs = JSON.parse(stdout);
    if (Object.keys(outputs).length === 0 && !(await isDeployedByPulumi(stack, true)))
      throw notDeployed(stack);
    return outputs;
  }

  async setSecrets(stack: string, values: Readonly<Record<string, string>>): Promise<void> {
    await succeeded(["stack", "select", "--create", stack]);
    // From standard input: arguments can be seen by everybody on the machine.
    for (const [name, value] of Object.entries(values)) {
      await succeeded(["config", "set", "--secret", name, "--stack", stack], value);
    }
  }

  /** @throws UserError for a name that no resource of the stack has */
  private async urnsOf(stack: string, names: readonly string[]): Promise<string[]> {
    if (names.length === 0) return [];
    const { deployment } = JSON.parse(await this.exportState(stack));
    const managed: { urn: string; custom: boolean }[] = deployment.resources ?? [];
    return names.map((name) => {
      const found = managed.find(({ urn, custom }) => custom && urn.endsWith(`::${name}`));
      if (found) return found.urn;
      throw new UserError(
        `Stack ${stack} has no resource ${name} to replace.`,
        `\`pulumi stack --stack ${stack}\` lists those it has.`,
      );
    });
  }

  /** The stack's deployment, secrets encrypted with its passphrase. */
  async exportState(stack: string): Promise<string> {
    return succeeded(["stack", "export", "--stack", stack]);
  }

  /** Takes over a deployment from a file, whose secrets are encrypted with the passphrase that the CLI is given. */
  async importState(stack: string, file: string): Promise<void> {
    await succeeded(["stack", "select", "--create", stack]);
    await succeeded(["stack", "import", "--stack", stack, "--file", file]);
  }

  /** Forgets what is in the stack, which goes on existing with its history. */
  async emptyState(stack: string): Promise<void> {
    const { version, deployment } = JSON.parse(await this.exportState(stack));
    const empty = { version, deployment: { ...deployment, resources: [], pending_operations: [] } };
    await succeeded(["stack", "import", "--stack", stack], JSON.stringify(empty));
  }
}

/** @throws UserError with what the CLI says when it fails */
async function succeeded(args: string[], input = ""): Promise<string> {
  const env = await environment();
  // Synchronously: what the CLI says is then read, too, when it ends without having read its input.
  const { exitCode, stdout, stderr } = execa.sync("pulumi", [...args, "--non-interactive"], {
    ...{ env, reject: false, input },
  });
  if (exitCode === 0) return stdout;
  throw new UserError(stderr.trim(), `\`pulumi ${args.join(" ")}\` says so; nothing was changed by it.`);
}

async function pulumi(args: string[]): Promise<execa.ExecaReturnValue> {
  return execa("pulumi", args, { env: await environment(), reject: false, stdin: "ignore" });
}

/** Whoever is logged in, or names a backend, keeps it; otherwise state stays in this checkout. */
async function environment(): Promise<NodeJS.ProcessEnv> {
  if (process.env.PULUMI_BACKEND_URL) return {};
  if ((await execa("pulumi", ["whoami", "--non-interactive"], { reject: false })).exitCode === 0) return {};
  fs.mkdirSync(STATE_FOLDER, { recursive: true, mode: 0o700 });
  const { PULUMI_CONFIG_PASSPHRASE, PULUMI_CONFIG_PASSPHRASE_FILE } = process.env;
  const hasPassphrase = PULUMI_CONFIG_PASSPHRASE !== undefined || PULUMI_CONFIG_PASSPHRASE_FILE;
  return {
    PULUMI_BACKEND_URL: pathToFileURL(STATE_FOLDER).href,
    ...(hasPassphrase ? {} : { PULUMI_CONFIG_PASSPHRASE_FILE: ownPassphraseFile() }),
  };
}
