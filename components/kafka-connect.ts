import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { javaClientSettings, type KafkaSecurity } from "../providers/kafka/access";
import type { KafkaConnectEndpoint, KafkaEndpoint, PostgresqlEndpoint } from "./endpoints";
import { closedJvm } from "./kafka-jvm";
import { PORTS } from "./platform";
import { prefixed, properties } from "./properties";
import type { RowSizes } from "./row-sizes";
import { type ServiceArgs, serviceContainer } from "./service-container";
import { OFFSET_PARTITIONS, type WorkerTopics } from "./worker-topics";

export interface KafkaConnectArgs extends ServiceArgs {
  kafka: KafkaEndpoint;
  /** Where the worker keeps connectors, offsets and their states. */
  topics: WorkerTopics;
  sizes: RowSizes;
  /** What becomes of a change that is larger than a message may be. */
  rowsTooLarge: "fail" | "setAside";
  /** Its password is what connectors refer to as `${file:/kafka/secrets/postgresql.properties:password}`. */
  database: PostgresqlEndpoint;
}

/** Where the certificates are that the database's authority is known by. */
export const DATABASE_CA_FILE = "/kafka/secrets/postgresql-ca.pem";

/** Settings of Kafka's clients, where the brokers ask for some, to refer to. */
export const KAFKA_CLIENT_FILE = "/kafka/secrets/kafka.properties";

/** The worker's own clients, those of its connectors, and those of its default converter. */
const CLIENTS = ["", "producer.", "consumer.", "admin.", "value.converter.schemas.topic."];

/** Reads values of files in /kafka/secrets, and of no others (images/kafka-connect/worker). */
const SECRET_FILES = "cdc.worker.SecretFiles";

/** What a connector may set of its Kafka clients: how fast and how much, not where to, as whom, or by which class. */
const CLIENT_SETTINGS = [
  ...["batch.size", "buffer.memory", "compression.type", "delivery.timeout.ms", "linger.ms", "max.block.ms"],
  ...["compression.gzip.level", "compression.lz4.level", "compression.zstd.level"],
  ...["max.request.size", "request.timeout.ms", "transaction.timeout.ms", "retries", "retry.backoff.ms"],
  ...["auto.offset.reset", "fetch.max.bytes", "fetch.max.wait.ms", "fetch.min.bytes", "isolation.level"],
  ...["max.partition.fetch.bytes", "max.poll.interval.ms", "max.poll.records", "session.timeout.ms"],
];

/** A Kafka Connect worker with Debezium's PostgreSQL connector on its plugin path. */
export class KafkaConnect extends pulumi.ComponentResource {
  readonly container: docker.Container;
  readonly endpoint: KafkaConnectEndpoint;

  constructor(name: string, args: KafkaConnectArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cdc:index:KafkaConnect", name, {}, opts);
    const { platform } = args;
    this.container = serviceContainer(
      `${name}-container`,
      {
        platform,
        network: args.network,
        image: args.image,
        service: "kafka-connect",
        memory: args.sizes.kafkaConnect.container,
        // When there is more to do than processors can, the lake keeps up and what waits does so in PostgreSQL's log,
        // instead of in Kafka: a change that was read is in the lake soon, and micro-batches stay small.
        cpuShares: 256,
        envs: [
          `KAFKA_HEAP_OPTS=-Xms288m -Xmx${args.sizes.kafkaConnect.heap}m`,
          // Events live for a moment: a large young generation, and a collector that does nothing between collections.
          "KAFKA_JVM_PERFORMANCE_OPTS=-XX:+UseSerialGC -XX:NewSize=256m -XX:MaxNewSize=256m -XX:SurvivorRatio=5",
          `KAFKA_OPTS=${closedJvm(SECRET_FILES)}`,
          // For this project's converter: it knows table and key of a change that is too large, and can do without its large values.
          `CDC_MAX_MESSAGE_BYTES=${args.sizes.valueBytes}`,
          `CDC_OVERSIZED=${args.rowsTooLarge === "setAside" ? "mark" : "fail"}`,
        ],
        ports: [platform.publish(PORTS.kafkaConnect)],
        uploads: [
          {
            file: "/kafka/config/connect-distributed.properties",
            content: pulumi
              .all([args.kafka.inside, args.kafka.security])
              .apply(([servers, security]) => workerProperties(servers, security, args)),
          },
          {
            file: "/kafka/secrets/postgresql.properties",
            content: args.database.password.apply((password) => properties({ password })),
          },
          ...(args.kafka.security ? [{ file: KAFKA_CLIENT_FILE, content: clientFile(args.kafka) }] : []),
          ...(args.database.tls?.ca ? [{ file: DATABASE_CA_FILE, content: args.database.tls.ca.text }] : []),
        ],
      },
      { parent: this, dependsOn: [...args.kafka.madeBy, ...args.topics.madeBy] },
    );
    const url = `http://${platform.hostAddress(PORTS.kafkaConnect)}`;
    this.endpoint = {
      url,
      inside: `http://kafka-connect:${PORTS.kafkaConnect}`,
      identity: this.container.id,
      madeBy: [this],
    };
    this.registerOutputs({ url });
  }
}

/** Settings for a connector's clients as references that the worker resolves; none where the brokers ask for nothing. */
export function kafkaClientReferences({ security }: KafkaEndpoint): Record<string, string> {
  const { signIn, ...rest } = security ?? {};
  const names = security
    ? javaClientSettings({
        ...rest,
        protocol: security.protocol,
        ...(signIn ? { signIn: { ...signIn, password: "" } } : {}),
      })
    : {};
  return Object.fromEntries(
    Object.keys(names).map((name) => [name, `\${file:${KAFKA_CLIENT_FILE}:${name}}`]),
  );
}

/** What is a secret stays one. */
function clientFile({ security }: KafkaEndpoint): pulumi.Output<string> {
  return pulumi.output(security).apply((known) => properties(javaClientSettings(known)));
}

function workerProperties(
  bootstrapServers: string,
  security: KafkaSecurity | undefined,
  { kafka, topics, sizes }: KafkaConnectArgs,
): string {
  const client = javaClientSettings(security);
  return properties({
    "bootstrap.servers": bootstrapServers,
    ...Object.assign({}, ...CLIENTS.map((prefix) => prefixed(prefix, client))),
    "group.id": topics.group,
    listeners: `http://0.0.0.0:${PORTS.kafkaConnect}`,
    "rest.advertised.host.name": "kafka-connect",
    "key.converter": "org.apache.kafka.connect.json.JsonConverter",
    // Writes as Kafka's JsonConverter does, and also reads messages that refer to their schema: for sinks without a converter.
    "value.converter": "cdc.connect.SchemaCachingJsonConverter",
    "value.converter.schemas.topic.bootstrap.servers": bootstrapServers,
    "config.storage.topic": topics.configs,
    "offset.storage.topic": topics.offsets,
    "status.storage.topic": topics.statuses,
    "config.storage.replication.factor": kafka.replicationFactor,
    "offset.storage.replication.factor": kafka.replicationFactor,
    "status.storage.replication.factor": kafka.replicationFactor,
    "offset.storage.partitions": OFFSET_PARTITIONS,
    "status.storage.partitions": 1,
    "offset.flush.interval.ms": 10_000,
    "plugin.path": "/kafka/connect-plugins",
    // Plugins announce themselves in their manifests; scanning every class costs seconds at each start.
    "plugin.discovery": "service_load",
    // A killed worker neither loses nor doubles events.
    "exactly.once.source.support": "enabled",
    "producer.max.request.size": sizes.messageBytes,
    "producer.buffer.memory": sizes.producerBytes,
    "connector.client.config.override.policy": "cdc.worker.AllowedClientSettings",
    "connector.client.config.override.allowlist": CLIENT_SETTINGS.join(),
    // No log levels by REST: at TRACE, clients log what they are configured with.
    "admin.listeners": "",
    "config.providers": "file",
    "config.providers.file.class": SECRET_FILES,
  });
}
