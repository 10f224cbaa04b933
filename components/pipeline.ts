/** One pipeline, in the order the data flows: tables → connector → topics → job → lake. */
import type * as pulumi from "@pulumi/pulumi";
import { type CapturedTables, capturedTables } from "./captured-tables";
import { DebeziumConnector } from "./debezium-connector";
import type { LakeEndpoint } from "./endpoints";
import type { Images } from "./image";
import { PipelineLake } from "./pipeline-lake";
import { ofPipeline, settingOf } from "./pipeline-names";
import type { DeclaredPipeline } from "./pipeline-settings";
import type { Platform } from "./platform";
import type { RowSizes } from "./row-sizes";
import type { Servers } from "./servers";
import { SourceTables, sourceSchema } from "./source-tables";
import { SparkClient } from "./spark-client";
import { type SparkMaster, SparkWorkers } from "./spark-cluster";
import { StreamingJob } from "./streaming-job";
import { Topics, topicsOfConnector } from "./topics";

export interface PipelineArgs {
  platform: Platform;
  network: pulumi.Input<string>;
  images: Images;
  servers: Servers;
  sparkMaster: SparkMaster;
  sparkSecret: pulumi.Output<string>;
  /** The workers that come with it, and whose cores are its job's. */
  sparkWorkers: number;
  /** Whether there are other pipelines. */
  isOneOfSeveral: boolean;
  sizes: RowSizes;
  /** The stack's own, for another one. */
  own: Pipeline | undefined;
}

/** What was made of one. */
export interface Pipeline extends DeclaredPipeline {
  readonly tables: SourceTables;
  readonly captured: CapturedTables;
  readonly topics: Topics;
  readonly connector: DebeziumConnector;
  readonly lake: LakeEndpoint;
  readonly sparkWorkers: SparkWorkers;
  readonly sparkClient: SparkClient;
  readonly job: StreamingJob;
}

/** Nothing of it is in what another one uses: it comes and goes without touching that. */
export function declarePipeline(declared: DeclaredPipeline, args: PipelineArgs): Pipeline {
  const { name, settings, file } = declared;
  const { platform, network, images, servers, sparkMaster, sizes } = args;
  const { postgresql, kafka, kafkaConnect } = servers;
  const named = (what: string) => ofPipeline(what, name);

  const isExisting = postgresql.madeBy.length === 0;
  const tables = new SourceTables(named("source-tables"), {
    postgresql,
    client: () => ({ platform, network, image: images.get("postgresql") }),
    schema: sourceSchema(settings.sourceSchema, isExisting, settingOf(name, "sourceSchema")),
    after: args.own?.tables,
    tables: [...file.selection.named],
  });
  const captured = capturedTables({ file, postgresql, tables });
  const topics = new Topics(named("topics"), {
    kafka,
    captured: captured.names,
    names: captured.topics,
    config: settings.topicConfig,
    configuredBy: settingOf(name, "topicConfig"),
    ofConnector: topicsOfConnector(file.config),
    goAlone: name !== undefined,
    tables,
  });
  const connector = new DebeziumConnector(named("debezium"), {
    kafkaConnect,
    postgresql,
    file,
    captured: captured.names,
    kafka,
    tables,
    topics,
    desiredState: settings.connectorState,
    offsets: settings.connectorOffsets,
    gaps: settings.gaps,
    tableKeys: settings.tableKeys,
  });

  const spark = { platform, network, image: images.get("spark"), secret: args.sparkSecret, sizes };
  const sparkWorkers = new SparkWorkers(named("spark-worker"), {
    ...spark,
    pipeline: name,
    count: args.sparkWorkers,
    isShared: args.isOneOfSeveral,
  });
  const lake =
    name === undefined
      ? servers.lake
      : new PipelineLake(named("lake"), { lake: servers.lake, stack: platform.stack, pipeline: name })
          .endpoint;
  const sparkClient = new SparkClient(named("spark-client"), {
    ...spark,
    pipeline: name,
    kafka,
    lake,
    workers: args.sparkWorkers,
  });
  const job = new StreamingJob(named("streaming-job"), {
    ...settings,
    pipeline: name,
    client: sparkClient,
    cluster: [sparkMaster, sparkWorkers],
    kafka,
    lake,
    topics,
  });
  return { ...declared, tables, captured, topics, connector, lake, sparkWorkers, sparkClient, job };
}
