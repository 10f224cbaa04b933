/** What measurements besides the platform's own need of a stack that is up. */
import execa from "execa";
import type { StackOutputs } from "../outputs";

export interface RunningStack {
  readonly name: string;
  /** What `npm run outputs -- --show-secrets --json` says. */
  outputs(): Promise<StackOutputs>;
  /** Name of a service's container. */
  container(service: string): string;
  /** `docker exec`; returns its standard output. */
  exec(service: string, command: string[], input?: string): Promise<string>;
}

/** Of a service's container: its image, and the network it shares with the others. */
export async function placeOf(
  stack: RunningStack,
  service: string,
): Promise<{ image: string; network: string; address: string }> {
  const { stdout } = await execa("docker", ["inspect", stack.container(service)]);
  const [container] = JSON.parse(stdout);
  const [network] = Object.entries<{ IPAddress: string }>(container.NetworkSettings.Networks);
  if (!network) throw new Error(`${stack.container(service)} is in no network`);
  return { image: container.Image, network: network[0], address: network[1].IPAddress };
}

/** psql in the container of PostgreSQL. */
export async function sql(stack: RunningStack, statements: string, database = "postgres"): Promise<string> {
  return stack.exec(
    "postgresql",
    ["psql", "-U", "postgres", "-d", database, "-v", "ON_ERROR_STOP=1", "-Atq"],
    statements,
  );
}
