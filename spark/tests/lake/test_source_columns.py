"""PostgreSQL's values, as Debezium encodes them, have their own type in the lake."""

import base64
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from lake.debezium import columns, part
from lake.readers import delta_rs_arrow, with_duckdb
from lake.test_state_table import Lake, Source

from cdc.lake.column_type import ColumnType, common_type

DECIMAL = "org.apache.kafka.connect.data.Decimal"


def unscaled(number: int) -> str:
    return base64.b64encode(number.to_bytes(20, "big", signed=True)).decode()


VALUES = [
    (part("smallint", "int16"), -5, "short", -5),
    (part("integer", "int32"), 7, "integer", 7),
    (part("bigint", "int64"), 2**62, "long", 2**62),
    (part("boolean", "boolean"), True, "boolean", True),
    (part("real", "float"), 1.5, "float", 1.5),
    (part("double", "double"), "Infinity", "double", float("inf")),
    (part("text", "string"), "Ünïcode", "string", "Ünïcode"),
    (part("uuid", "string", "io.debezium.data.Uuid"), "6c1f", "string", "6c1f"),
    (part("json", "string", "io.debezium.data.Json"), '{"a": 1}', "string", '{"a": 1}'),
    (
        part("numeric", "bytes", DECIMAL, parameters={"scale": "2", "connect.decimal.precision": "10"}),
        unscaled(-12345),
        "decimal(10,2)",
        Decimal("-123.45"),
    ),
    (
        part("large_numeric", "bytes", DECIMAL, parameters={"scale": "5", "connect.decimal.precision": "60"}),
        unscaled(10**41 + 1),
        "string",
        "1000000000000000000000000000000000000.00001",
    ),
    (
        part("any_numeric", "struct", "io.debezium.data.VariableScaleDecimal"),
        {"scale": 3, "value": unscaled(1500)},
        "string",
        "1.500",
    ),
    (part("date", "int32", "io.debezium.time.Date"), 19_000, "date", date(2022, 1, 8)),
    (
        part("timestamp3", "int64", "io.debezium.time.Timestamp"),
        1_700_000_000_123,
        "timestamp_ntz",
        datetime(2023, 11, 14, 22, 13, 20, 123_000),
    ),
    (
        part("timestamp", "int64", "io.debezium.time.MicroTimestamp"),
        1_700_000_000_123_456,
        "timestamp_ntz",
        datetime(2023, 11, 14, 22, 13, 20, 123_456),
    ),
    (
        part("timestamptz", "string", "io.debezium.time.ZonedTimestamp"),
        "2024-05-06T07:08:09.5Z",
        "timestamp",
        datetime(2024, 5, 6, 7, 8, 9, 500_000, UTC),
    ),
    (part("time", "int64", "io.debezium.time.MicroTime"), 3_723_000_001, "string", "01:02:03.000001"),
    (part("interval", "int64", "io.debezium.time.MicroDuration"), 5, "long", 5),
    (part("bytea", "bytes"), "AAH/", "binary", b"\x00\x01\xff"),
    (part("array", "array", items={"type": "int32", "optional": True}), [1, None, 3], "array<integer>", [1, None, 3]),
    (
        part("dates", "array", items={"type": "int32", "optional": True, "name": "io.debezium.time.Date"}),
        [0, 1],
        "array<date>",
        [date(1970, 1, 1), date(1970, 1, 2)],
    ),
    (part("point", "struct", "io.debezium.data.geometry.Point"), {"x": 1.0, "y": 2}, "string", "(1,2)"),
]
FIELDS = [part("id", "int64"), *(field for field, *_ in VALUES)]


def test_each_type_is_read_back_as_it_was_by_other_programs(tmp_path):
    lake, source = Lake(tmp_path), Source()
    source.emit("c", None, {"id": 1, **{field["field"]: value for field, value, *_ in VALUES}})
    source.emit("c", None, {"id": 2, **{field["field"]: None for field, *_ in VALUES}})
    typed = columns(FIELDS)
    assert lake.apply(source.take(), {1: typed}).rejected == []
    assert [str(column.type) for column in typed[1:]] == [kind for _, _, kind, _ in VALUES]
    one, two = sorted(delta_rs_arrow(lake.path).to_pylist(), key=lambda row: row["id"])
    for field, _, _, expected in VALUES:
        assert one[field["field"]] == expected, field
        assert two[field["field"]] is None
    query = 'select "numeric" * 2, "timestamp"::date, "array"[3], "date" + 1 from rows where id = 1'
    assert with_duckdb(lake.path, query) == [(Decimal("-246.90"), date(2023, 11, 14), 3, date(2022, 1, 9))]


@pytest.mark.parametrize("key", ["numeric", "date", "timestamptz", "bytea", "uuid"])
def test_a_key_of_any_type_finds_its_row_again_after_the_index_was_lost(tmp_path, key):
    lake, source = Lake(tmp_path, key=(key,)), Source()
    (value,) = (value for field, value, *_ in VALUES if field["field"] == key)
    schemas = {1: columns(FIELDS)}
    source.emit("c", None, {"id": 1, key: value})
    lake.apply(source.take(), schemas)
    lake.restart(lose_index=True)
    source.emit("u", None, {"id": 2, key: value})
    lake.apply(source.take(), schemas)
    assert [row["id"] for row in delta_rs_arrow(lake.path).to_pylist()] == [2]


@pytest.mark.parametrize(
    ("one", "other", "common"),
    [
        ("integer", "long", "long"),
        ("short", "double", "double"),
        ("decimal(5,2)", "decimal(8,1)", "decimal(9,2)"),
        ("integer", "decimal(5,2)", "decimal(12,2)"),
        ("decimal(38,0)", "decimal(38,30)", "string"),
        ("date", "timestamp_ntz", "timestamp_ntz"),
        ("long", "boolean", "string"),
        ("array<integer>", "array<long>", "array<long>"),
    ],
)
def test_the_common_type_of_two_holds_the_values_of_both(one, other, common):
    for pair in ((one, other), (other, one)):
        assert common_type(*map(ColumnType, pair)) == ColumnType(common)
