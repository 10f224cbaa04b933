"""Looks at Kafka before the query does, which would fail without naming the topic that is missing."""

from dataclasses import dataclass
from typing import Any

from pyspark.sql import SparkSession

from cdc.settings import Settings

_TIMEOUT_MILLISECONDS = 15_000
_NO_ID = "AAAAAAAAAAAAAAAAAAAAAA"
"""what brokers say that do not know ids yet"""


class MissingTopics(Exception):
    """Topics that should be read do not exist; the text names them."""


@dataclass(frozen=True)
class KafkaCluster:
    """What there is at the bootstrap servers."""

    cluster_id: str
    topics: set[str]
    ids: dict[str, str]
    """topic → Kafka's id of it, which one made anew under its name does not have; else the cluster's, and its name"""


def require_topics(spark: SparkSession, settings: Settings) -> KafkaCluster:
    """The cluster with every topic there is. Raises MissingTopics unless those of the settings are among them.

    A broker that cannot be reached raises Kafka's own error.
    """
    jvm: Any = spark.sparkContext._jvm
    properties = jvm.java.util.Properties()
    for name, value in settings.kafka.client.items():
        properties.put(name, value)
    properties.put("default.api.timeout.ms", str(_TIMEOUT_MILLISECONDS))
    properties.put("request.timeout.ms", str(_TIMEOUT_MILLISECONDS))
    admin = jvm.org.apache.kafka.clients.admin.AdminClient.create(properties)
    try:
        cluster_id = admin.describeCluster().clusterId().get()
        listings = admin.listTopics().namesToListings().get()
        there = {name: listings[name].topicId().toString() for name in listings}
    finally:
        admin.close()
    missing = [topic for topic in settings.topics if topic not in there]
    if missing:
        known = ", ".join(sorted(there)) or "none"
        raise MissingTopics(
            f"no topic {', '.join(missing)} at {settings.kafka.bootstrap}: create it, or correct --topics; "
            f"there are: {known}"
        )
    ids = {name: f"{cluster_id}/{name}" if id_ == _NO_ID else id_ for name, id_ in there.items()}
    return KafkaCluster(cluster_id, set(there), ids)
