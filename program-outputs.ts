/** The outputs of the program, from what it declared. */
import * as pulumi from "@pulumi/pulumi";
import type { CapturedTables } from "./components/captured-tables";
import type { ConnectorFile } from "./components/connector-file";
import type { DebeziumConnector } from "./components/debezium-connector";
import type { Kafka } from "./components/kafka";
import type { KafkaConnect } from "./components/kafka-connect";
import type { LakeBucket } from "./components/lake-bucket";
import type { Minio } from "./components/minio";
import type { Postgresql } from "./components/postgresql";
import type { SparkClient } from "./components/spark-client";
import type { SparkMaster, SparkWorkers } from "./components/spark-cluster";
import type { StreamingJob } from "./components/streaming-job";
import type { Supervisor } from "./components/supervisor";
import type { Topics } from "./components/topics";
import type { Zookeeper } from "./components/zookeeper";
import type { PlatformConfig } from "./config";
import type { StackOutputs } from "./outputs";

interface Declared {
  config: Pick<PlatformConfig, "slotLagAlarm" | "minioRootUser" | "minioRootPassword">;
  connectorFile: ConnectorFile;
  captured: CapturedTables;
  postgresql: Postgresql;
  zookeeper: Zookeeper | undefined;
  kafka: Kafka;
  topics: Topics;
  kafkaConnect: KafkaConnect;
  connector: DebeziumConnector;
  supervisor: Supervisor | undefined;
  minio: Minio;
  lake: LakeBucket;
  sparkMaster: SparkMaster;
  sparkWorkers: SparkWorkers;
  sparkClient: SparkClient;
  sparkSecret: pulumi.Output<string>;
  job: StreamingJob;
}

/** Of those that the stack does not have there is no key: Pulumi warns of an output that is undefined. */
export function programOutputs({
  config,
  connectorFile,
  captured,
  postgresql,
  zookeeper,
  kafka,
  topics,
  kafkaConnect,
  connector,
  supervisor,
  minio,
  lake,
  sparkMaster,
  sparkWorkers,
  sparkClient,
  sparkSecret,
  job,
}: Declared): { [Name in keyof StackOutputs]: pulumi.Input<StackOutputs[Name]> } {
  const services = [
    postgresql,
    ...(zookeeper ? [zookeeper] : []),
    kafka,
    kafkaConnect,
    ...(supervisor ? [supervisor] : []),
    minio,
    sparkMaster,
  ];
  const containers = [
    ...services.map(({ container }) => container),
    ...sparkWorkers.containers,
    sparkClient.container,
  ];
  return {
    postgresqlAddress: postgresql.hostAddress,
    postgresqlUrl: postgresql.url,
    ...(zookeeper ? { zookeeperAddress: zookeeper.hostAddress } : {}),
    kafkaBootstrapServers: kafka.hostBootstrapServers,
    kafkaBootstrapServersInside: kafka.bootstrapServers,
    kafkaConnectUrl: kafkaConnect.url,
    minioUrl: minio.url,
    minioConsoleUrl: minio.consoleUrl,
    sparkMasterUrl: sparkMaster.hostUrl,
    sparkMasterUiUrl: sparkMaster.uiUrl,
    sparkWorkerUiUrls: sparkWorkers.uiUrls,
    sparkDriverUiUrl: sparkClient.driverUiUrl,
    bucket: lake.bucket,
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
    containerNames: pulumi.output(containers.map(({ name }) => name)),
    postgresqlPassword: postgresql.password,
    minioRootUser: config.minioRootUser,
    minioRootPassword: config.minioRootPassword,
    lakeAccessKey: lake.accessKey,
    lakeSecretKey: lake.secretKey,
    sparkAuthenticationSecret: sparkSecret,
  };
}
