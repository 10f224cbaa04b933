"""Changes → Arrow columns of a lake table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from cdc.lake.column_type import STRING, ColumnType
from cdc.lake.columns import columns_of_rows
from cdc.lake.event import UNCHANGED, Row
from cdc.lake.source_columns import SourceColumn
from cdc.lake.table_schema import Column

CANNOT_CONVERT = (pa.ArrowException, ValueError, TypeError, ArithmeticError, AttributeError, KeyError)


@dataclass(frozen=True)
class Unconvertible:
    """A row that the table's columns cannot hold."""

    index: int
    reason: str


def typed_rows(
    rows: Sequence[Row], source: Sequence[SourceColumn], columns: Sequence[Column]
) -> tuple[dict[str, pa.Array], list[Unconvertible]]:
    """Arrays by column's name, of the source's columns among the table's; UNCHANGED values are null.

    When a row cannot be converted, the rows that cannot are returned instead of the arrays.
    """
    by_name = {column.name: column for column in columns}
    wanted = [(column, by_name[column.name]) for column in source if column.name in by_name]
    try:
        columns = columns_of_rows(rows, [column.name for column, _ in wanted])
        return {
            column.name: _array(values, column, target.type)
            for (column, target), values in zip(wanted, columns, strict=True)
        }, []
    except CANNOT_CONVERT:
        return {}, [found for index, row in enumerate(rows) if (found := _unconvertible(index, row, wanted))]


def cast(array: pa.Array | pa.ChunkedArray, target: ColumnType) -> pa.Array | pa.ChunkedArray:
    """Raises an ArrowException when a value does not fit."""
    if array.type == target.arrow:
        return array
    if target == STRING and pa.types.is_timestamp(array.type) and array.type.tz:
        return pc.strftime(array, format="%Y-%m-%dT%H:%M:%SZ")
    return pc.cast(array, target.arrow)


def convert(value: Any, source: SourceColumn, target: ColumnType) -> Any:
    """One value as Python has it, of the table's type. Raises one of CANNOT_CONVERT."""
    return _array([value], source, target)[0].as_py()


def _array(values: Sequence[Any], source: SourceColumn, target: ColumnType) -> pa.Array:
    decode = source.decode
    if decode is not None:
        values = [None if value is None or value is UNCHANGED else decode(value) for value in values]
    elif UNCHANGED in values:
        values = [None if value is UNCHANGED else value for value in values]
    array = pa.array(values, type=source.type.arrow)
    return cast(array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array, target)


def _unconvertible(index: int, row: Row, columns: Sequence[tuple[SourceColumn, Column]]) -> Unconvertible | None:
    for source, target in columns:
        try:
            _array([row.get(source.name)], source, target.type)
        except CANNOT_CONVERT as error:
            text = str(error).splitlines()[0] if str(error) else type(error).__name__
            return Unconvertible(index, f"column {source.name}, {target.type}: {text}")
    return None
