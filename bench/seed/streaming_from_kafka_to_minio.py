"""The streaming job of the seed's walkthrough (step 7): messages from Kafka, parsed as JSON, appended to a Delta table.

The walkthrough shows the table's schema, not the code. This is the shortest program that makes that schema: everything
that the walkthrough does not name has Spark's default. What had to differ so that it runs here:
- the topic, the table and the checkpoint are arguments, since the benchmark chooses them;
- `startingOffsets` is `latest`: the table has no rows when the job starts;
- MinIO's endpoint and keys come from the properties file given to spark-submit, not from the code;
- one line on standard output says that the query is active, since the benchmark has to know.
"""

import sys

from pyspark.sql import SparkSession
from pyspark.sql import functions as F
from pyspark.sql.types import StringType, StructField, StructType

COLUMNS = [
    "customerId",
    "customerFName",
    "customerLName",
    "customerEmail",
    "customerPassword",
    "customerStreet",
    "customerCity",
    "customerState",
    "customerZipcode",
]

topic, table, checkpoint = sys.argv[1:4]
spark = SparkSession.builder.appName("streaming from kafka to minio").getOrCreate()
spark.sparkContext.setLogLevel("ERROR")

row = StructType([StructField(name, StringType()) for name in COLUMNS])
payload = StructType(
    [
        StructField("before", row),
        StructField("after", row),
        StructField("ts_ms", StringType()),
        StructField("op", StringType()),
    ]
)
message = StructType([StructField("payload", payload)])

lines = (
    spark.readStream.format("kafka")
    .option("kafka.bootstrap.servers", "kafka:9092")
    .option("subscribe", topic)
    .option("startingOffsets", "latest")
    .load()
)
parsed = lines.select(F.from_json(F.col("value").cast("string"), message).alias("m")).where("m.payload is not null")
flattened = parsed.select(
    *(F.col(f"m.payload.before.{name}").alias(f"payload.before.{name}") for name in COLUMNS),
    *(F.col(f"m.payload.after.{name}").alias(f"payload.after.{name}") for name in COLUMNS),
    F.col("m.payload.ts_ms").alias("payload.ts_ms"),
    F.col("m.payload.op").alias("payload.op"),
)
query = flattened.writeStream.format("delta").outputMode("append").option("checkpointLocation", checkpoint).start(table)
print("the query is active", flush=True)
query.awaitTermination()
