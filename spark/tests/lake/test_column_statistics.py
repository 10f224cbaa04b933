"""Statistics make readers skip files, and never rows: each finds what it finds in the same rows without statistics."""

import json
import operator
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl
import pyarrow as pa
import pytest
from deltalake import DeltaTable, QueryBuilder
from hypothesis import given, settings
from hypothesis import strategies as st
from lake.predicates import VALUES, Predicate
from lake.twin_tables import HARD, Rows, hard_tables, tables

from cdc.lake.column_statistics import MOST_COLUMNS, ColumnStatistics
from cdc.lake.column_type import LONG, ColumnType
from cdc.lake.table_schema import Column


def with_delta_rs(folder: Path, asked: Sequence[Predicate]) -> list[list[int]]:
    table = QueryBuilder().register("t", DeltaTable(str(folder)))
    answers = [table.execute(f"select id from t where {one.for_delta_rs}").read_all() for one in asked]
    return [sorted(pa.table(answer).column("id").to_pylist()) for answer in answers]


def with_polars(folder: Path, asked: Sequence[Predicate]) -> list[list[int]]:
    table = pl.scan_delta(str(folder))
    return [sorted(table.filter(of_polars(one)).select("id").collect().get_column("id").to_list()) for one in asked]


def of_polars(one: Predicate) -> pl.Expr:
    column = pl.col(one.column)
    if one.operator == "is null":
        return column.is_null()
    if one.operator == "is not null":
        return column.is_not_null()
    kind = pl.from_arrow(pa.array([], ColumnType(one.kind).arrow)).dtype
    names = {"=": "eq", "<>": "ne", "<": "lt", "<=": "le", ">": "gt", ">=": "ge"}
    return getattr(operator, names[one.operator])(column, pl.lit(one.value, kind))


@pytest.mark.parametrize("reader", [with_delta_rs, with_polars])
@pytest.mark.parametrize("hard", HARD)
def test_every_row_is_found_where_bounds_are_hard_to_say(hard, reader):
    for rows, asked in hard_tables(hard):
        compare(rows, asked, reader)


@given(st.sampled_from(list(VALUES)).flatmap(lambda kind: st.tuples(st.just(kind), st.lists(VALUES[kind], min_size=2))))
def test_it_does_not_matter_in_how_many_parts_rows_come(drawn):
    kind, values = drawn
    column = Column("x", ColumnType(kind))
    rows = pa.table([pa.array([*values, None], column.type.arrow)], ["x"])
    whole, parts = ColumnStatistics([column]), ColumnStatistics([column])
    whole.take(rows)
    for number in range(rows.num_rows):
        parts.take(rows.slice(number, 1))
    assert parts.text == whole.text


def test_the_log_of_a_wide_table_stays_short():
    columns = [Column(f"c{number}", LONG) for number in range(MOST_COLUMNS + 10)]
    statistics = ColumnStatistics(columns)
    statistics.take(pa.table([[1]] * len(columns), [column.name for column in columns]))
    known = json.loads("{" + statistics.text + "}")
    assert [len(of) for of in known.values()] == [MOST_COLUMNS] * 3


@given(tables())
@settings(max_examples=200)
def test_delta_rs_finds_every_row(drawn):
    compare(*drawn, with_delta_rs)


@given(tables())
@settings(max_examples=200)
def test_polars_finds_every_row(drawn):
    rows, asked = drawn
    # Polars reads no table that maps its columns.
    compare(replace(rows, mapped=False), asked, with_polars)


def compare(rows: Rows, asked: list[Predicate], reader: Callable[[Path, Sequence[Predicate]], list[list[int]]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        found = []
        for stays in (True, False):
            path = Path(folder) / str(stays)
            rows.write(path, stays=stays)
            found.append(reader(path, asked))
        assert found[0] == found[1]
