/** The platform, in the order the data flows. Configuration is declared in Pulumi.yaml. */
import { capturedTables as tablesOf } from "./components/captured-tables";
import { readConnectorFile } from "./components/connector-file";
import { DebeziumConnector } from "./components/debezium-connector";
import { requireOneDaemon } from "./components/docker-daemon";
import { Images } from "./components/image";
import { Kafka } from "./components/kafka";
import { KafkaConnect } from "./components/kafka-connect";
import { LakeBucket } from "./components/lake-bucket";
import { Minio } from "./components/minio";
import { Network } from "./components/network";
import { Platform } from "./components/platform";
import { Postgresql } from "./components/postgresql";
import { rowSizes } from "./components/row-sizes";
import { readSourceSchema, SourceTables } from "./components/source-tables";
import { clusterSecret } from "./components/spark-authentication";
import { SparkClient } from "./components/spark-client";
import { SparkMaster, SparkWorkers } from "./components/spark-cluster";
import { sparkDefaults } from "./components/spark-settings";
import { StreamingJob } from "./components/streaming-job";
import { Supervisor } from "./components/supervisor";
import { Topics } from "./components/topics";
import { extraCertificates } from "./components/trusted-certificates";
import { Zookeeper } from "./components/zookeeper";
import { readConfig } from "./config";
import { programOutputs } from "./program-outputs";

requireOneDaemon();
const config = readConfig();
const connectorFile = readConnectorFile(config.connectorConfig, config.connectorOverrides);
const certificates = extraCertificates(config.caCertificates);
const schema = readSourceSchema(config.sourceSchema);

const sizes = rowSizes(config.maxRowSize);

const platform = new Platform(config);
const images = new Images("images", {
  overrides: config.images,
  kafkaMetadata: config.kafkaMetadata,
  certificates,
});
const network = new Network("network", { platform }).networkName;

// Compiling MinIO is the longest step of a first start, so its image is declared first.
const minio = new Minio("minio", {
  platform,
  network,
  image: images.get("minio"),
  rootUser: config.minioRootUser,
  rootPassword: config.minioRootPassword,
});
const lake = new LakeBucket("lake", { minio, bucket: config.bucket, secretKey: config.lakeSecretKey });

// PostgreSQL →
const postgresql = new Postgresql("postgresql", {
  platform,
  network,
  image: images.get("postgresql"),
  password: config.postgresPassword,
  maxSlotWalKeepSize: config.maxSlotWalKeepSize,
  sizes,
});
const tables = new SourceTables("source-tables", {
  postgresql,
  schema,
  tables: [...connectorFile.selection.named],
});
const captured = tablesOf({ file: connectorFile, postgresql, tables });

// → Debezium on Kafka Connect → Kafka →
const zookeeper =
  config.kafkaMetadata === "zookeeper"
    ? new Zookeeper("zookeeper", { platform, network, image: images.get("zookeeper") })
    : undefined;
const kafka = new Kafka("kafka", { platform, network, image: images.get("kafka"), zookeeper, sizes });
const topics = new Topics("topics", {
  kafka,
  captured: captured.names,
  names: captured.topics,
  config: config.topicConfig,
  tables,
});
const kafkaConnect = new KafkaConnect("kafka-connect", {
  platform,
  network,
  image: images.get("kafka-connect"),
  kafka,
  databasePassword: config.postgresPassword,
  sizes,
  rowsTooLarge: config.rowsTooLarge,
});
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

const supervisor = config.supervisor
  ? new Supervisor("supervisor", {
      platform,
      network,
      image: images.get("supervisor"),
      kafkaConnect,
      backoffUnit: config.supervisorBackoffUnit,
    })
  : undefined;

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
  defaults: sparkDefaults(minio, lake, config.sparkWorkers, sizes, sparkSecret),
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

// `pulumi stack output` and `npm run outputs` show them; outputs.ts says what each is.
Object.assign(
  module.exports,
  programOutputs({
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
  }),
);
