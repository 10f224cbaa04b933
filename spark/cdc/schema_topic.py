"""Reads a topic that keeps schemas, with Kafka's own client in the driver's JVM."""

from collections.abc import Callable, Mapping
from typing import Any

from pyspark.sql import SparkSession

from cdc.kafka_consumer import kafka_consumer
from cdc.kafka_servers import KafkaServers

_POLL_MILLISECONDS = 1_000


def schema_topic_reader(spark: SparkSession, servers: KafkaServers) -> Callable[[str], Mapping[str, str]]:
    """topic → key → value, the newest of each; a topic that does not exist has none.

    What it returns raises Kafka's own error when the brokers do not answer.
    """
    jvm: Any = spark.sparkContext._jvm

    def read(topic: str) -> Mapping[str, str]:
        with kafka_consumer(spark, servers, "String") as consumer:
            if topic not in consumer.listTopics():
                return {}
            partition = jvm.org.apache.kafka.common.TopicPartition(topic, 0)
            partitions = jvm.java.util.List.of(partition)
            consumer.assign(partitions)
            consumer.seekToBeginning(partitions)
            end = consumer.endOffsets(partitions)[partition]
            schemas: dict[str, str] = {}
            while consumer.position(partition) < end:
                for record in consumer.poll(jvm.java.time.Duration.ofMillis(_POLL_MILLISECONDS)).records(partition):
                    schemas[record.key()] = record.value()
            return schemas

    return read
