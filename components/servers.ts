/** The servers between which data flows: the stack's own, or those that its configuration names. */
import type * as pulumi from "@pulumi/pulumi";
import type { KafkaConnectEndpoint, KafkaEndpoint, LakeEndpoint, PostgresqlEndpoint } from "./endpoints";
import {
  existingKafka,
  existingKafkaConnect,
  existingPostgresql,
  type KafkaConfig,
  type KafkaConnectConfig,
  type ObjectStoreConfig,
  type PostgresqlConfig,
} from "./existing-servers";
import type { Images } from "./image";
import { Kafka } from "./kafka";
import { KafkaConnect, type KafkaConnectArgs } from "./kafka-connect";
import type { KafkaMetadata } from "./kafka-metadata";
import { LakeBucket } from "./lake-bucket";
import { LakeFolder } from "./lake-folder";
import { Minio } from "./minio";
import type { Platform } from "./platform";
import { Postgresql } from "./postgresql";
import type { RowSizes } from "./row-sizes";
import { OWN_WORKER_TOPICS, SharedWorkerTopics } from "./worker-topics";
import { Zookeeper } from "./zookeeper";

export interface ServersArgs {
  platform: Platform;
  network: pulumi.Input<string>;
  images: Images;
  sizes: RowSizes;
  config: ServersConfig;
}

/** Of each server: undefined is the stack's own. */
export interface ServersConfig {
  postgresql: PostgresqlConfig | undefined;
  kafka: KafkaConfig | undefined;
  kafkaConnect: KafkaConnectConfig | undefined;
  objectStore: ObjectStoreConfig | undefined;
  kafkaMetadata: KafkaMetadata;
  bucket: string;
  maxSlotWalKeepSize: string;
  rowsTooLarge: KafkaConnectArgs["rowsTooLarge"];
  minioRootUser: string;
  minioRootPassword: pulumi.Output<string>;
  postgresPassword: pulumi.Output<string>;
  /** Of whoever signs in to a Kafka that is there already. */
  kafkaPassword: pulumi.Output<string>;
  lakeSecretKey: pulumi.Output<string>;
}

export interface Servers {
  postgresql: PostgresqlEndpoint;
  kafka: KafkaEndpoint;
  kafkaConnect: KafkaConnectEndpoint;
  lake: LakeEndpoint;
  minio: Minio | undefined;
  zookeeper: Zookeeper | undefined;
}

export function declareServers({ platform, network, images, sizes, config }: ServersArgs): Servers {
  const service = { platform, network };
  // Compiling MinIO is the longest step of a first start, so its image is declared first.
  const minio = config.objectStore
    ? undefined
    : new Minio("minio", {
        ...service,
        image: images.get("minio"),
        rootUser: config.minioRootUser,
        rootPassword: config.minioRootPassword,
      });
  const place = { bucket: config.bucket, secretKey: config.lakeSecretKey };
  const lake = minio
    ? new LakeBucket("lake", { minio, ...place })
    : new LakeFolder("lake", {
        ...place,
        store: config.objectStore as ObjectStoreConfig,
        stack: platform.stack,
      });
  const postgresql = config.postgresql
    ? existingPostgresql(config.postgresql, config.postgresPassword)
    : new Postgresql("postgresql", {
        ...service,
        image: images.get("postgresql"),
        password: config.postgresPassword,
        maxSlotWalKeepSize: config.maxSlotWalKeepSize,
        sizes,
      }).endpoint;
  const zookeeper =
    config.kafka || config.kafkaMetadata !== "zookeeper"
      ? undefined
      : new Zookeeper("zookeeper", { ...service, image: images.get("zookeeper") });
  const kafka = config.kafka
    ? existingKafka(config.kafka, config.kafkaPassword)
    : new Kafka("kafka", { ...service, image: images.get("kafka"), zookeeper, sizes }).endpoint;
  const kafkaConnect = config.kafkaConnect
    ? existingKafkaConnect(config.kafkaConnect)
    : new KafkaConnect("kafka-connect", {
        ...service,
        image: images.get("kafka-connect"),
        kafka,
        topics: config.kafka
          ? new SharedWorkerTopics("worker-topics", { kafka, stack: platform.stack })
          : OWN_WORKER_TOPICS,
        database: postgresql,
        sizes,
        rowsTooLarge: config.rowsTooLarge,
      }).endpoint;
  return { postgresql, kafka, kafkaConnect, lake: lake.endpoint, minio, zookeeper };
}
