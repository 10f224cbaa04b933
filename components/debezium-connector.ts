import * as pulumi from "@pulumi/pulumi";
import { listEntry } from "../providers/kafka-connect/debezium/table-names";
import { Connector, type ConnectorArgs } from "./connector";
import type { ConnectorFile } from "./connector-file";
import type { Kafka } from "./kafka";
import type { KafkaConnect } from "./kafka-connect";
import type { Postgresql } from "./postgresql";
import type { SourceTables } from "./source-tables";
import type { Topics } from "./topics";

export interface DebeziumConnectorArgs {
  kafkaConnect: KafkaConnect;
  postgresql: Postgresql;
  file: ConnectorFile;
  /** The captured tables, as `schema.table`. */
  captured: pulumi.Output<string[]>;
  kafka: Kafka;
  tables: SourceTables;
  topics: Topics;
  /** See {@link ConnectorArgs.desiredState}. */
  desiredState?: ConnectorArgs["desiredState"];
  /** See {@link ConnectorArgs.offsets}. */
  offsets?: ConnectorArgs["offsets"];
  /** See {@link ConnectorArgs.gaps}. */
  gaps?: ConnectorArgs["gaps"];
  /** Key columns of tables without a primary key, or to be used instead of it, by `schema.table`. */
  tableKeys?: Record<string, string[]>;
}

/** The Debezium connector: in the state wanted with all its tasks, or the update fails with the task's own error. */
export class DebeziumConnector extends pulumi.ComponentResource {
  readonly connectorName: string;
  readonly state: pulumi.Output<string>;
  /** What was captured when nothing was missing. */
  readonly source: Connector["source"];

  constructor(name: string, args: DebeziumConnectorArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cdc:index:DebeziumConnector", name, {}, opts);
    const { kafkaConnect, postgresql, file } = args;
    const [host, port] = postgresql.hostAddress.split(":");
    const connector = new Connector(
      `${name}-connector`,
      {
        // An address is given once what it leads to is as it will be: before that, a preview has nothing to ask there.
        connectUrl: kafkaConnect.container.id.apply(() => kafkaConnect.url),
        kafkaMetadata: kafkaConnect.kafkaMetadata,
        name: file.name,
        config: {
          ...file.config,
          "table.include.list": args.captured.apply((tables) => tables.map(listEntry).join(",")),
        },
        tableLists: file.selection.isOpen ? file.lists : undefined,
        desiredState: args.desiredState,
        offsets: args.offsets,
        kafka: args.kafka.hostBootstrapServers,
        gaps: args.gaps,
        // For checks, and for dropping the replication slot and the publication when the connector goes.
        database: {
          host: postgresql.container.id.apply(() => host ?? ""),
          port: Number(port),
          user: postgresql.user,
          password: postgresql.password,
          database: postgresql.database,
        },
        checks: { after: args.tables.applied, keys: args.tableKeys ?? {} },
        deletedAlong: ["connect", "database"],
      },
      { parent: this, dependsOn: [kafkaConnect, postgresql, args.topics] },
    );
    this.connectorName = file.name;
    this.state = connector.state;
    this.source = connector.source;
    this.registerOutputs({ connectorName: this.connectorName, state: this.state });
  }
}
