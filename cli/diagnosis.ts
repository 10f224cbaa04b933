/** After a failed `up`: what the stack's containers themselves say about it. */
import Dockerode from "dockerode";
import { healthOutput, lastLogLines } from "../embedded/providers/docker/container-diagnosis";
import { SERVICE_LABEL, STACK_LABEL } from "../labels";

/** Prints, for each container of the stack that is not usable, its state, last health check and last log lines. */
export async function explainContainers(stack: string): Promise<void> {
  const docker = new Dockerode();
  const filters = { label: [`${STACK_LABEL}=${stack}`, SERVICE_LABEL] };
  for (const { Id } of await docker.listContainers({ all: true, filters })) {
    const container = docker.getContainer(Id);
    const live = await container.inspect();
    const { State: state } = live;
    const health = state.Health?.Status;
    if (state.Running && (health === undefined || health === "healthy")) continue;
    const problem = state.Running ? health : `${state.Status}, exit code ${state.ExitCode}`;
    console.error(`\n${live.Name.slice(1)} is ${problem}.`);
    const lastCheck = healthOutput(live);
    if (lastCheck) console.error(`  last health check: ${lastCheck}`);
    const log = (await lastLogLines(container)).map((line) => `    ${line}`).join("\n");
    console.error(`  last log lines:\n${log}`);
  }
}
