import * as pulumi from "@pulumi/pulumi";
import { ModuleProvider } from "../providers/dynamic";
import type { ConnectorFile } from "./connector-file";
import type { KafkaConnect } from "./kafka-connect";
import type { Postgresql } from "./postgresql";
import type { Topics } from "./topics";

export interface DebeziumConnectorArgs {
  kafkaConnect: KafkaConnect;
  postgresql: Postgresql;
  file: ConnectorFile;
  topics: Topics;
}

/** A connector in Kafka Connect, kept as declared through its REST API (providers/kafka-connect). */
class Connector extends pulumi.dynamic.Resource {
  /** State of connector and tasks when last seen. */
  declare readonly state: pulumi.Output<string>;

  constructor(name: string, props: Record<string, unknown>, opts: pulumi.CustomResourceOptions) {
    super(
      new ModuleProvider("kafka-connect"),
      name,
      { state: undefined, ...props },
      // Deleting needs the database's password, so it is kept, encrypted, with the outputs.
      { ...opts, additionalSecretOutputs: ["database"] },
      "debezium",
      "Connector",
    );
  }
}

/** The Debezium connector: running with all its tasks, or the update fails with the task's own error. */
export class DebeziumConnector extends pulumi.ComponentResource {
  readonly connectorName: string;
  readonly state: pulumi.Output<string>;

  constructor(name: string, args: DebeziumConnectorArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cdc:index:DebeziumConnector", name, {}, opts);
    const { postgresql, file } = args;
    const [host, port] = postgresql.hostAddress.split(":");
    const connector = new Connector(
      `${name}-connector`,
      {
        connectUrl: args.kafkaConnect.url,
        name: file.name,
        config: file.config,
        // For dropping the replication slot and the publication when the connector goes.
        database: {
          host,
          port: Number(port),
          user: postgresql.user,
          password: postgresql.password,
          database: postgresql.database,
        },
        deletedAlong: ["connect", "database"],
      },
      { parent: this, dependsOn: [args.kafkaConnect, postgresql, args.topics] },
    );
    this.connectorName = file.name;
    this.state = connector.state;
    this.registerOutputs({ connectorName: this.connectorName, state: this.state });
  }
}
