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
_LIKE = {
    **dict.fromkeys((pa.string_view(), pa.large_string()), pa.string()),
    **dict.fromkeys((pa.binary_view(), pa.large_binary()), pa.binary()),
}
_NAMES = {kind: name for name, kind in _ARROW.items()}
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
_WIDER_THAN_BOTH = {frozenset(("integer", "float")): "double"}


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
        return pa.decimal128(*self.digits) if self.is_decimal else _ARROW[self.name]

    @staticmethod
    def of_arrow(kind: pa.DataType) -> ColumnType:
        """Reads what `arrow` gives. Raises ValueError for a type that this program does not write."""
        if pa.types.is_list(kind) or pa.types.is_large_list(kind):
            return ColumnType(f"array<{ColumnType.of_arrow(kind.value_type)}>")
        if pa.types.is_decimal128(kind):
            return ColumnType(f"decimal({kind.precision},{kind.scale})")
        if kind in _LIKE:  # as delta-rs writes them
            kind = _LIKE[kind]
        if kind not in _NAMES:
            raise ValueError(f"a column of Arrow's type {kind} is not supported")
        return ColumnType(_NAMES[kind])

    @property
    def is_decimal(self) -> bool:
        return self.name.startswith("decimal(")

    @property
    def digits(self) -> tuple[int, int]:
        """Of a decimal: precision and scale. Raises ValueError for another type."""
        match = _DECIMAL.match(self.name)
        if not match:
            raise ValueError(f"{self.name} is no decimal")
        return int(match[1]), int(match[2])

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
    if (pair := frozenset((one.name, other.name))) in _WIDER_THAN_BOTH:
        return ColumnType(_WIDER_THAN_BOTH[pair])
    if one.element and other.element:
        return ColumnType(f"array<{common_type(one.element, other.element)}>")
    return _common_decimal(one, other) or STRING


def _common_decimal(one: ColumnType, other: ColumnType) -> ColumnType | None:
    digits = [each for each in (_digits(one), _digits(other)) if each is not None]
    if len(digits) < 2:
        return None
    whole = max(precision - scale for precision, scale in digits)
    scale = max(scale for _, scale in digits)
    return ColumnType(f"decimal({whole + scale},{scale})") if whole + scale <= 38 else None


def _digits(kind: ColumnType) -> tuple[int, int] | None:
    if kind.name in _WHOLE_DIGITS:
        return _WHOLE_DIGITS[kind.name], 0
    return kind.digits if kind.is_decimal else None
