/** The embedded engine's front door: what the command line of this project calls. */

import { stripVTControlCharacters } from "node:util";
import { destroy } from "./destroy";
import { type Display, Reporter, type Summary } from "./display";
import { DYNAMIC_PACKAGE, dynamicProviderPackage } from "./dynamic-provider";
import { type StartProgram, startProgram } from "./program";
import { forDisplay, unwrapSecrets } from "./property-values";
import type { LoadPackage, Properties } from "./provider";
import { ProviderRegistry } from "./provider-registry";
import { loadPackage } from "./providers";
import { removeInterruptedCreations, resumePendingOperations } from "./recovery";
import { refresh } from "./refresh";
import { Registrar } from "./registration";
import { removeResources } from "./removal";
import { Slots } from "./slots";
import { Snapshot } from "./snapshot";
import { openStateFile } from "./state-file";
import { lockState } from "./state-lock";
import type { Run } from "./steps";
import { isProviderType, packageOf, STACK_TYPE } from "./urn";

export type { Display, Operation, Summary } from "./display";

export type Command = "up" | "preview" | "refresh" | "destroy";

export interface EngineOptions {
  command: Command;
  /** Directory of Pulumi.yaml. */
  projectDir: string;
  project: { name: string };
  stack: string;
  /** Full keys (`cdc:portOffset`, `docker:host`) to values; see `loadConfig` in config.ts. */
  config: Record<string, string>;
  secretConfigKeys: string[];
  /** Path of the state document; it is made when there is none. */
  stateFile: string;
  passphrase: string;
  /** Salt for a new state: the stack's `encryptionsalt`. Default: a fresh one. */
  encryptionSalt?: string;
  display: Display;
  /** Names of resources that `up` is to replace, whether they changed or not. */
  replace?: readonly string[];
  /** Most steps under way at one time. Default: 16. */
  parallel?: number;
  /** Aborting lets the steps under way finish, saves, and returns with `interrupted`. */
  signal?: AbortSignal;
  /** Where the providers of packages come from. Default: those in providers/. */
  loadPackage?: LoadPackage;
  /** What runs the program. Default: a Node process of the SDK. */
  startProgram?: StartProgram;
}

export interface RunResult {
  /** How many resources each operation touched; in a preview, would touch. */
  summary: Summary;
  /** Stack outputs, with `[secret]` in place of secrets. */
  outputs: Properties;
  /** What went wrong; empty when all is well. The program's own errors have an empty `urn`. */
  failed: { urn: string; message: string }[];
  /** True when the run was cut short by the signal. */
  interrupted: boolean;
}

const DEFAULT_PARALLEL = 16;

/** How long a program may go on by itself after the run was interrupted. */
const PROGRAM_GRACE_MILLISECONDS = 5_000;

/** What to say when nothing changed; `{}` is the number of resources. */
const UNCHANGED: Record<Command, string> = {
  up: "{} resources are as the program wants them",
  preview: "{} resources are as the program wants them",
  refresh: "{} resources are as recorded",
  destroy: "there is nothing to delete",
};

/**
 * Runs one command on a stack.
 * @throws When the run cannot begin: state locked or unreadable, wrong passphrase. Failures of resources and
 *   of the program are in the result.
 */
export async function runEngine(options: EngineOptions): Promise<RunResult> {
  const preview = options.command === "preview";
  const reporter = new Reporter(options.display, preview);
  const slots = new Slots(options.parallel ?? DEFAULT_PARALLEL);
  const onLockLost = (error: Error) => {
    reporter.fail("", `The lock of ${options.stateFile} was taken away during the run: ${error.message}`);
    slots.stop();
  };
  const unlock = preview ? undefined : await lockState(options.stateFile, options.command, onLockLost);
  try {
    const file = await openStateFile(options.stateFile, options.passphrase, options.encryptionSalt);
    if (!preview) {
      await file.backUp();
    }
    const dynamic = dynamicProviderPackage({
      projectDir: options.projectDir,
      project: options.project.name,
      stack: options.stack,
      config: options.config,
      onOutput: (line) => reporter.line(line),
    });
    // Starting takes over a second: not while the program waits for it.
    if (file.deployment.resources.some((state) => packageOf(state.type) === DYNAMIC_PACKAGE)) {
      dynamic.warmUp();
    }
    const providers = new ProviderRegistry(options.loadPackage ?? loadPackage, dynamic);
    for (const state of file.deployment.resources.filter(({ type }) => isProviderType(type))) {
      providers.configure(state.urn, state.inputs ?? {});
    }
    const run: Run = {
      preview,
      snapshot: new Snapshot(file.deployment, preview ? undefined : file),
      providers,
      reporter,
      slots,
    };
    try {
      return await execute(run, options);
    } finally {
      await providers.close();
    }
  } finally {
    await unlock?.();
  }
}

async function execute(run: Run, options: EngineOptions): Promise<RunResult> {
  const { signal } = options;
  const onAbort = () => {
    const { active } = run.slots;
    run.reporter.line(
      active === 0
        ? "Interrupted."
        : `Interrupted: ${active} steps under way finish first, nothing new is begun.`,
    );
    run.slots.stop();
  };
  signal?.addEventListener("abort", onAbort, { once: true });
  try {
    switch (options.command) {
      case "refresh":
        await refresh(run);
        break;
      case "destroy":
        await destroy(run);
        break;
      case "up":
      case "preview":
        await update(run, options);
    }
  } finally {
    signal?.removeEventListener("abort", onAbort);
  }
  const interrupted = signal?.aborted ?? false;
  run.reporter.conclude(UNCHANGED[options.command], interrupted);
  return {
    summary: run.reporter.summary,
    outputs: forDisplay(stackOutputs(run.snapshot)) as Properties,
    failed: run.reporter.failed,
    interrupted,
  };
}

async function update(run: Run, options: EngineOptions): Promise<void> {
  const { reporter, slots, snapshot } = run;
  await resumePendingOperations(run);
  const registrar = new Registrar(run, {
    replace: new Set(options.replace),
    project: options.project.name,
    stack: options.stack,
    defaultProviderInputs: (pkg) => configurationOf(pkg, options.config),
  });
  const program = await (options.startProgram ?? startProgram)({
    projectDir: options.projectDir,
    project: options.project.name,
    stack: options.stack,
    config: options.config,
    secretConfigKeys: options.secretConfigKeys,
    preview: run.preview,
    parallel: options.parallel ?? DEFAULT_PARALLEL,
    onOutput: (line) => reporter.line(line),
    monitor: {
      register: (goal) => registrar.register(goal),
      read: (goal) => registrar.read(goal),
      setOutputs: (urn, outputs) => registrar.setOutputs(urn, outputs),
      log(severity, message, urn) {
        if (severity === "error") {
          reporter.fail(urn, stripVTControlCharacters(message));
        } else if (severity !== "debug") {
          reporter.line(severity === "warning" ? `warning: ${message}` : message);
        }
      },
    },
  });
  const { signal } = options;
  const endProgram = async () => {
    await slots.idle();
    setTimeout(() => program.stop(), run.preview ? 0 : PROGRAM_GRACE_MILLISECONDS).unref();
  };
  signal?.addEventListener("abort", endProgram, { once: true });
  try {
    const { ok, error } = await program.ended;
    if (!ok && !signal?.aborted && (error !== undefined || reporter.failed.length === 0)) {
      reporter.fail("", error ?? "The program failed without saying why.");
    }
    for (const name of ok ? registrar.notFound() : []) {
      reporter.fail("", `the stack has no resource ${name} to replace`);
    }
    if (ok && reporter.failed.length === 0 && !signal?.aborted) {
      await removeInterruptedCreations(run);
      await removeResources(run, registrar.unwanted());
    }
  } finally {
    signal?.removeEventListener("abort", endProgram);
    await slots.idle();
    program.stop();
    await snapshot.save();
  }
}

/**
 * The outputs of a stack as its last `up` left them.
 * @throws WrongPassphrase, or an error naming the file when it cannot be read.
 */
export async function readOutputs(options: {
  stateFile: string;
  passphrase: string;
  /** Whether to show secrets in clear; otherwise they are `[secret]`. */
  showSecrets: boolean;
}): Promise<Properties> {
  const { deployment } = await openStateFile(options.stateFile, options.passphrase);
  const outputs = stackOutputs(new Snapshot(deployment, undefined));
  return (options.showSecrets ? unwrapSecrets(outputs) : forDisplay(outputs)) as Properties;
}

function stackOutputs(snapshot: Snapshot): Properties {
  return snapshot.all().find((state) => state.type === STACK_TYPE)?.outputs ?? {};
}

/** `docker:host: x` in the stack's configuration is the input `host` of docker's default provider. */
function configurationOf(pkg: string, config: Record<string, string>): Properties {
  const prefix = `${pkg}:`;
  return Object.fromEntries(
    Object.entries(config)
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, value]) => [key.slice(prefix.length), value]),
  );
}
