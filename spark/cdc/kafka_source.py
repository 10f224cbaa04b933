"""The Kafka side of the query."""

from pyspark.sql import DataFrame, SparkSession

from cdc.settings import Settings

# A large micro-batch is read by several tasks although a topic has one partition; a small one by one task.
_RECORDS_PER_TASK = 25_000


def records(spark: SparkSession, settings: Settings) -> DataFrame:
    """Streaming DataFrame of all topics' records, as Spark's Kafka source has them.

    Only committed messages are read, as an exactly-once connector needs. When Kafka deleted messages that were
    not read yet, or a topic was made anew under the running query, it fails rather than go on without them
    (failOnDataLoss); the next start knows a topic made anew (`checkpoint_remade_topics`).
    """
    return (
        spark.readStream.format("kafka")
        .option("kafka.bootstrap.servers", settings.bootstrap_servers)
        .option("kafka.isolation.level", "read_committed")
        # After each fetch Spark asks for the partition's range of offsets; the broker answers that only after the
        # consumer's fetch ahead, which finds nothing and waits for this long (500 ms by default).
        .option("kafka.fetch.max.wait.ms", 10)
        .option("subscribe", ",".join(settings.topics))
        .option("startingOffsets", settings.starting_offsets)
        .option("failOnDataLoss", str(settings.fail_on_data_loss).lower())
        .option("maxOffsetsPerTrigger", settings.max_records_per_batch)
        .option("maxRecordsPerPartition", _RECORDS_PER_TASK)
        .load()
    )
