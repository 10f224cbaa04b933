import * as pulumi from "@pulumi/pulumi";
import { ModuleProvider } from "../providers/dynamic";
import type { Kafka } from "./kafka";
import type { SourceTables } from "./source-tables";

export interface TopicsArgs {
  kafka: Kafka;
  names: pulumi.Output<string[]>;
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
        topics: args.names.apply((names) =>
          Object.fromEntries(names.map((topic) => [topic, { partitions: 1, config: {} }])),
        ),
        replicationFactor: 1,
        deletedAlong: true,
      },
      { parent: this, dependsOn: args.tables },
    );
    this.names = args.names;
    this.registerOutputs({ names: this.names });
  }
}
