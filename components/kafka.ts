import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { dataVolume } from "./data-volume";
import { PORTS } from "./platform";
import { properties } from "./properties";
import { type ServiceArgs, serviceContainer } from "./service-container";
import type { Zookeeper } from "./zookeeper";

export interface KafkaArgs extends ServiceArgs {
  zookeeper: Zookeeper;
}

/** One Kafka broker, reachable from inside the network and from this machine. */
export class Kafka extends pulumi.ComponentResource {
  readonly container: docker.Container;
  /** Bootstrap servers for clients inside the network. */
  readonly bootstrapServers = `kafka:${PORTS.kafka}`;
  /** Bootstrap servers for clients on this machine. */
  readonly hostBootstrapServers: string;

  constructor(name: string, args: KafkaArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cdc:index:Kafka", name, {}, opts);
    const { platform } = args;
    this.hostBootstrapServers = platform.hostAddress(PORTS.kafkaHost);
    const data = dataVolume(`${name}-data`, platform, "kafka", { parent: this });
    this.container = serviceContainer(
      `${name}-container`,
      {
        platform,
        network: args.network,
        image: args.image,
        service: "kafka",
        memory: 1024,
        envs: ["KAFKA_HEAP_OPTS=-Xms256m -Xmx512m"],
        ports: [platform.publish(PORTS.kafkaHost)],
        uploads: [
          {
            file: "/kafka/config/server.properties",
            content: serverProperties(args.zookeeper.connect, this.hostBootstrapServers),
          },
        ],
        data: { volume: data.name, path: "/var/lib/kafka" },
      },
      { parent: this, dependsOn: args.zookeeper },
    );
    this.registerOutputs({
      bootstrapServers: this.bootstrapServers,
      hostBootstrapServers: this.hostBootstrapServers,
    });
  }
}

function serverProperties(zookeeper: string, hostAddress: string): string {
  return properties({
    "broker.id": 1,
    "zookeeper.connect": zookeeper,
    // A killed broker cannot come back before its old session has expired.
    "zookeeper.session.timeout.ms": 6_000,
    listeners: `INTERNAL://0.0.0.0:${PORTS.kafka},HOST://0.0.0.0:${PORTS.kafkaHost}`,
    "advertised.listeners": `INTERNAL://kafka:${PORTS.kafka},HOST://${hostAddress}`,
    "listener.security.protocol.map": "INTERNAL:PLAINTEXT,HOST:PLAINTEXT",
    "inter.broker.listener.name": "INTERNAL",
    "log.dirs": "/var/lib/kafka",
    "num.partitions": 1,
    // One broker: the internal topics cannot have Kafka's usual three replicas.
    "offsets.topic.replication.factor": 1,
    "offsets.topic.num.partitions": 5,
    "transaction.state.log.replication.factor": 1,
    "transaction.state.log.min.isr": 1,
    "transaction.state.log.num.partitions": 5,
    "group.initial.rebalance.delay.ms": 0,
  });
}
