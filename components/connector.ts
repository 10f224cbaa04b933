import * as pulumi from "@pulumi/pulumi";
import { ModuleProvider } from "../providers/dynamic";
import type { KafkaSecurity } from "../providers/kafka/access";
import type { TableLists } from "../providers/kafka-connect/debezium/lists/table-selection";
import type { SourceIdentity } from "../providers/kafka-connect/gaps/source-identity";
import type { GapCure } from "../providers/kafka-connect/inputs";
import type { DesiredState } from "../providers/kafka-connect/rest/desired-state";
import type { DatabaseTls } from "../providers/postgresql/tls";

export interface ConnectorArgs {
  /**
   * Base URL of Kafka Connect's REST interface, such as `http://localhost:8083`. While it is not known, in the preview of a
   * deployment that makes the worker, the config is checked against what is known here.
   */
  connectUrl: pulumi.Input<string>;
  /**
   * What the Kafka cluster behind the worker is told apart by from others. Another one knows neither connector nor offsets:
   * changing it replaces the connector.
   * @default "zookeeper"
   */
  kafkaMetadata?: pulumi.Input<string>;
  /** The connector's name. Changing it replaces the connector. */
  name: pulumi.Input<string>;
  /**
   * Its config, as one would POST it. Whatever is a secret in it is one in the state; better still is a reference
   * that the worker resolves (`${file:…}`). Changed in place; what decides which log Debezium reads replaces the connector.
   */
  config: pulumi.Input<Record<string, pulumi.Input<string | number | boolean>>>;
  /**
   * Whether it delivers (`running`), keeps still with all that it holds (`paused`), or keeps still and holds nothing (`stopped`).
   * @default "running"
   */
  desiredState?: pulumi.Input<DesiredState>;
  /**
   * The lists of tables and schemas as they are declared, where these have expressions and `config` has what they meant: what they
   * mean by now is then looked up by a refresh.
   */
  tableLists?: pulumi.Input<TableLists | undefined>;
  /**
   * Moves the connector to another position, once for each new trigger (any text, such as a date). `reset` forgets the
   * position; `set` goes on from the positions given, in the form of `GET /connectors/{name}/offsets`.
   */
  offsets?: pulumi.Input<
    { reset: string } | { set: { partition: object; offset: object | null }[]; trigger: string }
  >;
  /**
   * How this machine reaches the database that a Debezium PostgreSQL connector reads: to look whether it is fit for that,
   * and to drop the replication slot at the end.
   */
  database?: pulumi.Input<{
    host: pulumi.Input<string>;
    port: pulumi.Input<number>;
    user: pulumi.Input<string>;
    password: pulumi.Input<string>;
    database: pulumi.Input<string>;
    /** Default: none. */
    tls?: pulumi.Input<DatabaseTls>;
  }>;
  /**
   * How this machine reaches Kafka, such as `localhost:29092`: to count rows that arrive there, and to say in a table's topic
   * that its rows are read again.
   */
  kafka?: pulumi.Input<string>;
  /**
   * What Kafka asks for beside, its password among it.
   * @default nothing
   */
  kafkaSecurity?: pulumi.Input<KafkaSecurity | undefined>;
  /**
   * What to do when changes of captured tables may be missing: have the rows read again, or only say so.
   * @default "resnapshot"
   */
  gaps?: pulumi.Input<GapCure>;
  /**
   * What that database is looked at for, beside what the config says: `after` is anything that is known once its tables are as
   * they will be (until then, what is wrong with them is a warning); `keys` are key columns chosen for tables, by `schema.table`.
   */
  checks?: pulumi.Input<{
    after?: pulumi.Input<string>;
    keys?: pulumi.Input<Record<string, string[]>>;
  }>;
  /**
   * Whether deleting the connector also drops its replication slot, the publication it made and the signal table made for
   * it. Without `database` that cannot be done, and a delete fails with the SQL to run.
   * @default true
   */
  dropOnDelete?: pulumi.Input<boolean>;
  /**
   * Servers that are deleted right after this connector. Such a one that is down already takes what is in it along, so
   * that fails no delete.
   * @default none: they outlive the connector
   */
  deletedAlong?: pulumi.Input<("connect" | "database")[]>;
  /**
   * Seconds within which the connector has to be in the state wanted.
   * @default 120
   */
  timeoutSeconds?: pulumi.Input<number>;
}

/**
 * A connector of any class in Kafka Connect, kept as declared through its REST interface (providers/kafka-connect). One that
 * is there already, with the same name and config, is taken over as it is.
 */
export class Connector extends pulumi.dynamic.Resource {
  /** State of connector and tasks when last seen. */
  declare readonly state: pulumi.Output<string>;
  /** What the captured tables and their server were when nothing was missing; undefined for other connectors. */
  declare readonly source: pulumi.Output<SourceIdentity | undefined>;
  /** `source` or `sink`. */
  declare readonly type: pulumi.Output<string>;

  constructor(name: string, args: ConnectorArgs, opts: pulumi.CustomResourceOptions = {}) {
    super(
      new ModuleProvider("kafka-connect"),
      name,
      { state: undefined, type: undefined, source: undefined, ...args },
      // Deleting needs the database's password, so it is kept, encrypted, with the outputs.
      { ...opts, deleteBeforeReplace: true, additionalSecretOutputs: ["database", "kafkaSecurity"] },
      "debezium",
      "Connector",
    );
  }
}
