/** Before an `up`: are the ports that the stack publishes free, or already its own? */
import * as net from "node:net";
import Dockerode from "dockerode";
import { PORTS, SERVICE_LABEL, STACK_LABEL } from "../../components/platform";
import type { KafkaMetadata } from "../../config";
import { UserError } from "../console";

/** Ports that a stack publishes, and the service behind each. */
export function publishedPorts(offset: number, kafkaMetadata: KafkaMetadata): Map<number, string> {
  const { kafka: _insideOnly, ...published } = PORTS;
  return new Map(
    Object.entries(published)
      .filter(([service]) => service !== "zookeeper" || kafkaMetadata === "zookeeper")
      .map(([service, port]) => [port + offset, service]),
  );
}

/** What the check needs of a stack's configuration; the program itself checks every value. */
export interface PublishingStack {
  stack: string;
  portOffset: number;
  bindAddress: string;
  kafkaMetadata: KafkaMetadata;
}

/**
 * @throws UserError naming each taken port, the service that wants it and who holds it
 */
export async function checkPorts(of: PublishingStack): Promise<void> {
  const { stack, bindAddress } = of;
  const holders = await containersByPort();
  const problems: string[] = [];
  for (const [port, service] of publishedPorts(of.portOffset, of.kafkaMetadata)) {
    const holder = holders.get(port);
    if (holder?.stack === stack) continue;
    if (holder) problems.push(`${port} (${service}) is published by the container ${holder.name}`);
    else if (!(await isFree(port, bindAddress)))
      problems.push(`${port} (${service}) is used by another program`);
  }
  if (problems.length === 0) return;
  throw new UserError(
    `Ports that stack ${stack} publishes on ${bindAddress} are taken:\n${problems.map((line) => `  - ${line}`).join("\n")}`,
    `Stop what holds them (\`ss -ltnp\` names it), or shift the stack's ports: set cdc:portOffset in Pulumi.${stack}.yaml, to 10000 for example.`,
  );
}

interface Holder {
  name: string;
  stack: string | undefined;
}

async function containersByPort(): Promise<Map<number, Holder>> {
  const containers = await new Dockerode().listContainers();
  return new Map(
    containers.flatMap((container) => {
      const holder = {
        name: (container.Names[0] ?? container.Id).replace(/^\//, ""),
        stack: container.Labels[SERVICE_LABEL] ? container.Labels[STACK_LABEL] : undefined,
      };
      return container.Ports.filter(({ PublicPort }) => PublicPort).map(
        ({ PublicPort }): [number, Holder] => [PublicPort, holder],
      );
    }),
  );
}

function isFree(port: number, address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once("error", () => resolve(false));
    server.listen(port, address, () => server.close(() => resolve(true)));
  });
}
