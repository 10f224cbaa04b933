import type Docker from "dockerode";

/** What is known about a container that does not become usable. */
export interface Diagnosis {
  /** Continues the sentence "container x …". */
  why: string;
  /** What the last health check printed. */
  health: string | undefined;
  log: string[];
}

const LOG_LINES = 15;

/** The message a person at the keyboard gets, with what they would look up next already in it. */
export function diagnosisText(name: string, { why, health, log }: Diagnosis): string {
  return [
    `container ${name} ${why}.`,
    ...(health === undefined ? [] : [`  last health check: ${health}`]),
    ...(log.length === 0
      ? ["  its log is empty"]
      : ["  end of its log:", ...log.map((line) => `    ${line}`)]),
    `  The container is left for a look (docker logs ${name}); the next up replaces it.`,
  ].join("\n");
}

/** The last health check's output on one line, with its exit code; undefined when none has finished. */
export function healthOutput(live: Docker.ContainerInspectInfo): string | undefined {
  const last = live.State.Health?.Log?.at(-1);
  if (last === undefined) return undefined;
  const output = last.Output.trim().replace(/\s+/g, " ").slice(0, 500);
  return `${output || "(it printed nothing)"} (exit code ${last.ExitCode})`;
}

export async function lastLogLines(container: Docker.Container): Promise<string[]> {
  try {
    const log = await container.logs({ stdout: true, stderr: true, tail: LOG_LINES });
    return demultiplexed(log)
      .split("\n")
      .map((line) => line.trimEnd())
      .filter((line) => line !== "")
      .slice(-LOG_LINES);
  } catch (error) {
    // A log driver such as "none" cannot be read; the diagnosis is worth having without it.
    return [`(the log cannot be read: ${(error as Error).message})`];
  }
}

/** Docker sends the log of a container without a terminal in frames: a byte for the stream, three zeros, the length. */
export function demultiplexed(log: Buffer): string {
  const lines: Buffer[] = [];
  let at = 0;
  while (at + 8 <= log.length) {
    if (log[at + 1] !== 0 || log[at + 2] !== 0 || log[at + 3] !== 0) return log.toString("utf8");
    const length = log.readUInt32BE(at + 4);
    lines.push(log.subarray(at + 8, at + 8 + length));
    at += 8 + length;
  }
  return lines.length === 0 ? log.toString("utf8") : Buffer.concat(lines).toString("utf8");
}
