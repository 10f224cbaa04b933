/** spark-defaults.conf: of the client, so that a spark-submit by hand behaves as the job does, and of the cluster. */
import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { LakeEndpoint } from "./endpoints";
import { PORTS } from "./platform";
import { properties } from "./properties";
import type { RowSizes } from "./row-sizes";
import { authentication } from "./spark-authentication";

export const DEFAULTS_FILE = "/opt/spark/conf/spark-defaults.conf";

/** URL of the standalone cluster inside the network. */
export const MASTER_URL = `spark://spark-master:${PORTS.sparkMaster}`;

export const CORES_OF_A_WORKER = 2;

/** What brings a change into the lake within seconds on two cores; a warm one-row micro-batch takes about one. */
const FOR_SMALL_MICRO_BATCHES = {
  // One task beats many, in the query and in reading Delta's log.
  "spark.sql.shuffle.partitions": 1,
  "spark.databricks.delta.snapshotPartitions": 1,
  "spark.sql.adaptive.enabled": false,
  // The parallel collector costs more CPU and memory than such batches give back, and in the driver the second compiler too.
  "spark.driver.extraJavaOptions":
    "-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:NewSize=64m -XX:MaxNewSize=64m",
  "spark.executor.extraJavaOptions": "-XX:+UseSerialGC -XX:NewSize=96m -XX:MaxNewSize=96m",
  // What the driver gets of a micro-batch is a tenth as large, which saves more than compressing costs: nearly all of it
  // would be garbage in both JVMs.
  "spark.sql.execution.arrow.compression.codec": "zstd",
  "spark.sql.execution.arrow.compression.zstd.level": 1,
  // A checkpoint file in S3 is written in one PUT; the default writes under another name and copies.
  "spark.sql.streaming.checkpointFileManagerClass":
    "org.apache.spark.internal.io.cloud.AbortableStreamBasedCheckpointFileManager",
  "spark.hadoop.fs.s3a.performance.flags": "create,delete,mkdir",
  "spark.hadoop.fs.s3a.create.performance": true,
  // Writing a Delta checkpoint holds up its micro-batch for seconds; the default is every 10 commits.
  "spark.databricks.delta.properties.defaults.checkpointInterval": 100,
};

export interface SparkDefaultsArgs {
  lake: LakeEndpoint;
  /** As many workers' cores the drivers of the client may have at a time, each. */
  workers: number;
  sizes: RowSizes;
  secret: pulumi.Output<string>;
  /** Name of the client inside the network. */
  client: string;
}

/** What Spark needs in order to write Delta tables into the bucket, with the bucket's own user. */
export function sparkDefaults({
  lake,
  workers,
  sizes,
  secret,
  client,
}: SparkDefaultsArgs): pulumi.Output<string> {
  return pulumi.secret(
    pulumi.all([lake.accessKey, lake.secretKey, secret]).apply(([accessKey, secretKey, clusterSecret]) =>
      properties({
        ...authentication(clusterSecret),
        "spark.master": MASTER_URL,
        "spark.driver.host": client,
        "spark.driver.bindAddress": "0.0.0.0",
        "spark.cores.max": CORES_OF_A_WORKER * workers,
        "spark.driver.memory": `${sizes.sparkClient.heap}m`,
        "spark.executor.memory": `${sizes.sparkWorker.heap}m`,
        "spark.ui.port": PORTS.sparkDriverUi,
        "spark.ui.showConsoleProgress": false,
        "spark.sql.extensions": "io.delta.sql.DeltaSparkSessionExtension",
        "spark.sql.catalog.spark_catalog": "org.apache.spark.sql.delta.catalog.DeltaCatalog",
        ...FOR_SMALL_MICRO_BATCHES,
        "spark.hadoop.fs.s3a.endpoint": lake.inside,
        "spark.hadoop.fs.s3a.endpoint.region": lake.region,
        "spark.hadoop.fs.s3a.path.style.access": lake.pathStyle,
        "spark.hadoop.fs.s3a.connection.ssl.enabled": lake.inside.startsWith("https:"),
        "spark.hadoop.fs.s3a.access.key": accessKey,
        "spark.hadoop.fs.s3a.secret.key": secretKey,
      }),
    ),
  );
}

/** The file of a master or worker, which know nothing of the lake. */
export function clusterDefaults(secret: pulumi.Output<string>): docker.types.input.ContainerUpload {
  return { file: DEFAULTS_FILE, content: secret.apply((known) => properties(authentication(known))) };
}
