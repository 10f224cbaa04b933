"""Changes → rows of a change log: the flattened columns of the events, and their position."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
import pyarrow as pa

from cdc.lake.column_type import LONG, STRING, ColumnType
from cdc.lake.columns import columns_of_rows
from cdc.lake.event import PLACEHOLDER, UNCHANGED, Event, Row, Unwritable
from cdc.row_columns import RowColumns

Columns = dict[str, tuple[ColumnType, pa.Array]]


def column_names(columns: RowColumns) -> list[str]:
    """`payload.before.<column>` …, `payload.after.<column>` …, `payload.ts_ms`, `payload.op`: the walkthrough's."""
    return [
        *(f"payload.before.{name}" for name in columns.before),
        *(f"payload.after.{name}" for name in columns.after),
        "payload.ts_ms",
        "payload.op",
    ]


def change_rows(events: Sequence[Event], columns: RowColumns) -> Columns:
    """The columns of `column_names` as text, then

    `payload.source.lsn`, `payload.source.txId`, `payload.source.ts_ms` (milliseconds since 1970), `kafka.partition`
    and `kafka.offset` as whole numbers.
    """
    texts = (
        *_texts_of([event.before for event in events], columns.before, columns.other_names),
        *_texts_of([event.after for event in events], columns.after, columns.other_names),
        _texts([event.ts_ms for event in events]),
        _texts([event.op for event in events]),
    )
    numbers: Mapping[str, list[int | None]] = {
        "payload.source.lsn": [event.lsn for event in events],
        "payload.source.txId": [event.transaction for event in events],
        "payload.source.ts_ms": [event.source_ms for event in events],
        "kafka.partition": [event.partition for event in events],
        "kafka.offset": [event.offset for event in events],
    }
    return {
        **{name: (STRING, array) for name, array in zip(column_names(columns), texts, strict=True)},
        **{name: (LONG, pa.array(values, pa.int64())) for name, values in numbers.items()},
    }


def _texts_of(
    rows: Sequence[Row | None], names: Sequence[str], other_names: Mapping[str, Sequence[str]]
) -> list[pa.Array]:
    if not any(rows):  # no insert has a row before it
        return [pa.nulls(len(rows), pa.string())] * len(names)
    whole = [row or {} for row in rows]
    if other_names:
        whole = [_renamed(row, other_names) for row in whole]
    return [_texts(values) for values in columns_of_rows(whole, names)]


def _renamed(row: Row, other_names: Mapping[str, Sequence[str]]) -> Row:
    found = {name: row[other] for name, others in other_names.items() for other in others if other in row}
    return {**row, **found}


def _texts(values: Sequence[Any]) -> pa.Array:
    """Text as it is, everything else as JSON; what the message does not have as Debezium's placeholder."""
    kinds = set(map(type, values)) - {type(None)}
    if kinds <= {str}:
        return pa.array(values, pa.string())
    if kinds == {int}:
        return pa.array(values, pa.int64()).cast(pa.string())
    return pa.array([_text(value) for value in values], pa.string())


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return PLACEHOLDER if value is UNCHANGED or isinstance(value, Unwritable) else orjson.dumps(value).decode()
