import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { Kafka } from "./kafka";
import type { SourceTables } from "./source-tables";

export interface TopicsArgs {
  kafka: Kafka;
  names: string[];
  /** The tables that the topics are for: no topic without its table. */
  tables: SourceTables;
}

/**
 * The topics, one a captured table. They exist before the first event, because a streaming query that
 * subscribes to a missing topic dies. One partition each: a table's changes stay in commit order.
 */
export class Topics extends pulumi.ComponentResource {
  readonly names: string[];

  constructor(name: string, args: TopicsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cdc:index:Topics", name, {}, opts);
    for (const topic of args.names) {
      new command.local.Command(
        `${name}-${topic}`,
        {
          create: pulumi.interpolate`docker exec ${args.kafka.container.name} /kafka/bin/kafka-topics.sh --bootstrap-server ${args.kafka.bootstrapServers} --create --if-not-exists --topic ${topic} --partitions 1 --replication-factor 1`,
          // A replaced broker may have lost its data.
          triggers: [args.kafka.container.id],
        },
        { parent: this, dependsOn: args.tables },
      );
    }
    this.names = args.names;
    this.registerOutputs({ names: this.names });
  }
}
