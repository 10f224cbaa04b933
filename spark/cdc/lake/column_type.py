"""Types of the lake's columns: Delta's names for them, Arrow's types, and which type holds the values of two."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

_ARROW = {
    "boolean": pa.bool_(),
    "short": pa.int16(),
    "integer": pa.int32(),
    "long": pa.int64(),
    "float": pa.float32(),
    "double": pa.float64(),
    "string": pa.string(),
    "binary": pa.binary(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us", tz="UTC"),
    "timestamp_ntz": pa.timestamp("us"),
}
_DECIMAL = re.compile(r"^decimal\((\d+),(-?\d+)\)$")
_WHOLE_DIGITS = {"short": 5, "integer": 10, "long": 19}
_WIDER = [
    ("short", "integer"),
    ("short", "long"),
    ("integer", "long"),
    ("float", "double"),
    ("short", "float"),
    ("short", "double"),
    ("integer", "double"),
    ("date", "timestamp_ntz"),
]


@dataclass(frozen=True)
class ColumnType:
    name: str
    """a primitive type's name in the Delta protocol, or `array<name>`"""

    def __str__(self) -> str:
        return self.name

    @property
    def element(self) -> ColumnType | None:
        return ColumnType(self.name[6:-1]) if self.name.startswith("array<") else None

    @property
    def arrow(self) -> pa.DataType:
        if self.element:
            return pa.list_(self.element.arrow)
        digits = _DECIMAL.match(self.name)
        return pa.decimal128(int(digits[1]), int(digits[2])) if digits else _ARROW[self.name]

    @property
    def in_log(self) -> Any:
        """As the table's schemaString has it."""
        if self.element:
            return {"type": "array", "elementType": self.element.in_log, "containsNull": True}
        return self.name


STRING = ColumnType("string")
LONG = ColumnType("long")
BOOLEAN = ColumnType("boolean")


def type_in_log(value: Any) -> ColumnType:
    """Reads what `in_log` gives. Raises ValueError for a type that this program does not write."""
    if isinstance(value, dict) and value.get("type") == "array":
        return ColumnType(f"array<{type_in_log(value['elementType'])}>")
    if isinstance(value, str) and (value in _ARROW or _DECIMAL.match(value)):
        return ColumnType(value)
    raise ValueError(f"a column of type {value!r} is not supported")


def common_type(one: ColumnType, other: ColumnType) -> ColumnType:
    """The narrowest type that holds all values of both; string when there is no better one."""
    if one == other:
        return one
    for narrow, wide in ((one, other), (other, one)):
        if (narrow.name, wide.name) in _WIDER:
            return wide
    if one.element and other.element:
        return ColumnType(f"array<{common_type(one.element, other.element)}>")
    return _common_decimal(one, other) or STRING


def _common_decimal(one: ColumnType, other: ColumnType) -> ColumnType | None:
    digits = [_digits(kind) for kind in (one, other)]
    if None in digits:
        return None
    whole = max(precision - scale for precision, scale in digits)
    scale = max(scale for _, scale in digits)
    return ColumnType(f"decimal({whole + scale},{scale})") if whole + scale <= 38 else None


def _digits(kind: ColumnType) -> tuple[int, int] | None:
    if kind.name in _WHOLE_DIGITS:
        return _WHOLE_DIGITS[kind.name], 0
    match = _DECIMAL.match(kind.name)
    return (int(match[1]), int(match[2])) if match else None
