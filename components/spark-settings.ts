/** spark-defaults.conf, the same for every Spark service, so that a spark-submit by hand behaves as the job does. */
import * as pulumi from "@pulumi/pulumi";
import type { LakeBucket } from "./lake-bucket";
import type { Minio } from "./minio";
import { PORTS } from "./platform";

/** URL of the standalone cluster inside the network. */
export const MASTER_URL = `spark://spark-master:${PORTS.sparkMaster}`;

/** What Spark needs in order to write Delta tables into the bucket, with the bucket's own user. */
export function sparkDefaults(minio: Minio, lake: LakeBucket): pulumi.Output<string> {
  return pulumi.secret(
    pulumi.all([lake.accessKey, lake.secretKey]).apply(([accessKey, secretKey]) =>
      render({
        "spark.master": MASTER_URL,
        "spark.driver.host": "spark-client",
        "spark.driver.bindAddress": "0.0.0.0",
        "spark.driver.memory": "768m",
        "spark.executor.memory": "768m",
        "spark.ui.port": PORTS.sparkDriverUi,
        "spark.ui.showConsoleProgress": false,
        "spark.sql.extensions": "io.delta.sql.DeltaSparkSessionExtension",
        "spark.sql.catalog.spark_catalog": "org.apache.spark.sql.delta.catalog.DeltaCatalog",
        // Small tables, small micro-batches: one task beats many.
        "spark.sql.shuffle.partitions": 1,
        "spark.databricks.delta.snapshotPartitions": 1,
        "spark.hadoop.fs.s3a.endpoint": minio.endpoint,
        "spark.hadoop.fs.s3a.endpoint.region": "us-east-1",
        "spark.hadoop.fs.s3a.path.style.access": true,
        "spark.hadoop.fs.s3a.connection.ssl.enabled": false,
        "spark.hadoop.fs.s3a.access.key": accessKey,
        "spark.hadoop.fs.s3a.secret.key": secretKey,
      }),
    ),
  );
}

function render(settings: Record<string, string | number | boolean>): string {
  return `${Object.entries(settings)
    .map(([key, value]) => `${key} ${value}`)
    .join("\n")}\n`;
}
