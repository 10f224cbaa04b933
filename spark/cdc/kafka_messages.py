"""Spark's Kafka records → the messages of a micro-batch in the driver, without what they all repeat."""

from collections.abc import Sequence

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from cdc.message_prefix import MessagePrefix


def cut_messages(records: DataFrame, known: Sequence[MessagePrefix]) -> DataFrame:
    """Messages without the schema that they begin with, which is 3 of their 3.6 kB; tombstones are left out.

    topic string, partition int, offset long, schema_id int? (place in `known`; null: begins otherwise),
    payload binary? (null where schema_id is)
    """
    with_schema = _with_schema(records, known)
    length = _by_schema(known, lambda prefix: F.lit(len(prefix.value)))
    payload = F.substring("value", length + 1, F.octet_length("value") - length - 1)
    return with_schema.select("topic", "partition", "offset", "schema_id", payload.alias("payload"))


def other_messages(records: DataFrame, known: Sequence[MessagePrefix]) -> DataFrame:
    """Messages that begin otherwise, whole: topic, partition, offset, key binary?, value binary."""
    others = _with_schema(records, known).where(F.col("schema_id").isNull())
    return others.select("topic", "partition", "offset", "key", "value")


def examples(messages: DataFrame) -> DataFrame:
    """topic, key, value of one message for each topic, with key or without, and length before the payload."""
    before_payload = F.instr(F.col("value").cast("string"), ',"payload":{')
    first = F.min_by(F.struct("key", "value"), "offset").alias("first")
    return (
        messages.groupBy("topic", before_payload, F.col("key").isNull())
        .agg(first)
        .select("topic", "first.key", "first.value")
    )


def _with_schema(records: DataFrame, known: Sequence[MessagePrefix]) -> DataFrame:
    schema_id = _first_of(F.when(_begins_with(prefix), number) for number, prefix in enumerate(known))
    return records.where(F.col("value").isNotNull()).select(
        "topic", "partition", "offset", "key", "value", schema_id.cast("int").alias("schema_id")
    )


def _begins_with(prefix: MessagePrefix) -> Column:
    of_topic = (F.col("topic") == prefix.topic) & F.startswith(F.col("value"), F.lit(prefix.value))
    if prefix.key is None:
        return of_topic & F.col("key").isNull()
    return of_topic & F.startswith(F.col("key"), F.lit(prefix.key))


def _by_schema(known: Sequence[MessagePrefix], value) -> Column:
    return _first_of(F.when(F.col("schema_id") == number, value(prefix)) for number, prefix in enumerate(known))


def _first_of(columns) -> Column:
    return F.coalesce(*columns, F.lit(None))
