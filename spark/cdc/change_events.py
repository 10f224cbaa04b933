"""Kafka records → parsed change events. Every column expression of the message format is here."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql import types as T

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

# How Connect's JSON converter lays a message out. A quote inside a JSON string is escaped, so that the marker
# is no part of a string.
_SCHEMA_FIRST = '{"schema":{'
_PAYLOAD_MARKER = ',"payload":{'


def messages(records: DataFrame) -> DataFrame:
    """Splits each record of the Kafka source into the text of its two parts; tombstones are left out.

    topic string, partition int, offset long, value string, schema string?, payload string?
    """
    value = F.col("value")
    marker = F.locate(_PAYLOAD_MARKER, value)
    # 3 of a message's 3.6 kB are its schema, the same in each: cutting it off unparsed is several times faster.
    as_converter_writes = value.startswith(_SCHEMA_FIRST) & (marker > 0)
    schema_start = len('{"schema":') + 1
    payload_start = marker + len(',"payload":')
    schema = (
        F.when(as_converter_writes, value.substr(F.lit(schema_start), marker - schema_start))
        .otherwise(F.get_json_object(value, "$.schema"))
        .alias("schema")
    )
    payload = (
        F.when(as_converter_writes, value.substr(payload_start, F.length(value) - payload_start))
        .otherwise(F.get_json_object(value, "$.payload"))
        .alias("payload")
    )
    return (
        records.where(value.isNotNull())
        .select("topic", "partition", "offset", value.cast("string").alias("value"))
        .select("topic", "partition", "offset", "value", schema, payload)
    )


def change_events(messages: DataFrame) -> DataFrame:
    """Parses the payloads; what cannot be understood has a `problem` and nothing is raised.

    topic string, partition int, offset long, schema_id long, before map<string, string>?, after the same,
    source_schema string?, source_table string?, op string?, ts_ms string?, problem string?
    """
    payload = F.from_json("payload", _PAYLOAD, {"mode": "PERMISSIVE", "columnNameOfCorruptRecord": "malformed"}).alias(
        "payload"
    )
    event = messages.select("topic", "partition", "offset", "value", "schema", payload)
    return event.select(
        "topic",
        "partition",
        "offset",
        schema_id(),
        "payload.before",
        "payload.after",
        F.col("payload.source.schema").alias("source_schema"),
        F.col("payload.source.table").alias("source_table"),
        "payload.op",
        "payload.ts_ms",
        _problem().alias("problem"),
    )


def schema_id() -> Column:
    """Stands for a message's schema text, which is too long to carry along."""
    return F.xxhash64("schema").alias("schema_id")


def _problem() -> Column:
    incomplete = (
        F.col("payload.op").isNull() | F.col("payload.source.schema").isNull() | F.col("payload.source.table").isNull()
    )
    return (
        F.when(F.col("schema").isNull() & F.get_json_object("value", "$").isNull(), NOT_JSON)
        .when(F.col("schema").isNull() | F.col("payload").isNull(), NO_SCHEMA)
        .when(F.col("payload.malformed").isNotNull(), NOT_JSON)
        .when(incomplete, NO_CHANGE)
    )
