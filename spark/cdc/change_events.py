"""Kafka records → parsed change events. Every column expression of the message format is here."""

from collections.abc import Iterable, Sequence

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql import types as T

from cdc.schema_prefix import SchemaPrefix

# Maps, not structs: the columns of a row are known only from the schema inside the message. Spark turns whatever
# the JSON has as a map's value (number, boolean, struct, array) into its JSON text, and null into null.
_ROW = T.MapType(T.StringType(), T.StringType())
_PAYLOAD = T.StructType(
    [
        T.StructField("before", _ROW),
        T.StructField("after", _ROW),
        T.StructField(
            "source",
            T.StructType([T.StructField("schema", T.StringType()), T.StructField("table", T.StringType())]),
        ),
        T.StructField("op", T.StringType()),
        T.StructField("ts_ms", T.StringType()),
        T.StructField("malformed", T.StringType()),
    ]
)

NOT_JSON = "it is not a JSON object"
NO_SCHEMA = (
    "it has no 'schema' part beside a 'payload' part; "
    "set value.converter.schemas.enable=true in the connector's configuration"
)
NO_CHANGE = "its payload has no 'op' and 'source' with schema and table, so it is not a Debezium change event"


def messages(records: DataFrame, known: Sequence[SchemaPrefix] = ()) -> DataFrame:
    """Splits each record of the Kafka source into its two parts; tombstones are left out.

    A message that begins like one that was seen before is cut there, which takes a fiftieth of the time of parsing
    its schema: 3 of its 3.6 kB.

    topic string, partition int, offset long, key binary?, value binary, schema_id long (stands for the schema),
    schema string? (empty where the message is cut), payload string?
    """
    value = F.col("value")
    text = value.cast("string")
    cut = F.col("known_schema").isNotNull()
    length = _first_of(F.when(F.col("known_schema") == prefix.schema_id, prefix.length) for prefix in known)
    known_schema = _first_of(F.when(_begins_with(prefix), prefix.schema_id) for prefix in known)
    rest = F.substring(value, length + 1, F.octet_length(value) - length - 1)
    return (
        records.where(value.isNotNull())
        .select("topic", "partition", "offset", "key", "value", known_schema.cast("long").alias("known_schema"))
        .select(
            "topic",
            "partition",
            "offset",
            "key",
            "value",
            "known_schema",
            F.when(~cut, F.get_json_object(text, "$.schema")).alias("schema"),
            F.when(cut, rest.cast("string")).otherwise(F.get_json_object(text, "$.payload")).alias("payload"),
        )
        .select(
            "topic",
            "partition",
            "offset",
            "key",
            "value",
            F.coalesce("known_schema", F.xxhash64("schema")).alias("schema_id"),
            F.when(cut, "").otherwise(F.col("schema")).alias("schema"),
            "payload",
        )
    )


def change_events(messages: DataFrame) -> DataFrame:
    """Parses the payloads; what cannot be understood has a `problem` and nothing is raised.

    topic string, partition int, offset long, schema_id long, before map<string, string>?, after the same,
    source_schema string?, source_table string?, op string?, ts_ms string?, problem string?
    """
    payload = F.from_json("payload", _PAYLOAD, {"mode": "PERMISSIVE", "columnNameOfCorruptRecord": "malformed"}).alias(
        "payload"
    )
    event = messages.select("topic", "partition", "offset", "value", "schema_id", "schema", payload)
    return event.select(
        "topic",
        "partition",
        "offset",
        "schema_id",
        "payload.before",
        "payload.after",
        F.col("payload.source.schema").alias("source_schema"),
        F.col("payload.source.table").alias("source_table"),
        "payload.op",
        "payload.ts_ms",
        _problem().alias("problem"),
    )


def _begins_with(prefix: SchemaPrefix) -> Column:
    begins_alike = F.xxhash64(F.substring("value", 1, prefix.length)) == prefix.schema_id
    return (F.col("topic") == prefix.topic) & begins_alike


def _first_of(columns: Iterable[Column]) -> Column:
    return F.coalesce(*columns, F.lit(None))


def _problem() -> Column:
    incomplete = (
        F.col("payload.op").isNull() | F.col("payload.source.schema").isNull() | F.col("payload.source.table").isNull()
    )
    return (
        F.when(F.col("schema").isNull() & F.get_json_object(F.col("value").cast("string"), "$").isNull(), NOT_JSON)
        .when(F.col("schema").isNull() | F.col("payload").isNull(), NO_SCHEMA)
        .when(F.col("payload.malformed").isNotNull(), NOT_JSON)
        .when(incomplete, NO_CHANGE)
    )
