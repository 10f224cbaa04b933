"""Reading a micro-batch's messages, with a local Spark session: a test costs a Spark job or two."""

import json

import pytest
from envelope import CUSTOMER_COLUMNS, MARY, as_text, message, payload, schema
from pyspark.sql import DataFrame, SparkSession

from cdc.lake.event import NO_CHANGE, NOT_JSON
from cdc.lake.lake_tables import Messages
from cdc.message_reader import NO_SCHEMA, MessageReader
from cdc.schema_references import SchemaReferences

TOPIC = "dbserver2.public.customers1"
KEY = b'{"schema":{},"payload":{"customerId":3}}'
NO_REFERENCES = SchemaReferences(lambda _topic: {})


def kafka_records(spark: SparkSession, *values: str | None, keys=None, first: int = 0) -> DataFrame:
    rows = [
        (TOPIC, 0, first + number, keys[number] if keys else KEY, None if value is None else value.encode())
        for number, value in enumerate(values)
    ]
    return spark.createDataFrame(rows, "topic string, partition int, offset long, key binary, value binary")


def payloads(messages: Messages) -> list:
    rows = messages.rows.sort_by("offset")
    return [json.loads(text) for text in rows["payload"].to_pylist()]


def test_messages_are_cut_once_their_beginning_is_known(spark: SparkSession) -> None:
    values = [{**MARY, "customerCity": f"Ü{number}"} for number in range(3)]
    reader = MessageReader(NO_REFERENCES)
    for _ in range(2):
        found = reader.read(kafka_records(spark, *(message(None, value, "c") for value in values)))
        assert payloads(found) == [payload(None, value, "c") for value in values]
        assert set(found.rows["schema_id"].to_pylist()) == {0}
        assert found.unreadable == ()
    assert found.schemas[0].key == ("customerId",)
    assert [column.name for column in found.schemas[0].columns] == list(CUSTOMER_COLUMNS)


def test_several_schemas_of_a_topic_are_told_apart(spark: SparkSession) -> None:
    more = {**CUSTOMER_COLUMNS, "vip": "boolean"}
    other = {**CUSTOMER_COLUMNS, "vap": "boolean"}
    texts = [message(None, MARY, "c", columns=columns) for columns in (CUSTOMER_COLUMNS, more, other, more)]
    found = MessageReader(NO_REFERENCES).read(kafka_records(spark, *texts))
    last = [found.schemas[number].columns[-1].name for number in found.rows.sort_by("offset")["schema_id"].to_pylist()]
    assert last == ["customerZipcode", "vip", "vap", "vip"]


def test_another_key_is_noticed_though_the_row_has_the_same_columns(spark: SparkSession) -> None:
    reader = MessageReader(NO_REFERENCES)
    text = message(None, MARY, "c")
    reader.read(kafka_records(spark, text))
    other = b'{"schema":{"x":1},"payload":{"customerFName":"Mary"}}'
    found = reader.read(kafka_records(spark, text, keys=[other]))
    assert found.schemas[found.rows["schema_id"][0].as_py()].key == ("customerFName",)


def test_the_layout_of_the_json_does_not_matter(spark: SparkSession) -> None:
    parts = {"schema": schema(CUSTOMER_COLUMNS), "payload": payload(None, {**MARY, "payload": {"x": 1}}, "c")}
    reversed_parts = dict(reversed(parts.items()))
    spaced = json.dumps(parts)
    found = MessageReader(NO_REFERENCES).read(kafka_records(spark, as_text(parts), as_text(reversed_parts), spaced))
    assert payloads(found) == [parts["payload"]] * 3
    assert {found.schemas[number].key for number in found.rows["schema_id"].to_pylist()} == {("customerId",)}


def test_schemas_that_messages_refer_to_are_read_once(spark: SparkSession) -> None:
    more = {**CUSTOMER_COLUMNS, "vip": "boolean"}
    schemas = {"ab12": as_text(schema(CUSTOMER_COLUMNS)), "cd34": as_text(schema(more))}
    asked = []
    reader = MessageReader(SchemaReferences(lambda topic: asked.append(topic) or schemas))
    texts = [referring("ab12"), referring("cd34"), message(None, MARY, "c"), referring("ab12")]
    for _ in range(2):
        found = reader.read(kafka_records(spark, *texts))
        rows = found.rows.sort_by("offset")
        assert payloads(found) == [payload(None, MARY, "c")] * 4
        columns = [len(found.schemas[number].columns) for number in rows["schema_id"].to_pylist()]
        assert columns == [9, 10, 9, 9]
        assert {found.schemas[number].key for number in rows["schema_id"].to_pylist()} == {("customerId",)}
    assert asked == ["dbserver2.schemas"]


def test_a_message_whose_schema_is_lost_is_unreadable(spark: SparkSession) -> None:
    found = MessageReader(NO_REFERENCES).read(kafka_records(spark, message(None, MARY, "c"), referring("ab12")))
    assert found.rows["offset"].to_pylist() == [0]
    assert [letter.reason for letter in found.unreadable] == [
        "its schema is not there: the topic dbserver2.schemas has no message with the key ab12"
    ]


def referring(key: str) -> str:
    reference = {"type": "struct", "$ref": f"kafka:dbserver2.schemas/{key}"}
    return as_text({"schema": reference, "payload": payload(None, MARY, "c")})


def test_tombstones_are_left_out(spark: SparkSession) -> None:
    found = MessageReader(NO_REFERENCES).read(kafka_records(spark, message(MARY, None, "d"), None))
    assert found.rows["offset"].to_pylist() == [0]
    assert MessageReader(NO_REFERENCES).read(kafka_records(spark, None)).rows.num_rows == 0


@pytest.mark.parametrize("after_a_good_one", [True, False])
def test_a_message_that_is_no_change_event_is_unreadable(spark: SparkSession, after_a_good_one: bool) -> None:
    broken = {
        "not json": NOT_JSON,
        "[1]": NOT_JSON,
        as_text(payload(None, MARY, "c")): NO_SCHEMA,
        as_text({"schema": None, "payload": payload(None, MARY, "c")}): NO_SCHEMA,
        as_text({"schema": schema({}), "payload": {"customerId": 3}}): NO_CHANGE,
        as_text({"schema": {"fields": []}, "payload": payload(None, MARY, "c")}): "its schema has no struct 'before'",
    }
    good = [message(None, MARY, "c")] if after_a_good_one else []
    found = MessageReader(NO_REFERENCES).read(kafka_records(spark, *good, *broken))
    assert found.rows.num_rows == len(good)
    reasons = {letter.position[2]: letter.reason for letter in found.unreadable}
    for offset, reason in enumerate(broken.values(), start=len(good)):
        assert reasons[offset].startswith(reason)
    keys = found.originals([(TOPIC, 0, len(good))])
    assert keys == {(TOPIC, 0, len(good)): (KEY, b"not json")}


def test_an_applications_own_messages_are_about_no_row(spark: SparkSession) -> None:
    logical = {"op": "m", "message": {"prefix": "outbox", "content": "x"}, "source": {"schema": "", "table": ""}}
    texts = [message(None, MARY, "c"), as_text({"schema": {"type": "struct", "fields": []}, "payload": logical})]
    found = MessageReader(NO_REFERENCES).read(kafka_records(spark, *texts))
    assert found.rows["offset"].to_pylist() == [0]
    assert not found.unreadable


def test_what_begins_and_ends_the_reading_of_all_rows_is_read(spark: SparkSession) -> None:
    structs = [{"type": "struct", "fields": [], "optional": True, "field": name} for name in ("before", "after")]
    control = {"type": "struct", "name": "cdc.Control", "optional": False, "fields": structs}
    asked = {"step": "end", "id": "a", "partitions": 1}
    source = {"schema": "public", "table": "customers1", "lsn": 5, "ts_ms": 1}
    body = {"before": None, "after": None, "op": "m", "ts_ms": 1, "source": source, "resnapshot": asked}
    text = as_text({"schema": control, "payload": body})
    found = MessageReader(NO_REFERENCES).read(kafka_records(spark, message(None, MARY, "c"), text, keys=[KEY, None]))
    assert payloads(found)[1]["resnapshot"] == asked
    assert found.schemas[found.rows.sort_by("offset")["schema_id"][1].as_py()].columns == ()
