"""The Kafka side of the query."""

from pyspark.sql import DataFrame, SparkSession

from cdc.settings import Settings

CONSUMER: dict[str, str | int] = {
    # As an exactly-once connector needs.
    "kafka.isolation.level": "read_committed",
    # Of rows that compress well a fetch of 1 MB has hundreds of megabytes; so many an executor holds at once, of each
    # partition that it read last.
    "kafka.max.poll.records": 10,
}
"""Of whatever reads records. What else bounds a fetch is Kafka's: 1 MB of a partition, or one larger message."""

# A large micro-batch is read by several tasks although a topic has one partition; a small one by one task.
_RECORDS_PER_TASK = 25_000


def records(spark: SparkSession, settings: Settings) -> DataFrame:
    """Streaming DataFrame of all topics' records, as Spark's Kafka source has them.

    Only committed messages are read. When Kafka deleted messages that were not read yet, or a topic was made anew under
    the running query, it fails rather than go on without them (failOnDataLoss); the next start knows a topic made anew
    (`checkpoint_remade_topics`).
    """
    return (
        spark.readStream.format("kafka")
        .options(**settings.kafka.options)
        .options(**CONSUMER)
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
