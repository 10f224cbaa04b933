"""Kafka's own client in the driver's JVM, for questions beside the query."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pyspark.sql import SparkSession

from cdc.kafka_servers import KafkaServers

_TIMEOUT_MILLISECONDS = 15_000
_DESERIALIZERS = "org.apache.kafka.common.serialization"


@contextmanager
def kafka_consumer(spark: SparkSession, servers: KafkaServers, form: str) -> Iterator[Any]:
    """A consumer of committed messages that makes no topic, commits no offset, and is closed at the end.

    form: of keys and values: String | ByteArray.
    """
    jvm: Any = spark.sparkContext._jvm
    deserializer = f"{_DESERIALIZERS}.{form}Deserializer"
    properties = jvm.java.util.Properties()
    for name, value in {
        **servers.client,
        "key.deserializer": deserializer,
        "value.deserializer": deserializer,
        "isolation.level": "read_committed",
        "allow.auto.create.topics": "false",
        "enable.auto.commit": "false",
        "default.api.timeout.ms": str(_TIMEOUT_MILLISECONDS),
    }.items():
        properties.put(name, value)
    consumer = jvm.org.apache.kafka.clients.consumer.KafkaConsumer(properties)
    try:
        yield consumer
    finally:
        consumer.close()
