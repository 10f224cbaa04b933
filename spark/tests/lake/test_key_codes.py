"""A key has one code, from a message and from a data file, and keys that are not equal have others."""

import math
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cdc.lake.column_names import RESCUED
from cdc.lake.column_type import STRING, ColumnType
from cdc.lake.key_codes import codes_of_keys, codes_of_numbers, codes_of_rows
from cdc.lake.keys import canonical
from cdc.lake.rescued import rescued_json, rescued_texts
from cdc.lake.table_schema import Column

SECRET = bytes(range(16))
NAIVE = st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 31))
KINDS = {
    "short": st.integers(-(2**15), 2**15 - 1),
    "integer": st.integers(-(2**31), 2**31 - 1),
    "long": st.integers(-(2**63), 2**63 - 1),
    "boolean": st.booleans(),
    "string": st.text(max_size=20),
    "binary": st.binary(max_size=20),
    "float": st.floats(width=32),
    "double": st.floats(),
    "date": st.dates(date(1, 1, 1), date(9999, 12, 31)),
    "timestamp": NAIVE.map(lambda moment: moment.replace(tzinfo=UTC)),
    "timestamp_ntz": NAIVE,
    "decimal(20,4)": st.integers(-(10**19), 10**19).map(lambda number: Decimal(number).scaleb(-4)),
    "array<integer>": st.lists(st.one_of(st.none(), st.integers(-5, 5)), max_size=3),
}
HAVE_TEXTS = ("date", "timestamp", "timestamp_ntz", "decimal(20,4)")
OUT_OF_RANGE = st.sampled_from(["infinity", "-infinity", "0044-03-15 BC", "NaN"])


@st.composite
def tables(draw: st.DrawFn) -> tuple[pa.Table, list[Column]]:
    kinds = draw(st.lists(st.sampled_from(list(KINDS)), min_size=1, max_size=3))
    columns = [Column(f"c{number}", ColumnType(kind)) for number, kind in enumerate(kinds)]
    count = draw(st.integers(1, 6))
    rescued: list[dict[str, str]] = [{} for _ in range(count)]
    arrays = []
    for column in columns:
        values = draw(st.lists(KINDS[column.type.name], min_size=count, max_size=count))
        if column.type.name in HAVE_TEXTS:
            for row in draw(st.sets(st.integers(0, count - 1))):
                values[row], rescued[row][column.name] = None, draw(OUT_OF_RANGE)
        arrays.append(pa.array(values, column.type.arrow))
    arrays.append(pa.array([rescued_json(texts) for texts in rescued], pa.string()))
    return pa.table(arrays, [*(column.name for column in columns), RESCUED]), columns


def key_of(row: dict[str, Any], columns: list[Column]) -> tuple[Any, ...]:
    """As it comes from a message."""
    texts = rescued_texts(row[RESCUED])
    values = ((column, row[column.name]) for column in columns)
    return tuple(texts[column.name] if value is None else canonical(value, column.type) for column, value in values)


@settings(max_examples=300)
@given(tables(), st.integers(0, 3))
def test_the_code_of_a_row_is_that_of_its_key_and_equal_keys_alone_have_equal_codes(drawn, first):
    rows, columns = drawn
    keys = [key_of(row, columns) for row in rows.to_pylist()]
    of_rows, keyed = codes_of_rows(rows, columns, SECRET)
    assert keyed.all()
    codes = of_rows.numbers
    assert codes_of_keys(keys, columns, SECRET).numbers == codes
    assert [[one == other for other in codes] for one in codes] == [[one == other for other in keys] for one in keys]
    assert codes_of_rows(rows.slice(first), columns, SECRET)[0].numbers == codes[first:]
    assert codes_of_numbers(codes).numbers == codes


def test_whole_numbers_are_in_their_order():
    numbers = [-(2**63), -5, 0, 7, 2**63 - 1]
    codes = codes_of_keys([(number,) for number in numbers], [Column("id", ColumnType("long"))], SECRET)
    assert (np.diff(codes.firsts.astype(object)) > 0).all()


def test_a_column_that_gets_wider_leaves_keys_as_they_were():
    keys = [(-3,), (4,)]
    found = {tuple(codes_of_keys(keys, [Column("id", ColumnType(kind))], SECRET).numbers) for kind in ("short", "long")}
    assert len(found) == 1


@pytest.mark.parametrize("kind", ["float", "double"])
def test_zeros_are_equal_and_so_are_nans(kind):
    rows = pa.table({"x": pa.array([0.0, -0.0, math.nan, -math.nan], ColumnType(kind).arrow)})
    zero, minus, nan, other = codes_of_rows(rows, [Column("x", ColumnType(kind))], SECRET)[0].numbers
    assert zero == minus
    assert nan == other != zero


def test_null_is_no_key():
    rows = pa.table({"a": ["x", None, "z"], "b": pa.array([1, 2, None], pa.int64())})
    _, keyed = codes_of_rows(rows, [Column("a", STRING), Column("b", ColumnType("long"))], SECRET)
    assert keyed.tolist() == [True, False, False]
