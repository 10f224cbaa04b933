"""Debezium's schema of a row → typed columns, and how their values are read from a message's JSON.

Source of the names and encodings: Debezium's documentation of the PostgreSQL connector, "Data type mappings".
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Context, Decimal
from typing import Any

from cdc.lake.column_type import STRING, ColumnType
from cdc.row_columns import SchemaError

Decode = Callable[[Any], Any]
"""JSON value, not null → what pyarrow takes for the column's type; raises ValueError, TypeError or ArithmeticError"""

# PostgreSQL's numeric has up to 131,072 digits before and 16,383 behind the point.
_EXACT = Context(prec=150_000)
_PLAIN = {
    "boolean": "boolean",
    "int8": "short",
    "int16": "short",
    "int32": "integer",
    "int64": "long",
    "float": "float",
    "double": "double",
    "string": "string",
}


@dataclass(frozen=True)
class SourceColumn:
    name: str
    type: ColumnType
    decode: Decode | None = field(default=None, compare=False)
    """None: the JSON value is the value"""


def source_columns(schema_text: str) -> tuple[SourceColumn, ...]:
    """Columns of a row after its change, from the `schema` part of a change event.

    Raises SchemaError when it is no change event's.
    """
    try:
        schema = json.loads(schema_text)
        structs = {part["field"]: part for part in schema["fields"]}
        return tuple(_column(part) for part in structs["after"]["fields"])
    except (ValueError, KeyError, TypeError) as error:
        raise SchemaError(f"its schema is not that of a Debezium change event: {error!r}") from error


def _column(part: dict[str, Any]) -> SourceColumn:
    kind, decode = _kind(part)
    return SourceColumn(part["field"], kind, decode)


def _kind(part: dict[str, Any]) -> tuple[ColumnType, Decode | None]:
    logical = part.get("name") or ""
    if logical in _LOGICAL:
        name, decode = _LOGICAL[logical]
        return ColumnType(name), decode
    if logical == "org.apache.kafka.connect.data.Decimal":
        return _decimal(part.get("parameters") or {})
    kind = part["type"]
    if kind in _PLAIN:
        return ColumnType(_PLAIN[kind]), _float if kind in ("float", "double") else None
    if kind == "bytes":
        return ColumnType("binary"), _bytes
    if kind == "array":
        element, decode = _kind(part["items"])
        if part["items"]["type"] not in ("array", "struct", "map"):
            return ColumnType(f"array<{element}>"), _each(decode)
    return STRING, _json_text


def _decimal(parameters: dict[str, str]) -> tuple[ColumnType, Decode]:
    scale = int(parameters.get("scale", 0))
    precision = int(parameters.get("connect.decimal.precision", 0))
    if 0 < precision <= 38 and 0 <= scale <= precision:
        return ColumnType(f"decimal({precision},{scale})"), lambda value: _unscaled(value, scale)
    # More digits than any decimal type of the lake has: the text loses none of them.
    return STRING, lambda value: format(_unscaled(value, scale), "f")


def _unscaled(value: str, scale: int) -> Decimal:
    number = int.from_bytes(_bytes(value), "big", signed=True)
    return _EXACT.scaleb(Decimal(number), -scale)


def _bytes(value: str) -> bytes:
    try:
        return base64.b64decode(value, validate=True)
    except binascii.Error as error:
        raise ValueError(f"not base64: {error}") from error


def _json_text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def _variable_scale(value: dict[str, Any]) -> str:
    return format(_unscaled(value["value"], value["scale"]), "f")


def _each(decode: Decode | None) -> Decode | None:
    return decode and (lambda values: [None if value is None else decode(value) for value in values])


def _float(value: Any) -> float:
    # NaN and infinities are no JSON numbers: Connect writes them as text.
    return float(value)


def _zoned(value: str) -> datetime:
    return datetime.fromisoformat(value).astimezone(UTC)


def _time_text(microseconds: int) -> str:
    seconds, fraction = divmod(microseconds, 1_000_000)
    text = f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    return f"{text}.{fraction:06d}" if fraction else text


_DAYS = ("date", None)
_LOGICAL: dict[str, tuple[str, Decode | None]] = {
    "io.debezium.time.Date": _DAYS,
    "org.apache.kafka.connect.data.Date": _DAYS,
    "io.debezium.time.Timestamp": ("timestamp_ntz", lambda ms: ms * 1000),
    "org.apache.kafka.connect.data.Timestamp": ("timestamp_ntz", lambda ms: ms * 1000),
    "io.debezium.time.MicroTimestamp": ("timestamp_ntz", None),
    "io.debezium.time.NanoTimestamp": ("timestamp_ntz", lambda ns: ns // 1000),
    "io.debezium.time.IsoTimestamp": ("timestamp_ntz", lambda text: datetime.fromisoformat(text).replace(tzinfo=None)),
    "io.debezium.time.ZonedTimestamp": ("timestamp", _zoned),
    "io.debezium.time.Time": ("string", lambda ms: _time_text(ms * 1000)),
    "org.apache.kafka.connect.data.Time": ("string", lambda ms: _time_text(ms * 1000)),
    "io.debezium.time.MicroTime": ("string", _time_text),
    "io.debezium.time.NanoTime": ("string", lambda ns: _time_text(ns // 1000)),
    "io.debezium.data.VariableScaleDecimal": ("string", _variable_scale),
}
