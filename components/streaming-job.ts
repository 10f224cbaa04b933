import * as pulumi from "@pulumi/pulumi";
import { ModuleProvider } from "../providers/dynamic";
import { codeHash } from "../providers/spark-application/code";
import type { KafkaEndpoint, LakeEndpoint } from "./endpoints";
import { KAFKA_CLIENT_FILE, type SparkClient } from "./spark-client";
import type { SparkMaster, SparkWorkers } from "./spark-cluster";
import type { Topics } from "./topics";

export interface StreamingJobArgs {
  /** Whose job it is; undefined: the stack's own. */
  pipeline: string | undefined;
  client: SparkClient;
  /** The cluster on which it runs: there before it starts, and until it has ended its last micro-batch. */
  cluster: [SparkMaster, SparkWorkers];
  kafka: KafkaEndpoint;
  lake: LakeEndpoint;
  /** Topics to read; each becomes a Delta table. */
  topics: Topics;
  /** Pause between the starts of two micro-batches, as Spark writes durations. */
  triggerInterval: string;
  /** Whether each change is also appended to the walkthrough's table of text. */
  flattenedTables: boolean;
  /** What current-state tables do with deleted rows. */
  deletedRows: "remove" | "keep";
  /** What they do when a source table's columns change. */
  onSchemaChange: "evolve" | "ignore" | "fail";
  /** What becomes of values that the lake's types do not hold. */
  valuesOutOfRange: "rescue" | "reject";
  /** How long files that a lake table no longer uses are kept, such as `1 hour` or `7 days`. */
  lakeRetention: string;
  /** Key columns of tables without a primary key, or to be used instead of it, by `schema.table`. */
  tableKeys: Record<string, string[]>;
}

const APPLICATION = "streaming_from_kafka_to_minio";

/** A Spark application, submitted and supervised in the client (providers/spark-application). */
class SparkApplication extends pulumi.dynamic.Resource {
  /** State of the driver when last seen. */
  declare readonly state: pulumi.Output<string>;

  constructor(name: string, props: Record<string, unknown>, opts: pulumi.CustomResourceOptions) {
    super(
      new ModuleProvider("spark-application"),
      name,
      { state: undefined, ...props },
      { ...opts, deleteBeforeReplace: true },
      "spark",
      "Application",
    );
  }
}

/** The streaming job that writes each topic's changes to its Delta tables, from checkpoint to checkpoint. */
export class StreamingJob extends pulumi.ComponentResource {
  readonly applicationName: string;
  readonly state: pulumi.Output<string>;
  readonly checkpoint: string;

  constructor(name: string, args: StreamingJobArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cdc:index:StreamingJob", name, {}, opts);
    this.applicationName = args.pipeline === undefined ? APPLICATION : `${APPLICATION}_${args.pipeline}`;
    this.checkpoint = `${args.lake.lakeUrl}/_checkpoints/${this.applicationName}`;
    const application = new SparkApplication(
      `${name}-application`,
      {
        containerName: args.client.container.name,
        // A new container has no applications: submit again.
        containerId: args.client.container.id,
        applicationName: this.applicationName,
        codeHash: codeHash("spark"),
        // As the walkthrough has it: /opt/examples/streaming.
        installFolder: "streaming",
        arguments: [
          "--bootstrap-servers",
          args.kafka.inside,
          ...(args.kafka.security ? ["--kafka-client", KAFKA_CLIENT_FILE] : []),
          "--topics",
          args.topics.names.apply((names) => names.join(",")),
          "--lake",
          args.lake.lakeUrl,
          "--checkpoint",
          this.checkpoint,
          "--trigger",
          args.triggerInterval,
          "--flattened-tables",
          String(args.flattenedTables),
          "--deleted-rows",
          args.deletedRows,
          "--on-schema-change",
          args.onSchemaChange,
          "--values-out-of-range",
          args.valuesOutOfRange,
          "--lake-retention",
          args.lakeRetention,
          "--table-keys",
          tableKeysText(args.tableKeys),
        ],
      },
      { parent: this, dependsOn: [args.client, ...args.cluster, ...args.lake.madeBy, args.topics] },
    );
    this.state = application.state;
    this.registerOutputs({ applicationName: this.applicationName, state: this.state });
  }
}

/** As the job takes them: `schema.table=column,…;…`. */
function tableKeysText(keys: Record<string, string[]>): string {
  return Object.entries(keys)
    .map(([table, columns]) => `${table}=${columns.join(",")}`)
    .join(";");
}
