/** The machine of a run. */
import * as os from "node:os";
import Docker from "dockerode";
import execa from "execa";

export interface Machine {
  readonly host: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly kernel: string;
  readonly node: string;
  readonly docker: string;
  /** Of this checkout, with `+` when files differ from it. */
  readonly commit: string;
  /** Mean number of processes that wanted a CPU in the minute before the run. */
  readonly loadBefore: number;
}

export async function describeMachine(): Promise<Machine> {
  const { ServerVersion } = await new Docker().info();
  const [commit, changes] = await Promise.all([
    git("rev-parse", "--short", "HEAD"),
    git("status", "--porcelain"),
  ]);
  return {
    host: os.hostname(),
    cpu: os.cpus()[0]?.model.trim() || "unknown",
    cores: os.cpus().length,
    memoryGb: Math.round(os.totalmem() / 1e9),
    kernel: os.release(),
    node: process.version,
    docker: ServerVersion,
    commit: commit + (changes === "" ? "" : "+"),
    loadBefore: Number((os.loadavg()[0] ?? 0).toFixed(2)),
  };
}

/** An archive of the project has no history: an empty text then. */
async function git(...args: string[]): Promise<string> {
  return (await execa("git", args, { reject: false })).stdout;
}
