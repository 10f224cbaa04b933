"""Changes → rows of a change log: the flattened columns of the events, and their position."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson
import pyarrow as pa

from cdc.flattened_rows import column_names
from cdc.lake.column_type import LONG, STRING, ColumnType
from cdc.lake.event import PLACEHOLDER, UNCHANGED, Event, Row
from cdc.row_columns import RowColumns

Columns = dict[str, tuple[ColumnType, pa.Array]]


def change_rows(events: Sequence[Event], columns: RowColumns) -> Columns:
    """`payload.before.<column>` …, `payload.after.<column>` …, `payload.ts_ms`, `payload.op` as text, then

    `payload.source.lsn`, `payload.source.txId`, `payload.source.ts_ms` (milliseconds since 1970), `kafka.partition`
    and `kafka.offset` as whole numbers.
    """
    before, after = ([getattr(event, name) or {} for event in events] for name in ("before", "after"))
    values: Iterable[list[str | None]] = (
        *(_texts(before, name) for name in columns.before),
        *(_texts(after, name) for name in columns.after),
        [_text(event.ts_ms) for event in events],
        [event.op for event in events],
    )
    texts = {
        name: (STRING, pa.array(of_column, pa.string()))
        for name, of_column in zip(column_names(columns), values, strict=True)
    }
    numbers: Mapping[str, list[int | None]] = {
        "payload.source.lsn": [event.lsn for event in events],
        "payload.source.txId": [event.transaction for event in events],
        "payload.source.ts_ms": [event.source_ms for event in events],
        "kafka.partition": [event.partition for event in events],
        "kafka.offset": [event.offset for event in events],
    }
    return {**texts, **{name: (LONG, pa.array(of_column, pa.int64())) for name, of_column in numbers.items()}}


def _texts(rows: Sequence[Row], name: str) -> list[str | None]:
    values = [row.get(name) for row in rows]
    return [value if value is None or type(value) is str else _text(value) for value in values]


def _text(value: Any) -> str | None:
    """As Spark has it in the flattened table: text as it is, everything else as JSON."""
    if value is None or isinstance(value, str):
        return value
    return PLACEHOLDER if value is UNCHANGED else orjson.dumps(value).decode()
