"""Spark's Kafka records → the messages of a micro-batch in the driver, without what they all repeat.

The plan is the same whatever tables there are: what a message begins with becomes one number, which the driver knows.
"""

from collections.abc import Iterable

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from cdc.message_prefix import END, START

_IN_TASK = (1 << 33) - 1
"""of `monotonically_increasing_id`, what counts a task's rows"""


class MessageCut:
    """Where messages are cut. Made once for many micro-batches: that takes longer than a small one needs to be read."""

    def __init__(self) -> None:
        begins = F.startswith(F.col("value"), F.lit(START))
        before, key_before = _before_payload("value"), _before_payload("key")
        is_cut = begins & (F.octet_length(before) < F.octet_length("value"))
        key_is_cut = F.startswith(F.col("key"), F.lit(START))
        beginning = F.xxhash64("topic", before, F.col("key").isNull(), F.when(key_is_cut, key_before))
        length = F.when(is_cut, F.octet_length(before) + len(END) - 1).otherwise(0)
        self._is_message = F.col("value").isNotNull()
        self._columns = [
            *map(F.col, ("topic", "partition", "offset", "key", "value")),
            F.when(is_cut, beginning).alias("beginning"),
            length.alias("length"),
            (F.octet_length("value") - length).alias("size"),
            (F.monotonically_increasing_id().bitwiseAND(_IN_TASK) + 1).alias("place"),
        ]
        self._payload = F.when(
            F.col("beginning").isNotNull(),
            F.substring("value", F.col("length") + 1, F.octet_length("value") - F.col("length") - 1),
        )
        self._cut = [*map(F.col, ("topic", "partition", "offset", "beginning", "size", "fits"))]
        self._whole = [*map(F.col, ("topic", "partition", "offset", "key", "value"))]

    def messages(self, records: DataFrame, most: int | None = None) -> DataFrame:
        """Messages without what they begin with; tombstones are left out.

        topic string, partition int, offset long, beginning long? (stands for topic and schemas of key and value;
        null: it cannot be cut), size int (bytes of the payload), fits bool, payload binary? (null where it cannot be
        cut, or does not fit)

        most: bytes that a task may send. A message fits if it, as often as the task has sent rows, is no more: a rule
        that needs no memory, by which a task of equal rows sends what it may, and then their sizes alone.
        """
        fits = F.lit(True) if most is None else F.col("size") * F.col("place") <= most
        payload = self._payload if most is None else F.when(F.col("fits"), self._payload)
        return (
            self._with_beginning(records).select("*", fits.alias("fits")).select(*self._cut, payload.alias("payload"))
        )

    def examples(self, records: DataFrame, beginnings: Iterable[int]) -> DataFrame:
        """topic, key, value of one message for each way to begin."""
        first = F.min_by(F.struct("topic", "key", "value"), "offset").alias("first")
        found = self._with_beginning(records).where(F.col("beginning").isin(*beginnings))
        return found.groupBy("beginning").agg(first).select("beginning", "first.topic", "first.key", "first.value")

    def others(self, records: DataFrame, beginnings: Iterable[int]) -> DataFrame:
        """Messages that cannot be cut or begin like these: topic, partition, offset, key binary?, value binary."""
        is_other = F.col("beginning").isNull() | F.col("beginning").isin(*beginnings)
        return self._with_beginning(records).where(is_other).select(*self._whole)

    def _with_beginning(self, records: DataFrame) -> DataFrame:
        return records.where(self._is_message).select(*self._columns)


def _before_payload(column: str) -> Column:
    """Of a key or value as Connect's JSON converter lays it out: its schema. All of it, where there is no payload."""
    return F.substring_index(F.col(column).cast("string"), END.decode(), 1)
