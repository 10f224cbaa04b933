/** A stack of the benchmark's own, driven as a user drives one: through the npm scripts and the published ports. */
import * as fs from "node:fs";
import execa from "execa";
import { stringify } from "yaml";
import type { StackOutputs } from "../../outputs";
import { UserError } from "../../stack/console";
import { outputsOf } from "../../stack/outputs";

export class Stack {
  private known?: StackOutputs;
  private running?: execa.ExecaChildProcess;

  /**
   * @param name begins with `e2e`, so that git ignores its configuration
   * @param portOffset its own, so that it never meets another stack
   */
  constructor(
    readonly name: string,
    readonly portOffset: number,
    /** The same engine for every stack of a run, whatever is on PATH. */
    private readonly engine: "embedded" | "pulumi" = "embedded",
  ) {}

  /** Writes the stack's configuration; what is not in `values` has the default of Pulumi.yaml, or the walkthrough's password; no proof and no console beside it. */
  configure(values: Record<string, unknown> = {}): void {
    const all = {
      portOffset: this.portOffset,
      walkthroughPasswords: true,
      continuousProof: false,
      console: false,
      ...values,
    };
    const config = Object.fromEntries(Object.entries(all).map(([key, value]) => [`cdc:${key}`, value]));
    fs.writeFileSync(this.configFile, `# Written by npm run bench.\n${stringify({ config })}`);
  }

  /**
   * Runs `npm run <command>` for this stack; returns how long it took, in seconds, and what it printed.
   *
   * @throws UserError with the end of what it printed, when it failed
   */
  async npmRun(command: string, ...args: string[]): Promise<{ seconds: number; text: string }> {
    const begin = performance.now();
    this.running = execa(process.execPath, this.commandLine(command, ...args), {
      all: true,
      reject: false,
      stdin: "ignore",
      // A process group of its own: Ctrl-C is for the benchmark, which then destroys the stack in its own time.
      detached: true,
    });
    const { exitCode, all = "" } = await this.running;
    this.running = undefined;
    if (exitCode !== 0) {
      throw new UserError(
        `\`npm run ${command} -- --stack ${this.name}\` failed:\n${all.split("\n").slice(-25).join("\n")}`,
        `Run that command by hand (configuration: ${this.configFile}), then the benchmark again.`,
      );
    }
    return { seconds: (performance.now() - begin) / 1000, text: all };
  }

  /** Endpoints, names and secrets; read once after each `up`. */
  async outputs(): Promise<StackOutputs> {
    if (!this.known) {
      const { stdout } = await execa(
        process.execPath,
        this.commandLine("outputs", "--json", "--show-secrets"),
      );
      this.known = outputsOf(JSON.parse(stdout), this.name);
    }
    return this.known;
  }

  /** A service's container: `e2e-bench-kafka`. */
  container(service: string): string {
    return `${this.name}-${service}`;
  }

  /** `docker exec`; returns its standard output. */
  async exec(service: string, command: string[], input = ""): Promise<string> {
    const { stdout } = await execa("docker", ["exec", "-i", this.container(service), ...command], { input });
    return stdout;
  }

  /** The whole of it, data included, also in the middle of an `up`; returns how long it took, in seconds. */
  async destroy(): Promise<number> {
    const running = this.running;
    if (running) {
      // The command itself, not its launcher: it finishes the steps under way and keeps the state right.
      if (running.pid) process.kill(-running.pid, "SIGINT");
      await running;
    }
    if (!fs.existsSync(this.configFile)) this.configure();
    const { seconds } = await this.npmRun("destroy");
    this.known = undefined;
    fs.rmSync(this.configFile, { force: true });
    return seconds;
  }

  private commandLine(command: string, ...args: string[]): string[] {
    return ["cli/launch.mjs", command, "--stack", this.name, "--engine", this.engine, ...args];
  }

  private get configFile(): string {
    return `Pulumi.${this.name}.yaml`;
  }
}
