import * as pulumi from "@pulumi/pulumi";
import { ModuleProvider } from "../providers/dynamic";
import { listing } from "../providers/kafka-connect/text/listing";
import type { Kafka } from "./kafka";
import type { SourceTables } from "./source-tables";
import { type TopicConfig, topicConfigOf, withoutTopic } from "./topic-config";

export interface TopicsArgs {
  kafka: Kafka;
  /** Captured tables as `schema.table`. */
  captured: pulumi.Output<string[]>;
  /** One topic each, in their order. */
  names: pulumi.Output<string[]>;
  config: TopicConfig;
  /** The tables that the topics are for: no topic without its table. */
  tables: SourceTables;
}

/** Topics of one Kafka cluster, kept as declared through its admin protocol (providers/kafka-topics). */
class KafkaTopics extends pulumi.dynamic.Resource {
  constructor(name: string, props: Record<string, unknown>, opts: pulumi.CustomResourceOptions) {
    super(
      new ModuleProvider("kafka-topics"),
      name,
      { found: undefined, made: undefined, ...props },
      { ...opts, deleteBeforeReplace: true },
      "kafka",
      "Topics",
    );
  }
}

/**
 * The topics, one a captured table. They exist before the first event, because a streaming query that
 * subscribes to a missing topic dies. One partition each: a table's changes stay in commit order.
 */
export class Topics extends pulumi.ComponentResource {
  readonly names: pulumi.Output<string[]>;

  constructor(name: string, args: TopicsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cdc:index:Topics", name, {}, opts);
    const { kafka } = args;
    new KafkaTopics(
      `${name}-of-tables`,
      {
        bootstrapServers: kafka.container.id.apply(() => kafka.hostBootstrapServers),
        brokerId: kafka.container.id,
        topics: pulumi
          .all([args.names, args.captured])
          .apply(([names, tables]) =>
            Object.fromEntries(
              names.map((topic, index) => [
                topic,
                { partitions: 1, config: topicConfigOf(args.config, tables[index] ?? "") },
              ]),
            ),
          ),
        replicationFactor: 1,
        deletedAlong: true,
      },
      { parent: this, dependsOn: args.tables },
    );
    args.captured.apply(async (tables) => {
      const others = withoutTopic(args.config, tables);
      if (others.length > 0) {
        await pulumi.log.warn(`cdc:topicConfig has settings for what is not captured: ${listing(others)}`);
      }
    });
    this.names = args.names;
    this.registerOutputs({ names: this.names });
  }
}
