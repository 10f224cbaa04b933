/** The platform, in the order the data flows. Configuration is declared in Pulumi.yaml. */
import { capturedTables as tablesOf } from "./components/captured-tables";
import { readConnectorFile } from "./components/connector-file";
import { Console } from "./components/console";
import { DebeziumConnector } from "./components/debezium-connector";
import { requireOneDaemon } from "./components/docker-daemon";
import {
  existingKafka,
  existingKafkaConnect,
  existingPostgresql,
  type ObjectStoreConfig,
} from "./components/existing-servers";
import { Images } from "./components/image";
import { Kafka } from "./components/kafka";
import { KafkaConnect } from "./components/kafka-connect";
import { LakeBucket } from "./components/lake-bucket";
import { LakeFolder } from "./components/lake-folder";
import { Minio } from "./components/minio";
import { Network } from "./components/network";
import { Platform } from "./components/platform";
import { Postgresql } from "./components/postgresql";
import { Proof } from "./components/proof";
import { rowSizes } from "./components/row-sizes";
import { SourceTables, sourceSchema } from "./components/source-tables";
import { clusterSecret } from "./components/spark-authentication";
import { SparkClient } from "./components/spark-client";
import { SparkMaster, SparkWorkers } from "./components/spark-cluster";
import { sparkDefaults } from "./components/spark-settings";
import { StreamingJob } from "./components/streaming-job";
import { Supervisor } from "./components/supervisor";
import { Topics, topicsOfConnector } from "./components/topics";
import { extraCertificates } from "./components/trusted-certificates";
import { OWN_WORKER_TOPICS, SharedWorkerTopics } from "./components/worker-topics";
import { Zookeeper } from "./components/zookeeper";
import { readConfig } from "./config";
import { programOutputs } from "./program-outputs";

requireOneDaemon();
const config = readConfig();
const connectorFile = readConnectorFile(
  config.connectorConfig,
  config.connectorOverrides,
  config.kafkaConnect === undefined,
);
const certificates = extraCertificates(config.caCertificates);

const sizes = rowSizes(config.maxRowSize);

const platform = new Platform(config);
const images = new Images("images", {
  overrides: config.images,
  kafkaMetadata: config.kafkaMetadata,
  certificates,
});
const network = new Network("network", { platform }).networkName;

// Compiling MinIO is the longest step of a first start, so its image is declared first.
const minio = config.objectStore
  ? undefined
  : new Minio("minio", {
      platform,
      network,
      image: images.get("minio"),
      rootUser: config.minioRootUser,
      rootPassword: config.minioRootPassword,
    });
const lake = (
  minio
    ? new LakeBucket("lake", { minio, bucket: config.bucket, secretKey: config.lakeSecretKey })
    : new LakeFolder("lake", {
        store: config.objectStore as ObjectStoreConfig,
        bucket: config.bucket,
        stack: platform.stack,
        secretKey: config.lakeSecretKey,
      })
).endpoint;

// PostgreSQL →
const postgresql = config.postgresql
  ? existingPostgresql(config.postgresql, config.postgresPassword)
  : new Postgresql("postgresql", {
      platform,
      network,
      image: images.get("postgresql"),
      password: config.postgresPassword,
      maxSlotWalKeepSize: config.maxSlotWalKeepSize,
      sizes,
    }).endpoint;
const tables = new SourceTables("source-tables", {
  postgresql,
  client: () => ({ platform, network, image: images.get("postgresql") }),
  schema: sourceSchema(config.sourceSchema, config.postgresql !== undefined),
  tables: [...connectorFile.selection.named],
});
const captured = tablesOf({ file: connectorFile, postgresql, tables });

// → Debezium on Kafka Connect → Kafka →
const zookeeper =
  config.kafka || config.kafkaMetadata !== "zookeeper"
    ? undefined
    : new Zookeeper("zookeeper", { platform, network, image: images.get("zookeeper") });
const kafka = config.kafka
  ? existingKafka(config.kafka)
  : new Kafka("kafka", { platform, network, image: images.get("kafka"), zookeeper, sizes }).endpoint;
const topics = new Topics("topics", {
  kafka,
  captured: captured.names,
  names: captured.topics,
  config: config.topicConfig,
  ofConnector: topicsOfConnector(connectorFile.config),
  tables,
});
const kafkaConnect = config.kafkaConnect
  ? existingKafkaConnect(config.kafkaConnect)
  : new KafkaConnect("kafka-connect", {
      platform,
      network,
      image: images.get("kafka-connect"),
      kafka,
      topics: config.kafka
        ? new SharedWorkerTopics("worker-topics", { kafka, stack: platform.stack })
        : OWN_WORKER_TOPICS,
      database: postgresql,
      sizes,
      rowsTooLarge: config.rowsTooLarge,
    }).endpoint;
const connector = new DebeziumConnector("debezium", {
  kafkaConnect,
  postgresql,
  file: connectorFile,
  captured: captured.names,
  kafka,
  tables,
  topics,
  desiredState: config.connectorState,
  offsets: config.connectorOffsets,
  gaps: config.gaps,
  tableKeys: config.tableKeys,
});

// In a Kafka Connect of others, connectors are not ours to restart.
if (config.supervisor && !config.kafkaConnect) {
  new Supervisor("supervisor", {
    platform,
    network,
    image: images.get("supervisor"),
    kafkaConnect,
    backoffUnit: config.supervisorBackoffUnit,
  });
}

// → Spark Structured Streaming → Delta tables in MinIO
const sparkImage = images.get("spark");
const sparkSecret = clusterSecret(platform.stack, config.lakeSecretKey);
const sparkMaster = new SparkMaster("spark-master", {
  platform,
  network,
  image: sparkImage,
  secret: sparkSecret,
});
const sparkWorkers = new SparkWorkers("spark-worker", {
  platform,
  network,
  image: sparkImage,
  count: config.sparkWorkers,
  sizes,
  secret: sparkSecret,
});
const sparkClient = new SparkClient("spark-client", {
  platform,
  network,
  image: sparkImage,
  defaults: sparkDefaults(lake, config.sparkWorkers, sizes, sparkSecret),
  sizes,
});
const job = new StreamingJob("streaming-job", {
  client: sparkClient,
  cluster: [sparkMaster, sparkWorkers],
  kafka,
  lake,
  topics,
  triggerInterval: config.triggerInterval,
  flattenedTables: config.flattenedTables,
  deletedRows: config.deletedRows,
  onSchemaChange: config.onSchemaChange,
  valuesOutOfRange: config.valuesOutOfRange,
  lakeRetention: config.lakeRetention,
  tableKeys: config.tableKeys,
});

const proof = config.continuousProof
  ? new Proof("proof", {
      platform,
      network,
      image: images.get("proof"),
      postgresql,
      kafka,
      kafkaConnect,
      lake,
      connectorName: connector.connectorName,
      capturedTables: captured.names,
      topicNames: topics.names,
      streamingJobCheckpoint: job.checkpoint,
    })
  : undefined;

const console = config.console
  ? new Console("console", {
      platform,
      network,
      image: images.get("console"),
      postgresql,
      kafka,
      kafkaConnect,
      lake,
      beside: {
        minio: minio !== undefined,
        zookeeper: zookeeper !== undefined,
        supervisor: config.supervisor && !config.kafkaConnect,
        proof: proof !== undefined,
        sparkWorkers: config.sparkWorkers,
      },
      connector: {
        connectorName: connector.connectorName,
        desiredState: config.connectorState,
        source: connector.source,
        lists: connectorFile.selection.isOpen ? connectorFile.lists : undefined,
      },
      capturedTables: captured.names,
      topicNames: topics.names,
      job,
      slotLagAlarm: config.slotLagAlarm,
    })
  : undefined;

// `pulumi stack output` and `npm run outputs` show them; outputs.ts says what each is.
Object.assign(
  module.exports,
  programOutputs({
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
  }),
);
