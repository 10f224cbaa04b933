/** What every part of one stack's platform has in common: its names, labels and published ports. */
import { createHash } from "node:crypto";
import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { STACK_LABEL } from "../labels";

/** Ports as the walkthrough has them; a stack adds its `portOffset` on the host. */
export const PORTS = {
  postgresql: 5432,
  zookeeper: 2181,
  /** Kafka's listener for clients inside the network. */
  kafka: 9092,
  /** Kafka's listener for clients on this machine: a broker has to tell each side an address it can reach. */
  kafkaHost: 29092,
  kafkaConnect: 8083,
  minio: 9000,
  minioConsole: 9001,
  sparkMaster: 7077,
  sparkMasterUi: 8080,
  /** That of the first worker; see {@link workerUiPort}. */
  sparkWorkerUi: 8081,
  sparkDriverUi: 4040,
  /** Of the continuous proof: metrics, and what was found. */
  proof: 9464,
  /** Of the console: the page. */
  console: 9465,
} as const;

/** 8081, 8181, 8281 …: the ports right after 8081 belong to others. */
export function workerUiPort(number: number): number {
  return PORTS.sparkWorkerUi + 100 * (number - 1);
}

/** 4100 to 4199, by the pipeline's name: another pipeline's coming and going moves none. */
export function driverUiPort(pipeline: string | undefined): number {
  if (pipeline === undefined) return PORTS.sparkDriverUi;
  return 4100 + (createHash("sha256").update(pipeline).digest().readUInt32BE() % 100);
}

export interface Label {
  label: string;
  value: string;
}

export interface PlatformArgs {
  stack: string;
  /** What containers' names begin with. */
  namePrefix: string;
  /** Added to every published port. */
  portOffset: number;
  /** Address of this machine on which ports are published. */
  bindAddress: string;
}

export class Platform {
  private readonly started: docker.Container[] = [];
  readonly stack: string;
  readonly bindAddress: string;

  constructor(private readonly config: PlatformArgs) {
    this.stack = config.stack;
    this.bindAddress = config.bindAddress;
  }

  /** Takes note of a container of the stack. */
  add(container: docker.Container): void {
    this.started.push(container);
  }

  get containerNames(): pulumi.Output<string[]> {
    return pulumi.output(this.started.map((container) => container.name));
  }

  /** Name of a service's container: what `docker exec` takes. */
  containerName(service: string): string {
    return `${this.config.namePrefix}${service}`;
  }

  /** Name of a network or volume: always with the stack, since nobody types it. */
  resourceName(name: string): string {
    return `cdc-${this.stack}-${name}`;
  }

  hostPort(port: number): number {
    return port + this.config.portOffset;
  }

  /**
   * How this machine, and those that the address is for, reach published ports. With 0.0.0.0 others have to put in an address of
   * this machine themselves, which a Kafka client cannot: the broker tells it where to go.
   */
  get host(): string {
    return ["127.0.0.1", "0.0.0.0"].includes(this.bindAddress) ? "localhost" : this.bindAddress;
  }

  /** Address of a published port. */
  hostAddress(port: number): string {
    return `${this.host}:${this.hostPort(port)}`;
  }

  labels(): Label[] {
    return [{ label: STACK_LABEL, value: this.stack }];
  }

  publish(port: number, hostPort = port): docker.types.input.ContainerPort {
    return { internal: port, external: this.hostPort(hostPort), ip: this.bindAddress, protocol: "tcp" };
  }
}
