"""Values that JSON has: truth values and numbers. Both ways of writing share them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from cdc.lake.column_type import ColumnType
from cdc.lake.pg_number import float_text
from cdc.lake.value_form import TEXT, Form


def _boolean(value: Any) -> str:
    return "true" if value else "false"


def _plain(name: str) -> Form:
    kind = ColumnType(name)
    return Form(kind, _boolean if name == "boolean" else str, lambda values: pa.array(values, kind.arrow))


def _float(name: str) -> Form:
    kind = ColumnType(name)

    def array(values: Sequence[Any]) -> pa.Array:
        try:
            return pa.array(values, kind.arrow)
        except pa.ArrowInvalid:
            # NaN and infinities are no JSON numbers: Connect writes them as text.
            return pa.array([None if value is None else float(value) for value in values], kind.arrow)

    return Form(kind, lambda value: float_text(float(value), name), array)


PLAIN_FORMS: dict[str, Form] = {
    "boolean": _plain("boolean"),
    "int8": _plain("short"),
    "int16": _plain("short"),
    "int32": _plain("integer"),
    "int64": _plain("long"),
    "float": _float("float"),
    "double": _float("double"),
    "string": TEXT,
}
"""by the type that Connect's schema names"""
