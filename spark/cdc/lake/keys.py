"""A key's value as messages and data files have it → one form, equal for what is equal in PostgreSQL.

Texts are compared as they are written: PostgreSQL logs the old key of a row whenever its bytes change, so that 1.0 that
becomes 1.00 moves the row from the one to the other.
"""

from __future__ import annotations

import math
from collections.abc import Hashable
from datetime import datetime
from typing import Any

from cdc.lake.column_type import ColumnType
from cdc.lake.event import UNCHANGED, Unwritable
from cdc.lake.out_of_range import OutOfRange
from cdc.lake.pg_array import Nested
from cdc.lake.pg_value import CANNOT_CONVERT, value_of
from cdc.lake.source_columns import SourceColumn

_SAME_IN_JSON = ("short", "integer", "long", "boolean")
_SAME_IN_FILES = (*_SAME_IN_JSON, "string", "binary")


def key_of_message(value: Any, source: SourceColumn, target: ColumnType) -> Hashable | None:
    """Of a JSON value; None for NULL, which is no key. target: the lake's type of the column.

    What the lake's type does not hold is its text. Raises ValueError for a value that is none of that type.
    """
    if value is None:
        return None
    if value is UNCHANGED:
        raise ValueError(f"column {source.name}: the message does not have its value")
    if isinstance(value, Unwritable):
        raise ValueError(f"column {source.name}: {value.reason}")
    if source.type == target and target.name in _SAME_IN_JSON:
        return value
    try:
        text = source.form.text(value)
    except CANNOT_CONVERT as error:
        raise ValueError(f"column {source.name}: {error}") from error
    try:
        return canonical(value_of(text, target, source.form.delimiter), target)
    except (OutOfRange, Nested):
        return text
    except CANNOT_CONVERT as error:
        raise ValueError(f"column {source.name}, {target}: {error}") from error


def same_in_files(target: ColumnType) -> bool:
    """Whether a key has each value as it is stored. A date may be out of the lake's range, -0 is 0."""
    return target.name in _SAME_IN_FILES


def canonical(value: Any, kind: ColumnType) -> Hashable:
    """One form of a value as pyarrow gives it, which is not null."""
    if kind.element:
        return tuple(None if each is None else canonical(each, kind.element) for each in value)
    if kind.name in ("float", "double"):
        # Adding makes 0 of -0.
        return "NaN" if math.isnan(value) else value + 0.0
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    return value
