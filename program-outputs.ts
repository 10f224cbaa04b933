/** The outputs of the program, from what it declared. */
import type * as pulumi from "@pulumi/pulumi";
import type { CapturedTables } from "./components/captured-tables";
import type { ConnectorFile } from "./components/connector-file";
import type { Console } from "./components/console";
import { urlAt } from "./components/database-access";
import type { DebeziumConnector } from "./components/debezium-connector";
import {
  addressText,
  type KafkaConnectEndpoint,
  type KafkaEndpoint,
  type LakeEndpoint,
  type PostgresqlEndpoint,
} from "./components/endpoints";
import type { Minio } from "./components/minio";
import type { Platform } from "./components/platform";
import type { Proof } from "./components/proof";
import type { SparkClient } from "./components/spark-client";
import type { SparkMaster, SparkWorkers } from "./components/spark-cluster";
import type { StreamingJob } from "./components/streaming-job";
import type { Topics } from "./components/topics";
import type { Zookeeper } from "./components/zookeeper";
import type { PlatformConfig } from "./config";
import type { StackOutputs } from "./outputs";

interface Declared {
  platform: Platform;
  config: Pick<PlatformConfig, "slotLagAlarm" | "minioRootUser" | "minioRootPassword">;
  connectorFile: ConnectorFile;
  captured: CapturedTables;
  postgresql: PostgresqlEndpoint;
  zookeeper: Zookeeper | undefined;
  kafka: KafkaEndpoint;
  topics: Topics;
  kafkaConnect: KafkaConnectEndpoint;
  connector: DebeziumConnector;
  minio: Minio | undefined;
  lake: LakeEndpoint;
  sparkMaster: SparkMaster;
  sparkWorkers: SparkWorkers;
  sparkClient: SparkClient;
  sparkSecret: pulumi.Output<string>;
  job: StreamingJob;
  proof: Proof | undefined;
  console: Console | undefined;
}

/** Of those that the stack does not have there is no key: Pulumi warns of an output that is undefined. */
export function programOutputs({
  platform,
  config,
  connectorFile,
  captured,
  postgresql,
  zookeeper,
  kafka,
  topics,
  kafkaConnect,
  connector,
  minio,
  lake,
  sparkMaster,
  sparkWorkers,
  sparkClient,
  sparkSecret,
  job,
  proof,
  console,
}: Declared): { [Name in keyof StackOutputs]: pulumi.Input<StackOutputs[Name]> } {
  return {
    postgresqlAddress: addressText(postgresql.outside),
    postgresqlUrl: urlAt(postgresql, postgresql.outside, postgresql.tls?.ca?.file),
    ...(zookeeper ? { zookeeperAddress: zookeeper.hostAddress } : {}),
    kafkaBootstrapServers: kafka.outside,
    kafkaBootstrapServersInside: kafka.inside,
    kafkaConnectUrl: kafkaConnect.url,
    minioUrl: lake.outside,
    ...(minio ? { minioConsoleUrl: minio.consoleUrl } : {}),
    sparkMasterUrl: sparkMaster.hostUrl,
    sparkMasterUiUrl: sparkMaster.uiUrl,
    sparkWorkerUiUrls: sparkWorkers.uiUrls,
    sparkDriverUiUrl: sparkClient.driverUiUrl,
    ...(proof ? { proofUrl: proof.url } : {}),
    ...(console ? { consoleUrl: console.url, consoleToken: console.token } : {}),
    bucket: lake.bucket,
    lakeRoot: lake.lakeUrl,
    objectStore: { region: lake.region, pathStyle: lake.pathStyle },
    connectorName: connector.connectorName,
    connectorState: connector.state,
    capturedSource: connector.source,
    replicationSlot: connectorFile.config["slot.name"] ?? "debezium",
    slotLagAlarm: config.slotLagAlarm,
    capturedTables: captured.names,
    ...(connectorFile.selection.isOpen ? { tableLists: connectorFile.lists } : {}),
    topicNames: topics.names,
    lakeTables: captured.lakePaths.apply((paths) => paths.map((path) => `${lake.lakeUrl}/${path}`)),
    streamingJobName: job.applicationName,
    streamingJobCheckpoint: job.checkpoint,
    streamingJobState: job.state,
    sparkClientContainer: sparkClient.container.name,
    containerNames: platform.containerNames,
    postgresqlPassword: postgresql.password,
    ...(minio ? { minioRootUser: config.minioRootUser, minioRootPassword: config.minioRootPassword } : {}),
    lakeAccessKey: lake.accessKey,
    lakeSecretKey: lake.secretKey,
    sparkAuthenticationSecret: sparkSecret,
  };
}
