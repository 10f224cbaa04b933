"""Spark's Kafka records → the messages of a micro-batch in the driver, without what they all repeat."""

from collections.abc import Sequence

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from cdc.message_prefix import MessagePrefix


class MessageCut:
    """Where messages that begin in known ways are cut. Made once for many micro-batches: that takes longer than a small
    micro-batch needs to be read."""

    def __init__(self, known: Sequence[MessagePrefix]) -> None:
        """known: how messages begin, of each topic and schema."""
        schema_id = _first_of(F.when(_begins_with(prefix), number) for number, prefix in enumerate(known))
        length = _first_of(
            F.when(F.col("schema_id") == number, len(prefix.value)) for number, prefix in enumerate(known)
        )
        payload = F.substring("value", length + 1, F.octet_length("value") - length - 1)
        self._messages = F.col("value").isNotNull()
        self._columns = [*map(F.col, ("topic", "partition", "offset", "key", "value")), _named("schema_id", schema_id)]
        self._cut = [*map(F.col, ("topic", "partition", "offset", "schema_id")), payload.alias("payload")]
        self._is_other = F.col("schema_id").isNull()
        self._whole = [F.col(name) for name in ("topic", "partition", "offset", "key", "value")]

    def messages(self, records: DataFrame) -> DataFrame:
        """Messages without the schema that they begin with; tombstones are left out.

        topic string, partition int, offset long, schema_id int? (place in `known`; null: begins otherwise),
        payload binary? (null where schema_id is)
        """
        return self._with_schema(records).select(*self._cut)

    def others(self, records: DataFrame) -> DataFrame:
        """Messages that begin otherwise, whole: topic, partition, offset, key binary?, value binary."""
        return self._with_schema(records).where(self._is_other).select(*self._whole)

    def _with_schema(self, records: DataFrame) -> DataFrame:
        return records.where(self._messages).select(*self._columns)


def examples(messages: DataFrame) -> DataFrame:
    """topic, key, value of one message for each topic, with key or without, and length before the payload."""
    before_payload = F.instr(F.col("value").cast("string"), ',"payload":{')
    first = F.min_by(F.struct("key", "value"), "offset").alias("first")
    return (
        messages.groupBy("topic", before_payload, F.col("key").isNull())
        .agg(first)
        .select("topic", "first.key", "first.value")
    )


def _begins_with(prefix: MessagePrefix) -> Column:
    of_topic = (F.col("topic") == prefix.topic) & F.startswith(F.col("value"), F.lit(prefix.value))
    if prefix.key is None:
        return of_topic & F.col("key").isNull()
    return of_topic & F.startswith(F.col("key"), F.lit(prefix.key))


def _named(name: str, column: Column) -> Column:
    return column.cast("int").alias(name)


def _first_of(columns) -> Column:
    return F.coalesce(*columns, F.lit(None))
