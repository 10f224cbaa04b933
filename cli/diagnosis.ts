/** After a failed `up`: what the stack's containers themselves say about it. */
import Dockerode from "dockerode";
import { SERVICE_LABEL, STACK_LABEL } from "../components/platform";

const LOG_LINES = 15;

/** Prints, for each container of the stack that is not usable, its state, last health check and last log lines. */
export async function explainContainers(stack: string): Promise<void> {
  const docker = new Dockerode();
  const filters = { label: [`${STACK_LABEL}=${stack}`, SERVICE_LABEL] };
  for (const { Id } of await docker.listContainers({ all: true, filters })) {
    const container = docker.getContainer(Id);
    const { Name, State } = await container.inspect();
    const health = State.Health?.Status;
    if (State.Running && (health === undefined || health === "healthy")) continue;
    const state = State.Running ? health : `${State.Status}, exit code ${State.ExitCode}`;
    console.error(`\n${Name.slice(1)} is ${state}.`);
    const lastCheck = State.Health?.Log?.at(-1)?.Output?.trim();
    if (lastCheck) console.error(`  last health check: ${lastCheck}`);
    const log = await container.logs({ stdout: true, stderr: true, tail: LOG_LINES });
    console.error(`  last log lines:\n${indented(withoutFraming(log))}`);
  }
}

/** Docker puts 8 bytes before each chunk of a container's output: stream, three zeros, length. */
function withoutFraming(log: Buffer): string {
  const chunks: Buffer[] = [];
  for (let offset = 0; offset + 8 <= log.length; ) {
    const length = log.readUInt32BE(offset + 4);
    chunks.push(log.subarray(offset + 8, offset + 8 + length));
    offset += 8 + length;
  }
  return Buffer.concat(chunks).toString("utf8");
}

function indented(text: string): string {
  return text
    .trimEnd()
    .split("\n")
    .map((line) => `    ${line}`)
    .join("\n");
}
