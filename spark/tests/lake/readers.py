"""Reads a table the way its users do: with programs that did not write it."""

from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from deltalake import DeltaTable, QueryBuilder

Row = dict[str, Any]


def with_delta_rs(table: Path, query: str = "select * from t") -> list[Row]:
    return delta_rs_arrow(table, query).to_pylist()


def delta_rs_arrow(table: Path, query: str = "select * from t") -> pa.Table:
    return pa.table(QueryBuilder().register("t", DeltaTable(str(table))).execute(query).read_all())


def with_duckdb(table: Path, query: str) -> list[tuple[Any, ...]]:
    rows = delta_rs_arrow(table)  # noqa: F841 DuckDB finds it by its name
    return duckdb.sql(query).fetchall()
