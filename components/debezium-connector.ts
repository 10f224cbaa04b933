import * as pulumi from "@pulumi/pulumi";
import { listEntry } from "../providers/kafka-connect/debezium/table-names";
import { Connector, type ConnectorArgs } from "./connector";
import type { ConnectorFile } from "./connector-file";
import { encryptionOf } from "./database-access";
import type { KafkaConnectEndpoint, KafkaEndpoint, PostgresqlEndpoint } from "./endpoints";
import { DATABASE_CA_FILE, kafkaClientReferences } from "./kafka-connect";
import { prefixed } from "./properties";
import type { SourceTables } from "./source-tables";
import type { Topics } from "./topics";

export interface DebeziumConnectorArgs {
  kafkaConnect: KafkaConnectEndpoint;
  postgresql: PostgresqlEndpoint;
  file: ConnectorFile;
  /** The captured tables, as `schema.table`. */
  captured: pulumi.Output<string[]>;
  kafka: KafkaEndpoint;
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
    const { kafkaConnect, postgresql, kafka, file } = args;
    const connector = new Connector(
      `${name}-connector`,
      {
        // An address is given once what it leads to is as it will be: before that, a preview has nothing to ask there.
        connectUrl: kafkaConnect.identity.apply(() => kafkaConnect.url),
        kafkaMetadata: kafka.cluster,
        name: file.name,
        config: {
          ...file.config,
          ...placesOfExistingServers(args),
          "table.include.list": args.captured.apply((tables) => tables.map(listEntry).join(",")),
        },
        tableLists: file.selection.isOpen ? file.lists : undefined,
        desiredState: args.desiredState,
        offsets: args.offsets,
        kafka: kafka.outside,
        kafkaSecurity: pulumi.output(kafka.security),
        gaps: args.gaps,
        // For checks, and for dropping the replication slot and the publication when the connector goes.
        database: {
          host: postgresql.identity.apply(() => postgresql.outside.host),
          port: postgresql.outside.port,
          user: postgresql.user,
          password: postgresql.password,
          database: postgresql.database,
          ...encryptionOf(postgresql),
        },
        checks: { after: args.tables.applied, keys: args.tableKeys ?? {} },
        deletedAlong: [
          ...(kafkaConnect.madeBy.length > 0 ? ["connect" as const] : []),
          ...(postgresql.madeBy.length > 0 ? ["database" as const] : []),
        ],
      },
      {
        parent: this,
        dependsOn: [...kafkaConnect.madeBy, ...postgresql.madeBy, args.topics],
        // Connect keeps its connectors and their offsets in Kafka.
        replaceWith: kafka.data,
      },
    );
    this.connectorName = file.name;
    this.state = connector.state;
    this.source = connector.source;
    this.registerOutputs({ connectorName: this.connectorName, state: this.state });
  }
}

/** The file names the stack's own servers. */
function placesOfExistingServers({
  kafkaConnect,
  postgresql,
  kafka,
  file,
}: DebeziumConnectorArgs): Record<string, pulumi.Input<string>> {
  const places: Record<string, pulumi.Input<string>> = {};
  if (postgresql.madeBy.length === 0) {
    places["database.hostname"] = postgresql.inside.host;
    places["database.port"] = String(postgresql.inside.port);
    places["database.user"] = postgresql.user;
    places["database.dbname"] = postgresql.database;
    if (postgresql.tls) places["database.sslmode"] = postgresql.tls.sslmode;
    if (postgresql.tls?.ca) places["database.sslrootcert"] = DATABASE_CA_FILE;
  }
  if (kafka.madeBy.length === 0 && file.config[SCHEMAS_SERVERS] !== undefined) {
    places[SCHEMAS_SERVERS] = kafka.inside;
    // A Connect that is there already has no such file: its connectors are told in the connector's own configuration.
    if (kafkaConnect.madeBy.length > 0)
      Object.assign(places, prefixed(SCHEMAS_CLIENT, kafkaClientReferences(kafka)));
  }
  return places;
}

const SCHEMAS_CLIENT = "value.converter.schemas.topic.";
const SCHEMAS_SERVERS = `${SCHEMAS_CLIENT}bootstrap.servers`;
