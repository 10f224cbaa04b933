"""Flattening, with a local Spark session: a test costs a Spark job or two."""

from envelope import CUSTOMER_COLUMNS, as_text, message, payload, schema
from pyspark.sql import DataFrame, SparkSession

from cdc.change_events import NO_CHANGE, NO_SCHEMA, NOT_JSON, change_events, messages
from cdc.flattened_rows import column_names, flattened_rows
from cdc.row_columns import RowColumns

COLUMNS = RowColumns(tuple(CUSTOMER_COLUMNS), tuple(CUSTOMER_COLUMNS))
MARY = {"customerId": 3, "customerFName": "Mary", "customerLName": None, "customerStreet": '3422 "Blue" Bend \\ {,}'}


KEY = b'{"schema":{},"payload":{"customerId":3}}'


def kafka_records(spark: SparkSession, *values: str | None) -> DataFrame:
    rows = [
        ("dbserver2.public.customers1", 0, offset, KEY, None if value is None else value.encode())
        for offset, value in enumerate(values)
    ]
    return spark.createDataFrame(rows, "topic string, partition int, offset long, key binary, value binary")


def test_a_row_becomes_twenty_nullable_strings(spark: SparkSession) -> None:
    events = change_events(messages(kafka_records(spark, message(None, MARY, "c"), message(MARY, None, "d"))))
    rows = flattened_rows(events, COLUMNS)
    assert [(field.name, field.dataType.simpleString(), field.nullable) for field in rows.schema] == [
        (name, "string", True) for name in column_names(COLUMNS)
    ]
    created, deleted = (row.asDict() for row in rows.collect())
    assert created["payload.op"] == "c"
    assert created["payload.ts_ms"] == "1666164929967"
    assert created["payload.after.customerId"] == "3"
    assert created["payload.after.customerStreet"] == '3422 "Blue" Bend \\ {,}'
    assert created["payload.after.customerLName"] is None
    assert created["payload.after.customerEmail"] is None
    assert all(created[f"payload.before.{name}"] is None for name in CUSTOMER_COLUMNS)
    assert deleted["payload.before.customerFName"] == "Mary"
    assert all(deleted[f"payload.after.{name}"] is None for name in CUSTOMER_COLUMNS)


def test_any_json_value_becomes_its_json_text(spark: SparkSession) -> None:
    values = {
        "bigint": 9007199254740993,
        "double": 0.1,
        "long_decimal": "12345678901234567890.123456789",
        "flag": True,
        "variable_scale": {"scale": 2, "value": "AN3t"},
        "tags": ["a", None, "ü"],
        "json": '{"a": 1}',
    }
    texts = {
        "bigint": "9007199254740993",
        "double": "0.1",
        "long_decimal": "12345678901234567890.123456789",
        "flag": "true",
        "variable_scale": '{"scale":2,"value":"AN3t"}',
        "tags": '["a",null,"ü"]',
        "json": '{"a": 1}',
    }
    text = message(None, values, "c", columns=dict.fromkeys(values, "string"))
    events = change_events(messages(kafka_records(spark, text)))
    row = flattened_rows(events, RowColumns((), tuple(values))).first().asDict()
    assert {name: row[f"payload.after.{name}"] for name in values} == texts


def test_the_layout_of_the_json_does_not_matter(spark: SparkSession) -> None:
    parts = {"schema": schema(CUSTOMER_COLUMNS), "payload": payload(None, {**MARY, "payload": {"x": 1}}, "c")}
    reversed_parts = dict(reversed(parts.items()))
    spaced = as_text(parts).replace(":", " : ")
    records = kafka_records(spark, as_text(parts), as_text(reversed_parts), spaced.replace(" : //", "://"))
    events = change_events(messages(records)).collect()
    assert {event.problem for event in events} == {None}
    assert [event.after["customerFName"] for event in events] == ["Mary"] * 3
    assert [event.after["payload"] for event in events] == ['{"x":1}'] * 3


def test_tombstones_are_left_out(spark: SparkSession) -> None:
    records = kafka_records(spark, message(MARY, None, "d"), None)
    assert [event.offset for event in change_events(messages(records)).collect()] == [0]


def test_a_message_that_is_no_change_event_has_a_problem(spark: SparkSession) -> None:
    broken = {
        "not json": NOT_JSON,
        message(None, MARY, "c")[:-20]: NOT_JSON,
        as_text(payload(None, MARY, "c")): NO_SCHEMA,
        as_text({"schema": None, "payload": payload(None, MARY, "c")}): NO_SCHEMA,
        as_text({"schema": schema({}), "payload": {"customerId": 3}}): NO_CHANGE,
    }
    events = change_events(messages(kafka_records(spark, message(None, MARY, "c"), *broken))).collect()
    assert [event.problem for event in events] == [None, *broken.values()]
