"""Which topics a checkpoint has offsets of.

A query fails when a topic of its checkpoint is no longer subscribed to. So a topic that was read once is read on as
long as it exists in Kafka, also when its table is no longer captured; what it still holds reaches the lake.
"""

import json
from collections.abc import Iterable
from typing import Any

from pyspark.sql import SparkSession


def topics_to_read(wanted: Iterable[str], checkpointed: set[str], existing: set[str]) -> tuple[str, ...]:
    """The wanted topics in their order, then those of the checkpoint that still exist, by name."""
    wanted = tuple(wanted)
    return (*wanted, *sorted((checkpointed & existing) - set(wanted)))


def checkpointed_topics(spark: SparkSession, checkpoint: str) -> set[str]:
    """Topics of the newest micro-batch that was planned; empty for a checkpoint that does not exist yet."""
    jvm: Any = spark.sparkContext._jvm
    folder = jvm.org.apache.hadoop.fs.Path(f"{checkpoint}/offsets")
    files = folder.getFileSystem(spark.sparkContext._jsc.hadoopConfiguration())
    if not files.exists(folder):
        return set()
    names = [status.getPath().getName() for status in files.listStatus(folder)]
    batches = [int(name) for name in names if name.isdigit()]
    if not batches:
        return set()
    stream = files.open(jvm.org.apache.hadoop.fs.Path(folder, str(max(batches))))
    try:
        return topics_in_offsets(jvm.org.apache.commons.io.IOUtils.toString(stream, "UTF-8"))
    finally:
        stream.close()


def topics_in_offsets(text: str) -> set[str]:
    """Topics in a file of Spark's offset log: a version, a line of metadata, then each source's offsets as JSON
    (`{"topic": {"partition": offset}}`)."""
    topics: set[str] = set()
    for line in text.splitlines()[2:]:
        try:
            offsets = json.loads(line)
        except json.JSONDecodeError:
            continue
        topics.update(topic for topic, partitions in offsets.items() if isinstance(partitions, dict))
    return topics
