/** Before an `up`: are the ports that the stack publishes free, or already its own? */
import * as net from "node:net";
import * as os from "node:os";
import Dockerode from "dockerode";
import type { KafkaMetadata } from "../../components/kafka-metadata";
import { driverUiPort, PORTS, workerUiPort } from "../../components/platform";
import { SERVICE_LABEL, STACK_LABEL } from "../../labels";
import type { Server } from "../../named-servers";
import { UserError } from "../../stack/console";

/** What the check needs of a stack's configuration; the program itself checks every value. */
export interface PublishingStack {
  stack: string;
  portOffset: number;
  bindAddress: string;
  kafkaMetadata: KafkaMetadata;
  sparkWorkers: number;
  /** Services that the stack uses and does not run. */
  elsewhere: readonly Server[];
  /** Names of those beside the stack's own. */
  pipelines: readonly string[];
}

/** Of each, the ports that are not published then. */
const OF_SERVICE = {
  postgresql: ["postgresql"],
  kafka: ["kafkaHost", "zookeeper"],
  kafkaConnect: ["kafkaConnect"],
  objectStore: ["minio", "minioConsole"],
} as const;

/** Ports that a stack publishes, and the service behind each. */
export function publishedPorts({
  portOffset,
  kafkaMetadata,
  sparkWorkers,
  elsewhere,
  pipelines,
}: Omit<PublishingStack, "stack" | "bindAddress">): Map<number, string> {
  const { kafka: _insideOnly, sparkWorkerUi: _eachWorkers, zookeeper, ...published } = PORTS;
  const unpublished = new Set<string>(elsewhere.flatMap((service) => OF_SERVICE[service]));
  const workers = Array.from({ length: sparkWorkers }, (_, index) => index + 1);
  return new Map(
    [
      ...Object.entries(published),
      ...(kafkaMetadata === "zookeeper" ? [["zookeeper", zookeeper] as const] : []),
      ...workers.map((number) => [`UI of Spark worker ${number}`, workerUiPort(number)] as const),
      ...pipelines.map((name) => [`UI of pipeline ${name}'s streaming job`, driverUiPort(name)] as const),
    ]
      .filter(([service]) => !unpublished.has(service))
      .map(([service, port]) => [port + portOffset, service]),
  );
}

/**
 * @throws UserError naming each taken port, the service that wants it and who holds it, or the address that is none of this machine's
 */
export async function checkPorts(of: PublishingStack): Promise<void> {
  const { stack, bindAddress } = of;
  if ((await triedOut(0, bindAddress)) === "no address") {
    throw new UserError(
      `cdc:bindAddress is ${bindAddress}, which is no address of this machine.`,
      `Its addresses: ${addressesHere().join(", ")}; 0.0.0.0 is all of them.`,
    );
  }
  const holders = await containersByPort();
  const problems: string[] = [];
  for (const [port, service] of publishedPorts(of)) {
    const holder = holders.get(port);
    if (holder?.stack === stack) continue;
    if (holder) problems.push(`${port} (${service}) is published by the container ${holder.name}`);
    else if ((await triedOut(port, bindAddress)) === "taken")
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

/** What comes of listening there for a moment. */
function triedOut(port: number, address: string): Promise<"free" | "taken" | "no address"> {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once("error", ({ code }: NodeJS.ErrnoException) =>
      resolve(code === "EADDRNOTAVAIL" ? "no address" : "taken"),
    );
    server.listen(port, address, () => server.close(() => resolve("free")));
  });
}

function addressesHere(): string[] {
  return Object.values(os.networkInterfaces()).flatMap((addresses) =>
    (addresses ?? []).filter(({ family }) => family === "IPv4").map(({ address }) => address),
  );
}
