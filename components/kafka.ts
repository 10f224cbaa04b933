import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { dataVolume } from "./data-volume";
import type { KafkaEndpoint } from "./endpoints";
import { closedJvm } from "./kafka-jvm";
import { BY_METADATA, metadataSettings } from "./kafka-metadata";
import { PORTS } from "./platform";
import { properties } from "./properties";
import type { RowSizes } from "./row-sizes";
import { type ServiceArgs, serviceContainer } from "./service-container";
import type { Zookeeper } from "./zookeeper";

export interface KafkaArgs extends ServiceArgs {
  /** What keeps the broker's metadata; without it the broker does so itself (KRaft), and has to be of Kafka 4. */
  zookeeper: Zookeeper | undefined;
  sizes: RowSizes;
}

const INSIDE_ADDRESS = `kafka:${PORTS.kafka}`;

/** One Kafka broker, reachable from inside the network and from this machine. */
export class Kafka extends pulumi.ComponentResource {
  readonly container: docker.Container;
  readonly endpoint: KafkaEndpoint;

  constructor(name: string, args: KafkaArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cdc:index:Kafka", name, {}, opts);
    const { platform, zookeeper } = args;
    const metadata = zookeeper ? "zookeeper" : "kraft";
    const outside = platform.hostAddress(PORTS.kafkaHost);
    const data = dataVolume(`${name}-data`, platform, BY_METADATA[metadata].volume, {
      parent: this,
      // What is in it belongs to a cluster that only ZooKeeper knows.
      ...(zookeeper && { replaceWith: [zookeeper.data] }),
    });
    this.container = serviceContainer(
      `${name}-container`,
      {
        platform,
        network: args.network,
        image: args.image,
        service: "kafka",
        memory: args.sizes.kafka.container,
        envs: [
          `KAFKA_HEAP_OPTS=-Xms96m -Xmx${args.sizes.kafka.heap}m`,
          "KAFKA_JVM_PERFORMANCE_OPTS=-XX:+UseSerialGC -XX:NewSize=64m -XX:MaxNewSize=64m",
          `KAFKA_OPTS=${closedJvm("none")}`,
        ],
        ports: [platform.publish(PORTS.kafkaHost)],
        uploads: [
          {
            file: "/kafka/config/server.properties",
            content: serverProperties(zookeeper, outside, args.sizes),
          },
        ],
        data: { volume: data.name, path: "/var/lib/kafka" },
      },
      { parent: this, dependsOn: zookeeper },
    );
    // Computed from the broker's container, so that whoever uses it ends before the broker is replaced: a client that lived
    // through it could write to, or read from, topics that are new.
    const inside = this.container.id.apply(() => INSIDE_ADDRESS);
    this.endpoint = {
      inside,
      outside,
      cluster: metadata,
      replicationFactor: 1,
      data: [data],
      identity: this.container.id,
      madeBy: [this],
    };
    this.registerOutputs({ bootstrapServers: inside, hostBootstrapServers: outside });
  }
}

function serverProperties(
  zookeeper: Zookeeper | undefined,
  hostAddress: string,
  { messageBytes }: RowSizes,
): string {
  return properties({
    ...metadataSettings(
      zookeeper,
      { INTERNAL: PORTS.kafka, HOST: PORTS.kafkaHost },
      { INTERNAL: INSIDE_ADDRESS, HOST: hostAddress },
    ),
    "inter.broker.listener.name": "INTERNAL",
    "log.dirs": "/var/lib/kafka",
    "num.partitions": 1,
    // Of a batch, so of a message, too; topics have no limit of their own.
    "message.max.bytes": messageBytes,
    "replica.fetch.max.bytes": messageBytes,
    "socket.request.max.bytes": Math.max(104_857_600, messageBytes + 1024 * 1024),
    // One broker: the internal topics cannot have Kafka's usual three replicas.
    "offsets.topic.replication.factor": 1,
    "offsets.topic.num.partitions": 5,
    "transaction.state.log.replication.factor": 1,
    "transaction.state.log.min.isr": 1,
    "transaction.state.log.num.partitions": 5,
    "group.initial.rebalance.delay.ms": 0,
    // Keys of a compacted topic that are looked at in one go, 24 bytes each: the default takes 128 MB of the heap at once.
    "log.cleaner.dedupe.buffer.size": 8 * 1024 * 1024,
  });
}
