/** The outputs of the program, from what it declared. */
import * as pulumi from "@pulumi/pulumi";
import type { Console } from "./components/console";
import { urlAt } from "./components/database-access";
import { addressText } from "./components/endpoints";
import type { Pipeline } from "./components/pipeline";
import type { Platform } from "./components/platform";
import type { Proof } from "./components/proof";
import type { Servers } from "./components/servers";
import type { SparkMaster } from "./components/spark-cluster";
import type { PlatformConfig } from "./config";
import type { PipelineOutputs, StackOutputs } from "./outputs";

interface Declared {
  platform: Platform;
  config: Pick<PlatformConfig, "slotLagAlarm" | "minioRootUser" | "minioRootPassword">;
  servers: Servers;
  own: Pipeline;
  further: readonly Pipeline[];
  sparkMaster: SparkMaster;
  sparkSecret: pulumi.Output<string>;
  proof: Proof | undefined;
  console: Console | undefined;
}

type Known<T> = { [Name in keyof T]: pulumi.Input<T[Name]> };

/** Of those that the stack does not have there is no key: Pulumi warns of an output that is undefined. */
export function programOutputs({
  platform,
  config,
  servers,
  own,
  further,
  sparkMaster,
  sparkSecret,
  proof,
  console,
}: Declared): Known<StackOutputs> {
  const { postgresql, kafka, kafkaConnect, lake, minio, zookeeper } = servers;
  const others = further.map((pipeline) => [pipeline.name, outputsOf(pipeline)] as const);
  return {
    postgresqlAddress: addressText(postgresql.outside),
    postgresqlUrl: urlAt(postgresql, postgresql.outside, postgresql.tls?.ca?.file),
    ...(zookeeper ? { zookeeperAddress: zookeeper.hostAddress } : {}),
    kafkaBootstrapServers: kafka.outside,
    kafkaBootstrapServersInside: kafka.inside,
    ...(kafka.security ? { kafkaSecurity: pulumi.output(kafka.security) } : {}),
    kafkaConnectUrl: kafkaConnect.url,
    minioUrl: lake.outside,
    ...(minio ? { minioConsoleUrl: minio.consoleUrl } : {}),
    sparkMasterUrl: sparkMaster.hostUrl,
    sparkMasterUiUrl: sparkMaster.uiUrl,
    sparkWorkerUiUrls: own.sparkWorkers.uiUrls,
    ...(proof ? { proofUrl: proof.url } : {}),
    ...(console ? { consoleUrl: console.url, consoleToken: console.token } : {}),
    bucket: lake.bucket,
    objectStore: { region: lake.region, pathStyle: lake.pathStyle },
    slotLagAlarm: config.slotLagAlarm,
    ...outputsOf(own),
    ...(others.length > 0 ? { pipelines: pulumi.output(Object.fromEntries(others)) } : {}),
    containerNames: platform.containerNames,
    postgresqlPassword: postgresql.password,
    ...(minio ? { minioRootUser: config.minioRootUser, minioRootPassword: config.minioRootPassword } : {}),
    lakeAccessKey: lake.accessKey,
    lakeSecretKey: lake.secretKey,
    sparkAuthenticationSecret: sparkSecret,
  };
}

function outputsOf({
  file,
  captured,
  topics,
  connector,
  lake,
  sparkClient,
  job,
}: Pipeline): Known<PipelineOutputs> {
  return {
    sparkDriverUiUrl: sparkClient.driverUiUrl,
    lakeRoot: lake.lakeUrl,
    connectorName: connector.connectorName,
    connectorState: connector.state,
    capturedSource: connector.source,
    replicationSlot: file.config["slot.name"] ?? "debezium",
    capturedTables: captured.names,
    ...(file.selection.isOpen ? { tableLists: file.lists } : {}),
    topicNames: topics.names,
    lakeTables: captured.lakePaths.apply((paths) => paths.map((path) => `${lake.lakeUrl}/${path}`)),
    streamingJobName: job.applicationName,
    streamingJobCheckpoint: job.checkpoint,
    streamingJobState: job.state,
    sparkClientContainer: sparkClient.container.name,
  };
}
