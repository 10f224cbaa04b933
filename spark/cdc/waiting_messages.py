"""Messages that were not read or taken when they came, since there are too many bytes or a table could not take them:
read again from Kafka, a bounded step at a time."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from pyspark.sql import DataFrame, SparkSession

from cdc.kafka_offsets import Bounds, topic_bounds
from cdc.kafka_source import CONSUMER
from cdc.message_sizes import Ranges
from cdc.settings import Settings


class Waiting(Protocol):
    """What is needed of Kafka."""

    def bounds(self, topic: str) -> Bounds: ...

    def read(self, wanted: Ranges) -> DataFrame: ...


@dataclass(frozen=True)
class Step:
    """Messages to read at once."""

    wanted: dict[int, tuple[int, int]]
    """partition → first offset, and the one behind the last; empty: there are none"""
    last: bool
    """whether no more are there behind them"""
    gone: int
    """messages that Kafka no longer has"""


def next_step(kept: Mapping[int, int], bounds: Bounds, most: int) -> Step:
    """Pure. kept: partition → offset of the first message that waits. most: messages of the step, of all partitions."""
    wanted, gone, last = {}, 0, True
    share = max(most // max(len(kept), 1), 1)
    for partition, offset in sorted(kept.items()):
        first, end = bounds.get(partition, (offset, offset))
        gone += max(min(first, end) - offset, 0)
        start = max(offset, first)
        if start < end:
            wanted[partition] = start, min(start + share, end)
            last = last and start + share >= end
    return Step(wanted, last, gone)


class WaitingMessages:
    """Those of one Kafka, as Spark reads it."""

    def __init__(self, spark: SparkSession, settings: Settings) -> None:
        self._spark = spark
        self._kafka = settings.kafka
        self.bounds: Callable[[str], Bounds] = topic_bounds(spark, settings.kafka)

    def read(self, wanted: Ranges) -> DataFrame:
        """Records as the streaming query has them."""
        offsets = [
            {topic: {str(number): each[end] for number, each in of_topic.items()} for topic, of_topic in wanted.items()}
            for end in (0, 1)
        ]
        return (
            self._spark.read.format("kafka")
            .options(**self._kafka.options)
            .options(**CONSUMER)
            .option("assign", json.dumps({topic: sorted(of_topic) for topic, of_topic in wanted.items()}))
            .option("startingOffsets", json.dumps(offsets[0]))
            .option("endingOffsets", json.dumps(offsets[1]))
            .load()
        )
