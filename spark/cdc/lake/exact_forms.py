"""What the converter cdc.connect.ExactValues writes: PostgreSQL's texts (docs/types.md)."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Any

import pyarrow as pa

from cdc.lake.column_type import ColumnType
from cdc.lake.decimal_type import decimal_type
from cdc.lake.value_form import TEXT, Form, text_form

EXACT_PREFIX = "cdc."
Parameters = dict[str, str]

_ELEMENTS = {
    "bool": "boolean",
    "int2": "short",
    "int4": "integer",
    "int8": "long",
    "oid": "long",
    "float4": "float",
    "float8": "double",
    "date": "date",
    "timestamp": "timestamp_ntz",
    "timestamptz": "timestamp",
    "bytea": "binary",
}
"""PostgreSQL's types whose elements are no texts in the lake, numeric besides"""


def exact_form(part: dict[str, Any]) -> Form:
    """Of a field of Connect's schema whose name begins with EXACT_PREFIX."""
    form = _FORMS.get(part["name"])
    return form(part.get("parameters") or {}) if form else TEXT


def base64_bytes(value: str) -> bytes:
    """Raises ValueError."""
    try:
        return base64.b64decode(value, validate=True)
    except binascii.Error as error:
        raise ValueError(f"not base64: {error}") from error


def bytes_text(value: str) -> str:
    return "\\x" + base64_bytes(value).hex()


def _bytes_array(values: Sequence[str | None]) -> pa.Array:
    return pa.array([None if value is None else base64_bytes(value) for value in values], pa.binary())


BYTES = Form(ColumnType("binary"), bytes_text, _bytes_array)


def _numeric(parameters: Parameters) -> ColumnType:
    precision, scale = parameters.get("precision"), parameters.get("scale")
    return decimal_type(int(precision) if precision else None, int(scale) if scale else None)


def _array(parameters: Parameters) -> Form:
    name = parameters.get("element", "")
    element = _numeric(parameters) if name == "numeric" else ColumnType(_ELEMENTS.get(name, "string"))
    return text_form(ColumnType(f"array<{element}>"), ";" if name == "box" else ",")


_FORMS: dict[str, Callable[[Parameters], Form]] = {
    "cdc.Numeric": lambda parameters: text_form(_numeric(parameters)),
    "cdc.Date": lambda _: text_form(ColumnType("date")),
    "cdc.Timestamp": lambda _: text_form(ColumnType("timestamp_ntz")),
    "cdc.TimestampTz": lambda _: text_form(ColumnType("timestamp")),
    "cdc.Bytes": lambda _: BYTES,
    "cdc.Array": _array,
    "cdc.Vector": lambda _: text_form(ColumnType("array<float>")),
}
