"""What the converter cdc.connect.ExactValues writes is in the lake as PostgreSQL has it."""

import base64
import json
import math
from datetime import UTC, date, datetime
from decimal import Decimal

import pyarrow as pa
import pytest
from lake.debezium import columns, part
from lake.test_source_columns import unscaled
from lake.typed_table import only, table_columns, typed, written_and_read

from cdc.lake.column_type import ColumnType
from cdc.lake.event import UNCHANGED, Unwritable
from cdc.lake.rescued import carried, rescued_json, rescued_texts, restored
from cdc.lake.rows import NeedsColumns, Unconvertible, ValueRules, typed_rows, unconvertible
from cdc.lake.source_columns import are_exact


def exact(name, kind, **parameters):
    return part(name, "string", f"cdc.{kind}", **({"parameters": parameters} if parameters else {}))


def array_of(element, **parameters):
    return exact("a", "Array", element=element, **parameters)


VALUES = [
    (part("x", "boolean"), True, "boolean", True),
    (part("x", "int64"), 4294967295, "long", 4294967295),
    (part("x", "float"), 0.1, "float", pytest.approx(0.1)),
    (part("x", "double"), "-Infinity", "double", -math.inf),
    (exact("x", "Numeric"), "12300", "string", "12300"),
    (exact("x", "Numeric"), "NaN", "string", "NaN"),
    (exact("x", "Numeric", precision="10", scale="2"), "1.50", "decimal(10,2)", Decimal("1.50")),
    (exact("x", "Numeric", precision="38", scale="0"), "9" * 38, "decimal(38,0)", Decimal("9" * 38)),
    (exact("x", "Numeric", precision="39", scale="0"), "9" * 39, "string", "9" * 39),
    (exact("x", "Numeric", precision="5", scale="-2"), "12300", "decimal(7,0)", Decimal(12300)),
    (exact("x", "Numeric", precision="5", scale="2046"), "12300", "decimal(7,0)", Decimal(12300)),
    (exact("x", "Numeric", precision="3", scale="5"), "0.00012", "decimal(5,5)", Decimal("0.00012")),
    (exact("x", "Numeric", precision="19", scale="2"), "-92233720368547758.08", "decimal(19,2)", None),
    (exact("x", "Date"), "2024-02-29", "date", date(2024, 2, 29)),
    (exact("x", "Date"), "1582-10-10", "date", date(1582, 10, 10)),
    (exact("x", "Timestamp"), "2024-01-01 12:00:00.5", "timestamp_ntz", datetime(2024, 1, 1, 12, 0, 0, 500_000)),
    (exact("x", "TimestampTz"), "2024-01-01 10:00:00.5+00", "timestamp", datetime(2024, 1, 1, 10, 0, 0, 500_000, UTC)),
    (exact("x", "Bytes"), "AAH/", "binary", b"\x00\x01\xff"),
    (exact("x", "Vector"), "[1,2.5,-3e-05]", "array<float>", pytest.approx([1, 2.5, -3e-05])),
    (exact("x", "Text"), "1 year 2 mons -3 days +04:05:06.5", "string", "1 year 2 mons -3 days +04:05:06.5"),
    (exact("x", "Text"), '{"a": NULL}', "string", '{"a": NULL}'),
    (exact("x", "Kind of a later version"), "text", "string", "text"),
    (array_of("int4"), "{1,NULL,3}", "array<integer>", [1, None, 3]),
    (array_of("int4"), "[0:2]={1,2,3}", "array<integer>", [1, 2, 3]),
    (array_of("int2"), "{}", "array<short>", []),
    (array_of("oid"), "{4294967295}", "array<long>", [4294967295]),
    (array_of("bool"), "{t,f,NULL}", "array<boolean>", [True, False, None]),
    (array_of("float8"), "{0.25,-Infinity,1e+20}", "array<double>", [0.25, -math.inf, 1e20]),
    (array_of("numeric"), "{1.50,NaN,NULL}", "array<string>", ["1.50", "NaN", None]),
    (array_of("numeric", precision="10", scale="2"), "{1.50,NULL}", "array<decimal(10,2)>", [Decimal("1.50"), None]),
    (array_of("date"), "{2024-02-29}", "array<date>", [date(2024, 2, 29)]),
    (array_of("timestamp"), '{"2024-01-01 00:00:00.1"}', "array<timestamp_ntz>", [datetime(2024, 1, 1, 0, 0, 0, 100_000)]),  # noqa: E501
    (array_of("timestamptz"), '{"2024-01-01 00:00:00+00",NULL}', "array<timestamp>", [datetime(2024, 1, 1, 0, 0, tzinfo=UTC), None]),  # noqa: E501
    (array_of("bytea"), r'{"\\x00ff","\\x"}', "array<binary>", [b"\x00\xff", b""]),
    (array_of("time"), "{12:34:56.123456,24:00:00}", "array<string>", ["12:34:56.123456", "24:00:00"]),
    (array_of("state"), '{ok,NULL,"a,b"}', "array<string>", ["ok", None, "a,b"]),
    (array_of("bpchar"), '{"ab  ",cdef}', "array<string>", ["ab  ", "cdef"]),
    (array_of("json"), r'{"{\"a\": 1}"}', "array<string>", ['{"a": 1}']),
    (array_of("bit"), "{101,000}", "array<string>", ["101", "000"]),
    (array_of("box"), "{(1,1),(0,0);(3,4),(1,2)}", "array<string>", ["(1,1),(0,0)", "(3,4),(1,2)"]),
    (array_of("text"), '{NULL,"NULL","","x y"}', "array<string>", [None, "NULL", "", "x y"]),
]  # fmt: skip
FIELDS = [part("id", "int64"), *({**field, "field": f"c{number}"} for number, (field, *_) in enumerate(VALUES))]


def test_each_type_is_read_back_as_it_was_by_another_program(tmp_path):
    rows = [
        {"id": 1, **{f"c{number}": value for number, (_, value, *_) in enumerate(VALUES)}},
        {"id": 2, **{f"c{number}": None for number in range(len(VALUES))}},
    ]
    assert [str(column.type) for column in columns(FIELDS)[1:]] == [kind for _, _, kind, _ in VALUES]
    one, two = written_and_read(tmp_path, rows, FIELDS)
    for number, (field, value, _, expected) in enumerate(VALUES):
        assert one[f"c{number}"] == (Decimal(value) if expected is None else expected), field
        assert two[f"c{number}"] is None


def test_a_schema_says_whether_it_is_exact_and_which_columns_have_a_default():
    read = columns([part("id", "int64"), exact("a", "Text", default="true"), exact("b", "Numeric", default="true")])
    assert [(column.exact, column.has_default) for column in read] == [(False, False), (True, True), (True, True)]
    assert are_exact(read)
    assert columns([part("n", "int32", default=5)])[0].has_default
    assert not are_exact(columns([part("id", "int64"), part("a", "string", "io.debezium.data.Json")]))


NATIVE_DECIMAL = part(
    *("x", "bytes", "org.apache.kafka.connect.data.Decimal"),
    parameters={"scale": "2", "connect.decimal.precision": "10"},
)
RESCUED = [
    (exact("x", "Date"), "infinity", "infinity"),
    (exact("x", "Date"), "0044-03-15 BC", "0044-03-15 BC"),
    (exact("x", "Date"), "5874897-12-31", "5874897-12-31"),
    (exact("x", "Timestamp"), "-infinity", "-infinity"),
    (exact("x", "Timestamp"), "294276-12-31 23:59:59.999999", "294276-12-31 23:59:59.999999"),
    (exact("x", "TimestampTz"), "0044-03-15 00:00:00+00 BC", "0044-03-15 00:00:00+00 BC"),
    (exact("x", "TimestampTz"), "10000-01-01 00:00:00+00", "10000-01-01 00:00:00+00"),
    (exact("x", "Numeric", precision="10", scale="2"), "NaN", "NaN"),
    (exact("x", "Numeric", precision="10", scale="2"), "-Infinity", "-Infinity"),
    (array_of("date"), '{2024-01-01,"0044-03-15 BC"}', '{2024-01-01,"0044-03-15 BC"}'),
    (array_of("timestamptz"), "{infinity,-infinity}", "{infinity,-infinity}"),
    (array_of("numeric", precision="5", scale="1"), "{1.5,NaN}", "{1.5,NaN}"),
    (part("x", "int32", "io.debezium.time.Date"), 2146033979, "infinity"),
    (part("x", "int32", "io.debezium.time.Date"), -2147483648, "-infinity"),
    (part("x", "int32", "io.debezium.time.Date"), -719528, "0001-01-01 BC"),
    (part("x", "int64", "io.debezium.time.MicroTimestamp"), 9223372036825200000, "infinity"),
    (part("x", "int64", "io.debezium.time.MicroTimestamp"), -9223372036832400000, "-infinity"),
    (part("x", "int64", "io.debezium.time.MicroTimestamp"), 9223371331200000000, "infinity"),
    (part("x", "int64", "io.debezium.time.MicroTimestamp"), -210863520000000000, "4713-01-01 00:00:00 BC"),
    (part("x", "int64", "io.debezium.time.Timestamp"), 9223372036825200000, "infinity"),
    (part("x", "int64", "io.debezium.time.Timestamp"), 253402300800500, "10000-01-01 00:00:00.5"),
    (part("x", "string", "io.debezium.time.ZonedTimestamp"), "infinity", "infinity"),
    (part("x", "string", "io.debezium.time.ZonedTimestamp"), "+10000-01-01T00:00:00Z", "10000-01-01 00:00:00+00"),
    (part("x", "string", "io.debezium.time.ZonedTimestamp"), "-0043-03-15T00:00:00.5Z", "0044-03-15 00:00:00.5+00 BC"),
    (part("x", "string", "io.debezium.time.IsoDate"), "-0043-03-15Z", "0044-03-15 BC"),
    (part("x", "array", items={"type": "int32", "name": "io.debezium.time.Date"}), [0, -719528], '{1970-01-01,"0001-01-01 BC"}'),  # noqa: E501
]  # fmt: skip


@pytest.mark.parametrize(("field", "value", "text"), RESCUED)
def test_what_the_lakes_type_does_not_hold_is_null_and_its_text_is_rescued(tmp_path, field, value, text):
    fields = [part("id", "int64"), {**field, "field": "x"}]
    rows = [{"id": 1, "x": None}, {"id": 2, "x": value}, {"id": 3, "x": None}]
    one, two, three = written_and_read(tmp_path, rows, fields)
    assert (two["id"], two["x"], json.loads(two["_rescued_data"])) == (2, None, {"x": text})
    assert [row["_rescued_data"] for row in (one, three)] == [None, None]


def test_the_other_values_of_the_column_and_the_row_are_there():
    fields = [part("id", "int64"), exact("day", "Date"), exact("at", "Timestamp"), array_of("date")]
    rows = [
        {"id": 1, "day": "2024-01-01", "at": "infinity", "a": "{2024-01-01}"},
        {"id": 2, "day": "-infinity", "at": "2024-01-01 00:00:00", "a": "{infinity}"},
        {"id": 3, "day": "2024-01-03", "at": "-infinity", "a": '{"0001-01-01 BC",NULL}'},
    ]
    arrays, bad, _ = typed(rows, fields)
    assert bad == []
    assert arrays["day"].to_pylist() == [date(2024, 1, 1), None, date(2024, 1, 3)]
    assert arrays["at"].to_pylist() == [None, datetime(2024, 1, 1), None]
    assert arrays["a"].to_pylist() == [[date(2024, 1, 1)], None, None]
    assert [rescued_texts(text) for text in arrays["_rescued_data"].to_pylist()] == [
        {"at": "infinity"},
        {"day": "-infinity", "a": "{infinity}"},
        {"at": "-infinity", "a": '{"0001-01-01 BC",NULL}'},
    ]


def test_the_table_says_what_it_needs_before_anything_is_converted():
    fields = [exact("day", "Date"), array_of("int4")]
    table = table_columns(fields)
    with pytest.raises(NeedsColumns) as needs:
        typed_rows([{"day": "infinity", "a": "{{1,2},{3,4}}"}], columns(fields), table)
    assert needs.value.columns == [("a", ColumnType("string")), ("_rescued_data", ColumnType("string"))]
    arrays, _, _ = typed([{"day": None, "a": "{{1,2},{3,4}}"}, {"day": None, "a": "{1}"}], fields)
    assert arrays["a"].to_pylist() == ["{{1,2},{3,4}}", "{1}"]


def test_a_table_that_is_not_to_follow_rejects_arrays_of_more_dimensions():
    fields = [array_of("int4")]
    rows = [{"a": "{1}"}, {"a": "{{1}}"}]
    found = unconvertible(rows, columns(fields), table_columns(fields), ValueRules(follow=False))
    assert found == [Unconvertible(1, "column a, array<integer>: an array of more than one dimension")]


def test_values_out_of_range_are_rejected_where_that_is_asked_for():
    fields = [exact("day", "Date"), array_of("date"), exact("n", "Numeric", precision="4", scale="1")]
    rows = [{"day": "infinity"}, {"day": "2024-01-01"}, {"a": "{infinity}"}, {"n": "NaN"}]
    found = unconvertible(rows, columns(fields), table_columns(fields), ValueRules(out_of_range="reject"))
    assert found == [
        Unconvertible(0, "column day, date: it is outside of the years 1 to 9999"),
        Unconvertible(2, "column a, array<date>: it is outside of the years 1 to 9999"),
        Unconvertible(3, "column n, decimal(4,1): it is outside of the finite numbers of decimal(4,1)"),
    ]


def test_every_row_that_cannot_be_converted_is_found_in_one_pass():
    fields = [part("id", "int64"), exact("day", "Date"), exact("raw", "Bytes")]
    rows = [
        {"id": 1, "day": "soon", "raw": "%"},
        {"id": 2, "day": "2024-01-01", "raw": "AA=="},
        {"id": 3, "day": UNCHANGED, "raw": "A"},
        {"id": 4, "day": Unwritable("NullPointerException"), "raw": None},
        {"id": 2**70, "day": 5, "raw": None},
    ]
    found = unconvertible(rows, columns(fields), table_columns(fields))
    assert [item.index for item in found] == [0, 2, 3, 4]
    assert found[0].reason == "column day, date: 'soon' is no date"
    assert found[2].reason == "column day, date: NullPointerException"
    assert typed(rows, fields)[:2] == ({}, found)


def test_debeziums_number_that_ran_over_is_no_moment_before_christ():
    fields = [part("at", "int64", "io.debezium.time.MicroTimestamp")]
    (found,) = unconvertible([{"at": -9222426057709551616}], columns(fields), table_columns(fields))
    assert "ran over" in found.reason
    fields = [part("for", "int64", "io.debezium.time.MicroDuration")]
    (found,) = unconvertible([{"for": 2**63 - 1}, {"for": 5}], columns(fields), table_columns(fields))
    assert (found.index, "interval.handling.mode" in found.reason) == (0, True)


NATIVE = [
    (part("x", "struct", "io.debezium.data.VariableScaleDecimal"), {"scale": -2, "value": unscaled(123)}, "12300"),
    (part("x", "struct", "io.debezium.data.VariableScaleDecimal"), {"scale": 10, "value": unscaled(0)}, "0.0000000000"),
    (NATIVE_DECIMAL, unscaled(0), Decimal("0.00")),
    (
        part(
            *("x", "bytes", "org.apache.kafka.connect.data.Decimal"),
            parameters={"scale": "2046", "connect.decimal.precision": "5"},
        ),
        base64.b64encode((123 * 10**2048).to_bytes(900, "big", signed=True)).decode(),
        Decimal(12300),
    ),
    (
        part("x", "bytes", "org.apache.kafka.connect.data.Decimal", parameters={"scale": "2"}),
        unscaled(-123450),
        Decimal("-1234.50"),
    ),
    (
        part("x", "array", items={"type": "struct", "name": "io.debezium.data.VariableScaleDecimal"}),
        [{"scale": 1, "value": unscaled(15)}, None],
        ["1.5", None],
    ),
    (part("x", "array", items={"type": "array", "items": {"type": "int32"}}), [[1, 2], [3, None]], "{{1,2},{3,NULL}}"),
    (part("x", "array", "io.debezium.data.DoubleVector", items={"type": "double"}), [1.0, 2.5], [1.0, 2.5]),
    (part("x", "map"), {"bb": "1", "ü": None, "a": 'x"y'}, '{"a": "x\\"y", "bb": "1", "ü": null}'),
    (part("x", "struct"), {"wkb": "AA", "srid": None}, '{"wkb":"AA","srid":null}'),
    (part("x", "int64", "io.debezium.time.MicroTime"), 45_296_100_000, "12:34:56.1"),
    (part("x", "string", "io.debezium.time.ZonedTime"), "10:00:00.5Z", "10:00:00.5+00"),
    (part("x", "string", "io.debezium.time.Interval"), "P1Y2M-3DT4H5M6.5S", "1 year 2 mons -3 days +04:05:06.5"),
    (part("x", "string", "io.debezium.time.Interval"), "P-1Y-1M", "-1 years -1 mons"),
    (part("x", "string", "io.debezium.time.Interval"), "P0Y-1M2DT-1S", "-1 mons +2 days -00:00:01"),
    (part("x", "string", "io.debezium.time.Interval"), "PT-0.5S", "-00:00:00.5"),
    (part("x", "string", "io.debezium.time.Interval"), "P0Y0M0DT0H0M0S", "00:00:00"),
    (part("x", "string", "io.debezium.time.IsoDate"), "2024-02-29Z", date(2024, 2, 29)),
    (part("x", "string", "io.debezium.time.IsoTimestamp"), "2024-02-29T10:00:00Z", datetime(2024, 2, 29, 10)),
    (part("x", "string", "io.debezium.time.ZonedTimestamp"), "2024-05-06T07:08Z", datetime(2024, 5, 6, 7, 8, tzinfo=UTC)),  # noqa: E501
]  # fmt: skip


@pytest.mark.parametrize(("field", "value", "expected"), NATIVE)
def test_debeziums_own_forms_end_in_the_same_values(field, value, expected):
    arrays, bad, _ = typed([{"x": value}], [field])
    assert bad == []
    assert only(arrays["x"]) == expected


def test_what_was_rescued_stays_with_a_value_that_was_not_logged():
    old = rescued_json({"a": "{infinity}", "day": "infinity"})
    assert rescued_texts(carried(None, old, ["a"])) == {"a": "{infinity}"}
    assert rescued_texts(carried(rescued_json({"b": "NaN"}), old, ["a", "b"])) == {"b": "NaN", "a": "{infinity}"}
    assert carried(None, old, ["b"]) is None
    assert carried(None, None, ["a"]) is None


def test_a_column_that_becomes_text_gets_back_what_was_rescued():
    table = pa.table(
        {
            "day": pa.array(["2024-01-01", None, None, None]),
            "at": pa.array([None, None, datetime(2024, 1, 1), None], pa.timestamp("us")),
            "_rescued_data": ['{"at":"infinity"}', '{"day":"infinity","at":"-infinity"}', None, "not ours"],
        }
    )
    found = restored(table)
    assert found.column("day").to_pylist() == ["2024-01-01", "infinity", None, None]
    assert [rescued_texts(text) for text in found.column("_rescued_data").to_pylist()] == [
        {"at": "infinity"},
        {"at": "-infinity"},
        {},
        {},
    ]
