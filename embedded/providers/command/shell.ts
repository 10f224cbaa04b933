import { spawn } from "node:child_process";

export interface ShellRun {
  /** Program and first arguments; the command is its last one. */
  interpreter: string[];
  command: string;
  /** Folder to run in; default: that of this process. */
  dir?: string;
  /** Added to the environment of this process. */
  environment: Record<string, string>;
  stdin?: string;
  /** Called with every line of the output as it comes. */
  onLine: (stream: "stdout" | "stderr", line: string) => void;
}

export interface ShellOutput {
  stdout: string;
  stderr: string;
}

/** A command that ended with another code than 0, was killed, or could not be started. */
export class CommandFailure extends Error {
  constructor(
    readonly how: string,
    readonly output: ShellOutput,
  ) {
    super(how);
    this.name = "CommandFailure";
  }
}

/** Runs one command to its end. */
export function runCommand(run: ShellRun): Promise<ShellOutput> {
  const [program = "/bin/sh", ...leading] = run.interpreter;
  return new Promise((resolve, reject) => {
    const child = spawn(program, [...leading, run.command], {
      cwd: run.dir,
      env: { ...process.env, ...run.environment },
      stdio: ["pipe", "pipe", "pipe"],
    });
    const stdout = collect(child.stdout, (line) => run.onLine("stdout", line));
    const stderr = collect(child.stderr, (line) => run.onLine("stderr", line));
    const output = () => ({ stdout: stdout(), stderr: stderr() });
    child.on("error", (error) => reject(new CommandFailure(startFailure(error, program, run.dir), output())));
    child.on("close", (code, signal) => {
      if (code === 0) return resolve(output());
      const how = code === null ? `was ended by ${signal}` : `ended with exit code ${code}`;
      reject(new CommandFailure(how, output()));
    });
    // A command that does not read its input may close it before all is written.
    child.stdin.on("error", () => {});
    child.stdin.end(run.stdin ?? "");
  });
}

function startFailure(error: NodeJS.ErrnoException, program: string, dir: string | undefined): string {
  // Node reports a missing folder as a missing program.
  const where = dir === undefined ? "" : ` in ${dir}`;
  return `could not be started with ${program}${where}: ${error.message}`;
}

function collect(stream: NodeJS.ReadableStream, onLine: (line: string) => void): () => string {
  let text = "";
  let rest = "";
  stream.setEncoding("utf8");
  stream.on("data", (chunk: string) => {
    text += chunk;
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    lines.forEach(onLine);
  });
  stream.on("end", () => {
    if (rest !== "") onLine(rest);
  });
  return () => text;
}
