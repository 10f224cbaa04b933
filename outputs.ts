/** What a stack puts out: written by the program (program-outputs.ts), read by whoever works with a stack that is up. */
import { z } from "zod";
import { kafkaSecurityShape } from "./providers/kafka/access";
import type { TableLists } from "./providers/kafka-connect/debezium/lists/table-selection";
import type { SourceIdentity } from "./providers/kafka-connect/gaps/source-identity";

/** As its provider wrote it down. */
const written = <T>() => z.custom<T>((value) => typeof value === "object" && value !== null);

/** What each pipeline has: the stack's own beside the other outputs, another one in `pipelines`. */
const pipelineOutputs = {
  sparkDriverUiUrl: z.string(),
  /** Where the lake lies in the bucket: `s3a://bucket[/folder]`. */
  lakeRoot: z.string(),
  connectorName: z.string(),
  /** In Kafka Connect's words: `RUNNING`, `PAUSED` or `STOPPED`. */
  connectorState: z.string(),
  /** Missing when it was not asked for, or may not be known. */
  capturedSource: written<SourceIdentity>().optional(),
  replicationSlot: z.string(),
  /** As `schema.table`. */
  capturedTables: z.array(z.string()),
  /** Missing when the connector's configuration names each table. */
  tableLists: written<TableLists>().optional(),
  /** One for each captured table, in their order. */
  topicNames: z.array(z.string()),
  /** Their current state in the lake, in their order: `s3a://…`. */
  lakeTables: z.array(z.string()),
  streamingJobName: z.string(),
  streamingJobCheckpoint: z.string(),
  streamingJobState: z.string(),
  sparkClientContainer: z.string(),
};

/** What is never the same for two pipelines. */
export const PIPELINE_OUTPUTS: readonly string[] = Object.keys(pipelineOutputs);

export type PipelineOutputs = z.infer<z.ZodObject<typeof pipelineOutputs>>;

export const stackOutputs = z.object({
  ...pipelineOutputs,
  /** `host:port`, as all addresses without a scheme: as this machine reaches it, unless it says otherwise. */
  postgresqlAddress: z.string(),
  /** With user and password. */
  postgresqlUrl: z.string(),
  /** Missing with KRaft. */
  zookeeperAddress: z.string().optional(),
  kafkaBootstrapServers: z.string(),
  /** What its brokers ask for beside; missing where they ask for nothing. */
  kafkaSecurity: kafkaSecurityShape.optional(),
  /** As the platform's containers reach it. */
  kafkaBootstrapServersInside: z.string(),
  kafkaConnectUrl: z.string(),
  /** S3 endpoint of the lake's object store. */
  minioUrl: z.string(),
  /** As that of MinIO's administrator: missing where the store is not the stack's own. */
  minioConsoleUrl: z.string().optional(),
  sparkMasterUrl: z.string(),
  sparkMasterUiUrl: z.string(),
  sparkWorkerUiUrls: z.array(z.string()),
  /** Of the continuous proof's metrics; missing without it. */
  proofUrl: z.string().optional(),
  /** Of the page that shows the stack, and what it asks for; missing without it. */
  consoleUrl: z.string().optional(),
  consoleToken: z.string().optional(),
  bucket: z.string(),
  objectStore: z.object({ region: z.string(), pathStyle: z.boolean() }),
  /** A size such as `1GB`. */
  slotLagAlarm: z.string(),
  /** Of every service. */
  containerNames: z.array(z.string()),
  postgresqlPassword: z.string(),
  minioRootUser: z.string().optional(),
  minioRootPassword: z.string().optional(),
  lakeAccessKey: z.string(),
  lakeSecretKey: z.string(),
  sparkAuthenticationSecret: z.string(),
  /** Those beside the stack's own, by name; missing when there are none. */
  pipelines: z.record(z.string(), z.object(pipelineOutputs)).optional(),
});

export type StackOutputs = z.infer<typeof stackOutputs>;
export type OutputName = keyof StackOutputs;
