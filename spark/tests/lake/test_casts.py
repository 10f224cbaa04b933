"""Every pair of an old and a new type of a column ends in a value, or in a letter for that one row."""

import math
from datetime import UTC, date, datetime
from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lake.debezium import columns, part
from lake.test_exact_values import array_of, exact
from lake.typed_table import table_columns

from cdc.lake.column_type import ColumnType, common_type
from cdc.lake.pg_value import text_of
from cdc.lake.rows import ValueRules, cast, typed_rows, unconvertible
from cdc.lake.table_schema import Column

SOURCES = {
    "boolean": (part("x", "boolean"), [True, False]),
    "short": (part("x", "int16"), [-5, 2**15 - 1]),
    "integer": (part("x", "int32"), [7, -(2**31)]),
    "long": (part("x", "int64"), [2**62, -(2**63)]),
    "float": (part("x", "float"), [1.5, 0.1, "NaN", 1e30]),
    "double": (part("x", "double"), [1e300, 0.1, "-Infinity"]),
    "numeric": (exact("x", "Numeric"), ["12300", "NaN", "1.50", "1" * 60]),
    "decimal": (exact("x", "Numeric", precision="10", scale="2"), ["1.50", "-99999999.99", "NaN"]),
    "wide decimal": (exact("x", "Numeric", precision="38", scale="10"), ["0.0000000000", "1.0000000001"]),
    "date": (exact("x", "Date"), ["2024-02-29", "infinity", "0044-03-15 BC"]),
    "timestamp": (exact("x", "Timestamp"), ["2024-01-01 12:00:00.5", "-infinity"]),
    "timestamptz": (exact("x", "TimestampTz"), ["2024-01-01 12:00:00+00", "infinity"]),
    "bytea": (exact("x", "Bytes"), ["/wA=", ""]),
    "text": (exact("x", "Text"), ["x y", "", "{a,b}", "12", "infinity", "t"]),
    "integer[]": (array_of("int4"), ["{1,NULL,3}", "{}", "{{1,2},{3,4}}"]),
    "text[]": (array_of("text"), ['{"a b",NULL,"NULL"}', "{1,2}"]),
    "bytea[]": (array_of("bytea"), [r'{"\\xff00"}']),
    "boolean[]": (array_of("bool"), ["{t,NULL}"]),
    "date[]": (array_of("date"), ["{2024-02-29}", "{infinity}"]),
    "decimal[]": (array_of("numeric", precision="10", scale="2"), ["{1.50}", "{NaN}"]),
    "vector": (exact("x", "Vector"), ["[1,2.5]"]),
    "date in days": (part("x", "int32", "io.debezium.time.Date"), [19_000, 2146033979]),
    "microseconds": (part("x", "int64", "io.debezium.time.MicroTimestamp"), [1_700_000_000_123_456]),
    "lists": (part("x", "array", items={"type": "int32", "optional": True}), [[1, None], []]),
}
SOURCES = {name: ({**field, "field": "x"}, values) for name, (field, values) in SOURCES.items()}


def of(name: str):
    field, values = SOURCES[name]
    return columns([field]), [{"x": value} for value in values]


@pytest.mark.parametrize("old", SOURCES)
def test_a_column_of_another_type_keeps_its_old_values_and_takes_all_new_ones(old):
    for new in SOURCES:
        check_change(old, new)


def check_change(old, new):
    (before,), rows = of(old)
    (after,), new_rows = of(new)
    together = common_type(before.type, after.type)
    for source, of_source in ((before, rows), (after, new_rows)):
        table = [Column("x", together), Column("_rescued_data", ColumnType("string"))]
        flat = [row for row in of_source if not str(row["x"]).startswith("{{")]
        arrays, bad = typed_rows(flat, [source], table)
        assert bad == []
        stored = typed_rows(flat, [source], [Column("x", source.type), table[1]])[0]
        as_rewritten = cast(stored["x"], together)
        for row, new_value, kept, rescued in zip(
            flat, arrays["x"].to_pylist(), as_rewritten.to_pylist(), stored["_rescued_data"].to_pylist(), strict=True
        ):
            # PostgreSQL's text of a vector has other brackets than that of an array.
            if rescued is None and (source.type.name != "array<float>" or together != ColumnType("string")):
                assert same(new_value, kept), (old, new, row)


def same(one, other) -> bool:
    return one == other or (isinstance(one, float) and math.isnan(one) and math.isnan(other))


@pytest.mark.parametrize("kept", SOURCES)
def test_a_column_that_is_not_to_follow_takes_what_fits_and_names_the_rest(kept):
    for new in SOURCES:
        for out_of_range in ("rescue", "reject"):
            check_kept(kept, new, out_of_range)


def check_kept(kept, new, out_of_range):
    ((column,), _), ((source,), rows) = of(kept), of(new)
    table = [Column("x", column.type), Column("_rescued_data", ColumnType("string"))]
    rules = ValueRules(out_of_range, follow=False)
    bad = {item.index: item.reason for item in unconvertible(rows, [source], table, rules)}
    assert all(reason.startswith(f"column x, {column.type}: ") for reason in bad.values())
    good = [row for index, row in enumerate(rows) if index not in bad]
    arrays, none = typed_rows(good, [source], table, rules)
    assert none == []
    assert len(arrays["x"]) == len(good)
    assert arrays["x"].type == column.type.arrow
    # Nothing disappears: what is NULL was rescued.
    rescued = arrays["_rescued_data"].to_pylist()
    assert all(value is not None or text for value, text in zip(arrays["x"].to_pylist(), rescued, strict=True))


STORED = [
    ("boolean", [True, None], ["true", None]),
    ("long", [-5], ["-5"]),
    ("float", [0.1, 1e6], ["0.1", "1e+06"]),
    ("double", [1e15, -0.0], ["1e+15", "-0"]),
    ("decimal(20,10)", [Decimal("0E-10"), Decimal("5")], ["0.0000000000", "5.0000000000"]),
    ("date", [date(1, 1, 1)], ["0001-01-01"]),
    ("timestamp", [datetime(2024, 1, 1, 12, 0, 0, 500_000, UTC)], ["2024-01-01 12:00:00.5+00"]),
    ("timestamp_ntz", [datetime(2024, 1, 1)], ["2024-01-01 00:00:00"]),
    ("binary", [b"\xff\x00"], ["\\xff00"]),
    ("array<string>", [["a b", None], None, []], ['{"a b",NULL}', None, "{}"]),
    ("array<boolean>", [[True, False]], ["{t,f}"]),
    ("array<binary>", [[b"\xff"]], [r'{"\\xff"}']),
]


@pytest.mark.parametrize(("kind", "values", "texts"), STORED)
def test_stored_values_become_postgresqls_text(kind, values, texts):
    array = pa.array(values, ColumnType(kind).arrow)
    assert cast(array, ColumnType("string")).to_pylist() == texts
    parts = pa.chunked_array([array, array.slice(0, 0), array])
    assert cast(parts, ColumnType("string")).to_pylist() == texts * 2


def test_dates_that_an_older_version_stored_as_numbers_do_not_stop_a_rewrite():
    days = pa.array([0, 2146033979, -719528, None], pa.int32()).cast(pa.date32())
    assert cast(days, ColumnType("string")).to_pylist() == ["1970-01-01", "infinity", "0001-01-01 BC", None]
    moments = cast(days, ColumnType("timestamp_ntz"))
    assert moments.cast(pa.int64()).to_pylist()[:2] == [0, None]
    wrapped = pa.array([-9222426057709551616], pa.int64()).cast(pa.timestamp("us"))
    assert cast(wrapped, ColumnType("string")).to_pylist() == ["-9222426057709551616"]


def test_lists_are_widened_element_by_element():
    array = pa.array([[1, None], None, [], [3]], pa.list_(pa.int32()))
    for part_of, expected in ((array, [[1, None], None, [], [3]]), (array.slice(1), [None, [], [3]])):
        assert cast(part_of, ColumnType("array<long>")).to_pylist() == expected
        texts = [each and [element and str(element) for element in each] for each in expected]
        assert cast(part_of, ColumnType("array<string>")).to_pylist() == texts


VALUES = {
    "boolean": st.booleans(),
    "short": st.integers(-(2**15), 2**15 - 1),
    "integer": st.integers(-(2**31), 2**31 - 1),
    "long": st.integers(-(2**63), 2**63 - 1),
    "float": st.floats(width=32, allow_nan=False),
    "double": st.floats(allow_nan=False),
    "decimal(12,3)": st.decimals(-(10**8), 10**8, places=3),
    "date": st.dates(),
    "timestamp": st.datetimes(timezones=st.just(UTC)),
    "timestamp_ntz": st.datetimes(),
    "binary": st.binary(max_size=20),
    "string": st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])),
}


@given(st.data())
def test_any_value_survives_the_way_to_the_common_type_and_to_text(data):
    old, new = (data.draw(st.sampled_from(sorted(VALUES))) for _ in range(2))
    values = data.draw(st.lists(st.none() | VALUES[old], max_size=4))
    for wrap in (lambda kind: kind, lambda kind: f"array<{kind}>"):
        kind = ColumnType(wrap(old))
        stored = pa.array(values if kind.element is None else [values, None], kind.arrow)
        target = common_type(kind, ColumnType(wrap(new)))
        after = cast(stored, target)
        assert after.type == target.arrow
        assert after.null_count == stored.null_count
        texts = cast(stored, ColumnType("string")).to_pylist()
        present = [value for value in stored.to_pylist() if value is not None]
        assert [text for text in texts if text is not None] == [text_of(value, kind) for value in present]


@pytest.mark.parametrize(
    ("one", "other", "common"),
    [
        ("integer", "float", "double"),
        ("boolean", "integer", "string"),
        ("decimal(10,2)", "double", "string"),
        ("long", "double", "string"),
        ("date", "timestamp", "string"),
        ("timestamp", "timestamp_ntz", "string"),
        ("array<integer>", "array<string>", "array<string>"),
        ("array<integer>", "integer", "string"),
        ("decimal(38,0)", "decimal(38,30)", "string"),
    ],
)
def test_what_nothing_narrower_holds_is_text(one, other, common):
    for pair in ((one, other), (other, one)):
        assert common_type(*map(ColumnType, pair)) == ColumnType(common)


def test_the_cases_of_a_column_that_becomes_another_kind():
    """/work/shared/cases/column-becomes-another-kind, seen from the lake."""
    text = [Column("x", ColumnType("string"))]
    for new in ("text[]", "bytea", "date"):
        (source,), rows = of(new)
        assert typed_rows(rows, [source], text)[0]["x"].to_pylist() == [
            text if new != "bytea" else text_of(b, ColumnType("binary"))
            for text, b in zip([row["x"] for row in rows], [b"\xff\x00", b""] * 3, strict=False)
        ]
    assert table_columns([array_of("text")])[0].type == ColumnType("array<string>")
