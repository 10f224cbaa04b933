"""Which messages a topic has, asked of Kafka's own client in the driver's JVM."""

from collections.abc import Callable, Mapping

from pyspark.sql import SparkSession

_TIMEOUT_MILLISECONDS = 15_000
_DESERIALIZER = "org.apache.kafka.common.serialization.ByteArrayDeserializer"

Bounds = Mapping[int, tuple[int, int]]
"""partition → offset of the first message that is there, and the one behind the last that is committed"""


def topic_bounds(spark: SparkSession, bootstrap_servers: str) -> Callable[[str], Bounds]:
    """topic → its bounds; a topic that does not exist has none.

    What it returns raises Kafka's own error when the brokers do not answer.
    """
    jvm = spark.sparkContext._jvm

    def bounds(topic: str) -> Bounds:
        properties = jvm.java.util.Properties()
        for name, value in {
            "bootstrap.servers": bootstrap_servers,
            "key.deserializer": _DESERIALIZER,
            "value.deserializer": _DESERIALIZER,
            "isolation.level": "read_committed",
            "allow.auto.create.topics": "false",
            "default.api.timeout.ms": str(_TIMEOUT_MILLISECONDS),
        }.items():
            properties.put(name, value)
        consumer = jvm.org.apache.kafka.clients.consumer.KafkaConsumer(properties)
        try:
            if topic not in consumer.listTopics():
                return {}
            partitions = jvm.java.util.ArrayList()
            for info in consumer.partitionsFor(topic):
                partitions.add(jvm.org.apache.kafka.common.TopicPartition(topic, info.partition()))
            first, end = consumer.beginningOffsets(partitions), consumer.endOffsets(partitions)
            return {each.partition(): (first[each], end[each]) for each in partitions}
        finally:
            consumer.close()

    return bounds
