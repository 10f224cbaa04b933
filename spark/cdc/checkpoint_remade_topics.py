"""Topics that were deleted and made anew: a checkpoint's offsets are the old one's.

A query that went on from them would fail, or skip the new one's first messages in silence. So a checkpoint notes
Kafka's ids of its topics, and a topic that has another id now is read from its beginning. What the old one held and
nobody had read is gone: who calls this has to say so.
"""

import json
import logging
from collections.abc import Callable, Mapping

from pyspark.sql import SparkSession

from cdc.checkpoint_folder import CheckpointFolder
from cdc.kafka_offsets import Bounds

log = logging.getLogger("cdc")

_NOTE = "kafka-topics"


def begin_remade_topics(
    spark: SparkSession, checkpoint: str, ids: Mapping[str, str], bounds: Callable[[str], Bounds]
) -> set[str]:
    """Lets the query begin at the beginning of topics made anew since it ran last; returns their names.

    ids: Kafka's id of each topic that will be read. They are noted by `note_topics`, once the loss is told: a start
    that is cut off in between does all of it again.
    """
    folder = CheckpointFolder(spark, checkpoint)
    remade = remade_topics(json.loads(folder.read(_NOTE) or "{}"), ids)
    if not remade:
        return remade
    done = max(folder.numbers("commits"), default=-1)
    # What was planned and is not done names messages that are gone; the tables say by themselves how far they are.
    for number in folder.numbers("offsets"):
        if number > done:
            folder.remove(f"offsets/{number}")
    planned = folder.read(f"offsets/{done}")
    if planned is not None:
        beginnings = {topic: {number: first for number, (first, _) in bounds(topic).items()} for topic in remade}
        folder.write(f"offsets/{done}", with_beginnings(planned, beginnings))
    log.warning("%s: made anew since the last run, and read from the beginning", ", ".join(sorted(remade)))
    return remade


def note_topics(spark: SparkSession, checkpoint: str, ids: Mapping[str, str]) -> None:
    folder = CheckpointFolder(spark, checkpoint)
    known = json.loads(folder.read(_NOTE) or "{}")
    if known != (now := {**known, **ids}):
        folder.write(_NOTE, json.dumps(now))


def remade_topics(known: Mapping[str, str], ids: Mapping[str, str]) -> set[str]:
    """Pure."""
    return {topic for topic, id_ in ids.items() if known.get(topic, id_) != id_}


def with_beginnings(offsets: str, beginnings: Mapping[str, Mapping[int, int]]) -> str:
    """A file of Spark's offset log, in which these topics are at these offsets. Pure."""
    lines = offsets.splitlines()
    return "\n".join(lines[:2] + [_changed(line, beginnings) for line in lines[2:]])


def _changed(line: str, beginnings: Mapping[str, Mapping[int, int]]) -> str:
    if not line.startswith("{"):
        return line
    topics = json.loads(line)
    for topic, partitions in beginnings.items():
        if topic in topics:
            topics[topic] = {str(number): offset for number, offset in sorted(partitions.items())}
    return json.dumps(topics, separators=(",", ":"))
