"""Which messages a topic has, asked of Kafka's own client in the driver's JVM."""

from collections.abc import Callable, Mapping
from typing import Any

from pyspark.sql import SparkSession

from cdc.kafka_consumer import kafka_consumer
from cdc.kafka_servers import KafkaServers

Bounds = Mapping[int, tuple[int, int]]
"""partition → offset of the first message that is there, and the one behind the last that is committed"""


def topic_bounds(spark: SparkSession, servers: KafkaServers) -> Callable[[str], Bounds]:
    """topic → its bounds; a topic that does not exist has none.

    What it returns raises Kafka's own error when the brokers do not answer.
    """
    jvm: Any = spark.sparkContext._jvm

    def bounds(topic: str) -> Bounds:
        with kafka_consumer(spark, servers, "ByteArray") as consumer:
            if topic not in consumer.listTopics():
                return {}
            partitions = jvm.java.util.ArrayList()
            for info in consumer.partitionsFor(topic):
                partitions.add(jvm.org.apache.kafka.common.TopicPartition(topic, info.partition()))
            first, end = consumer.beginningOffsets(partitions), consumer.endOffsets(partitions)
            return {each.partition(): (first[each], end[each]) for each in partitions}

    return bounds
