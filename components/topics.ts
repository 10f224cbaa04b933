import * as pulumi from "@pulumi/pulumi";
import { listing } from "../providers/kafka-connect/text/listing";
import type { TopicTable } from "../providers/kafka-topics/inputs";
import type { KafkaEndpoint } from "./endpoints";
import { KafkaTopics } from "./kafka-topics";
import type { SourceTables } from "./source-tables";
import { type TopicConfig, topicConfigOf, withoutTopic } from "./topic-config";

export interface TopicsArgs {
  kafka: KafkaEndpoint;
  /** Captured tables as `schema.table`. */
  captured: pulumi.Output<string[]>;
  /** One topic each, in their order. */
  names: pulumi.Output<string[]>;
  config: TopicConfig;
  /** The setting that says so. */
  configuredBy: string;
  /** What the connector writes besides. Where topics go with their Kafka it makes them by itself. */
  ofConnector: TopicTable;
  /** Whether they go while their Kafka stays: those of a pipeline that is taken away. */
  goAlone: boolean;
  /** The tables that the topics are for: no topic without its table. */
  tables: SourceTables;
}

/**
 * The topics, one a captured table. They exist before the first event, because a streaming query that
 * subscribes to a missing topic dies. One partition each: a table's changes stay in commit order.
 */
export class Topics extends pulumi.ComponentResource {
  readonly names: pulumi.Output<string[]>;

  constructor(name: string, args: TopicsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cdc:index:Topics", name, {}, opts);
    const { kafka, goAlone } = args;
    const isOwnKafka = kafka.madeBy.length > 0;
    new KafkaTopics(
      `${name}-of-tables`,
      kafka,
      pulumi.all([args.names, args.captured]).apply(([names, tables]) => ({
        ...(isOwnKafka && !goAlone ? {} : args.ofConnector),
        ...Object.fromEntries(
          names.map((topic, index) => [
            topic,
            { partitions: 1, config: topicConfigOf(args.config, tables[index] ?? "") },
          ]),
        ),
      })),
      isOwnKafka && goAlone ? "ifDown" : isOwnKafka,
      { parent: this, dependsOn: args.tables },
    );
    args.captured.apply(async (tables) => {
      const others = withoutTopic(args.config, tables);
      if (others.length > 0) {
        await pulumi.log.warn(
          `${args.configuredBy} has settings for what is not captured: ${listing(others)}`,
        );
      }
    });
    this.names = args.names;
    this.registerOutputs({ names: this.names });
  }
}

/** Topics of a Debezium connector that are no table's: schemas that messages refer to, heartbeats, logical messages, notifications. */
export function topicsOfConnector(config: Readonly<Record<string, string>>): TopicTable {
  const prefix = config["topic.prefix"] ?? "";
  const schemas = config["value.converter.schemas.topic"];
  const beats = Number(config["heartbeat.interval.ms"] ?? 0) > 0;
  const notifications = config["notification.sink.topic.name"];
  const others = [
    `${prefix}.message`,
    ...(config["provide.transaction.metadata"] === "true" ? [`${prefix}.transaction`] : []),
    ...(notifications ? [notifications] : []),
  ];
  const heartbeat = `${config["topic.heartbeat.prefix"] ?? "__debezium-heartbeat"}.${prefix}`;
  return {
    ...(schemas ? { [schemas]: { partitions: 1, config: { "cleanup.policy": "compact" } } } : {}),
    ...Object.fromEntries(
      [...others, ...(beats ? [heartbeat] : [])].map((topic) => [topic, { partitions: 1, config: {} }]),
    ),
  };
}
