/** Runs the user's program as Pulumi's Node.js language host does: the SDK's `cmd/run` in a child process. */
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { join } from "node:path";
import { FAST_START, startSdkProcess } from "./child-process";
import { type MonitorHandlers, startMonitor } from "./monitor";
import { readProject } from "./project";

/** The SDK's exit code when it has already reported the errors through the engine. */
const ERRORS_WERE_LOGGED = 32;

export interface ProgramOptions {
  projectDir: string;
  project: string;
  stack: string;
  config: Record<string, string>;
  secretConfigKeys: string[];
  preview: boolean;
  parallel: number;
  /** Answers what the program asks of the engine. */
  monitor: MonitorHandlers;
  /** Gets what the program prints. */
  onOutput(line: string): void;
}

export interface Program {
  /** Resolves when the program has ended: to an error if it failed and has not said why. */
  ended: Promise<{ ok: boolean; error?: string }>;
  stop(): void;
}

export type StartProgram = (options: ProgramOptions) => Promise<Program>;

export const startProgram: StartProgram = async (options) => {
  const project = readProject(options.projectDir);
  const runner = createRequire(join(project.programDir, "package.json")).resolve("@pulumi/pulumi/cmd/run");
  const monitor = await startMonitor(options.monitor);
  const args = [
    ...project.nodeArgs.map((argument) => (argument === "tsx/cjs" ? FAST_START : argument)),
    runner,
    ...["--monitor", monitor.address, "--engine", monitor.address],
    ...["--organization", "organization", "--project", options.project, "--stack", options.stack],
    ...["--pwd", project.programDir, "--root-directory", options.projectDir],
    ...(options.preview ? ["--dry-run"] : []),
    ...["--parallel", String(options.parallel)],
    project.program,
  ];
  const child = startSdkProcess({
    args,
    cwd: project.programDir,
    env: {
      PULUMI_CONFIG: JSON.stringify(options.config),
      PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(options.secretConfigKeys),
      ...(project.typescript ? { PULUMI_NODEJS_TYPESCRIPT: "true" } : {}),
      ...(project.tsconfig === undefined ? {} : { PULUMI_NODEJS_TSCONFIG_PATH: project.tsconfig }),
    },
    onOutput: options.onOutput,
    onError: options.onOutput,
  });
  const stop = () => {
    child.kill("SIGKILL");
    monitor.stop();
  };
  return { ended: outcome(child), stop };
};

async function outcome(child: ChildProcess): Promise<{ ok: boolean; error?: string }> {
  const [code, signal] = (await once(child, "close")) as [number | null, NodeJS.Signals | null];
  if (code === 0) {
    return { ok: true };
  }
  if (code === ERRORS_WERE_LOGGED) {
    return { ok: false };
  }
  return {
    ok: false,
    error: `The program ended with ${code === null ? `signal ${signal}` : `exit code ${code}`}.`,
  };
}
