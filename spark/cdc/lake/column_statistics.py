"""What the log says of a file's columns, by which readers skip files (Delta protocol, "Per-file Statistics"). Pure.

A bound that is too narrow loses rows; one that is missing only makes readers look into the file.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from cdc.lake.table_schema import Column

MOST_COLUMNS = 32
"""the first so many columns have some, as Delta's own writers have it: the log of a wide table stays short"""
LONGEST_TEXT = 32
"""letters of a text that are kept"""
_GREATEST_LETTER = "\U0010ffff"
_EPOCH = datetime(1970, 1, 1)
_EPOCH_DAY = _EPOCH.toordinal()
_WITHOUT_BOUNDS = ("boolean", "binary")
"""types for which Delta's own writers keep no bounds"""


def has_bounds(column: Column) -> bool:
    return column.type.element is None and column.type.name not in _WITHOUT_BOUNDS


class ColumnStatistics:
    """Those of one file, part by part."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self._columns = [_OfColumn(column) for column in columns[:MOST_COLUMNS] if not column.type.element]

    def take(self, part: pa.Table) -> None:
        """part: in the names of the file."""
        for column in self._columns:
            column.take(part.column(column.name))

    @property
    def text(self) -> str:
        """Members of a JSON object."""
        bounds = {column.name: column.bounds() for column in self._columns}
        low = {name: low for name, (low, _) in bounds.items() if low is not None}
        high = {name: high for name, (_, high) in bounds.items() if high is not None}
        nulls = {column.name: str(column.nulls) for column in self._columns}
        return f'"minValues":{_object(low)},"maxValues":{_object(high)},"nullCount":{_object(nulls)}'


class _OfColumn:
    def __init__(self, column: Column) -> None:
        self.name = column.in_files
        self.nulls = 0
        self._kind = column.type.name
        self._render = _RENDER.get("decimal" if column.type.is_decimal else self._kind)
        self._range: tuple[Any, Any] | None = None
        self._ordered = has_bounds(column)

    def take(self, values: pa.ChunkedArray) -> None:
        self.nulls += values.null_count
        if not self._ordered:
            return
        if pa.types.is_floating(values.type) and pc.any(pc.is_nan(values)).as_py():
            # Programs differ in whether NaN is greater than all numbers, or less, or neither.
            self._ordered = False
            return
        # As numbers: Python's dates end where Arrow's do not.
        if pa.types.is_timestamp(values.type):
            values = values.cast(pa.int64())
        elif pa.types.is_date(values.type):
            values = values.cast(pa.int32())
        found = pc.min_max(values).as_py()
        if found["min"] is None:
            return
        low, high = self._range or (found["min"], found["max"])
        self._range = min(low, found["min"]), max(high, found["max"])

    def bounds(self) -> tuple[str | None, str | None]:
        """As JSON; None where nothing can be said."""
        if not self._ordered or self._range is None or self._render is None:
            return None, None
        low, high = self._range
        return self._render(low, False), self._render(high, True)


def _json(text: str) -> str:
    # Letters as they are, which not all readers make of a pair of escapes.
    return json.dumps(text, ensure_ascii=False)


def _number(value: int | Decimal, _upper: bool) -> str:
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def _float(value: float, upper: bool) -> str | None:
    if value == 0:
        # Some programs take -0.0 for less than 0.0.
        return "0.0" if upper else "-0.0"
    return repr(value) if math.isfinite(value) else None


def _text(value: str, upper: bool) -> str | None:
    if len(value) <= LONGEST_TEXT:
        return _json(value)
    end = LONGEST_TEXT
    if not upper:
        return _json(value[:end])
    # One letter behind the prefix is greater than whatever follows it, unless the greatest letter itself follows.
    while value[end : end + 1] == _GREATEST_LETTER:
        end += 1
    return _json(value[:end] + _GREATEST_LETTER) if end <= 2 * LONGEST_TEXT else None


def _date(days: int, _upper: bool) -> str | None:
    day = _EPOCH_DAY + days
    return _json(date.fromordinal(day).isoformat()) if 1 <= day <= date.max.toordinal() else None


def _time(zone: str) -> Callable[[int, bool], str | None]:
    def render(microseconds: int, upper: bool) -> str | None:
        # In milliseconds, outwards: readers know that bounds are cut off there, but need not.
        milliseconds = -(-microseconds // 1000) if upper else microseconds // 1000
        try:
            moment = _EPOCH + timedelta(milliseconds=milliseconds)
        except OverflowError:
            return None
        return _json(moment.isoformat(timespec="milliseconds") + zone)

    return render


_RENDER: dict[str, Callable[[Any, bool], str | None]] = {
    **dict.fromkeys(("short", "integer", "long", "decimal"), _number),
    **dict.fromkeys(("float", "double"), _float),
    "string": _text,
    "date": _date,
    "timestamp": _time("Z"),
    "timestamp_ntz": _time(""),
}


def _object(members: dict[str, str]) -> str:
    return "{" + ",".join(f"{_json(name)}:{text}" for name, text in members.items()) + "}"
