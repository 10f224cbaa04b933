/** Pure: the Iceberg sink's settings. Source: Iceberg's documentation, "Kafka Connect", "JDBC catalog", "S3FileIO". */

export interface SinkArgs {
  topic: string;
  /** `namespace.table` of Iceberg. */
  table: string;
  controlTopic: string;
  commitIntervalMs: number;
  /** PostgreSQL database of the catalog. */
  catalogDatabase: string;
  databasePassword: string;
  bucket: string;
  accessKey: string;
  secretKey: string;
  /** How the topic's keys and values were written: `key.converter`, `value.converter` and their settings. */
  converters: Record<string, string>;
}

export function sinkConfig(args: SinkArgs): Record<string, string> {
  return {
    "connector.class": "org.apache.iceberg.connect.IcebergSinkConnector",
    // One partition, so one task.
    "tasks.max": "1",
    topics: args.topic,
    ...args.converters,
    "consumer.override.isolation.level": "read_committed",

    // Each change is a row: the row after it (before it, for a delete), and _cdc with operation, time, offset.
    transforms: "tombstones,debezium",
    "transforms.tombstones.type": "org.apache.kafka.connect.transforms.Filter",
    "transforms.tombstones.predicate": "isTombstone",
    "transforms.debezium.type": "org.apache.iceberg.connect.transforms.DebeziumTransform",
    predicates: "isTombstone",
    "predicates.isTombstone.type": "org.apache.kafka.connect.transforms.predicates.RecordIsTombstone",

    "iceberg.tables": args.table,
    "iceberg.tables.auto-create-enabled": "true",
    "iceberg.control.topic": args.controlTopic,
    "iceberg.control.commit.interval-ms": String(args.commitIntervalMs),

    "iceberg.catalog.type": "jdbc",
    "iceberg.catalog.uri": `jdbc:postgresql://postgresql:5432/${args.catalogDatabase}`,
    "iceberg.catalog.jdbc.user": "postgres",
    "iceberg.catalog.jdbc.password": args.databasePassword,
    "iceberg.catalog.jdbc.schema-version": "V1",
    "iceberg.catalog.warehouse": `s3://${args.bucket}/warehouse`,
    "iceberg.catalog.io-impl": "org.apache.iceberg.aws.s3.S3FileIO",
    // Only S3: the usual factory also wants the classes of Glue, KMS and DynamoDB.
    "iceberg.catalog.s3.client-factory-impl": "org.apache.iceberg.aws.s3.DefaultS3FileIOAwsClientFactory",
    "iceberg.catalog.s3.endpoint": "http://minio:9000",
    "iceberg.catalog.s3.path-style-access": "true",
    "iceberg.catalog.s3.access-key-id": args.accessKey,
    "iceberg.catalog.s3.secret-access-key": args.secretKey,
    "iceberg.catalog.client.region": "us-east-1",
  };
}
