"""How the messages write the values of a column, and what they are in the lake."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from cdc.lake.column_type import STRING, ColumnType
from cdc.lake.pg_value import values_of


@dataclass(frozen=True)
class Form:
    type: ColumnType
    """of the lake's column"""
    text: Callable[[Any], str]
    """JSON value, not null → PostgreSQL's text. Raises one of CANNOT_CONVERT"""
    array: Callable[[Sequence[Any]], pa.Array]
    """JSON values, some None → all of them, of the lake's type. Raises one of CANNOT_CONVERT when one is none"""
    delimiter: str = ","
    """between the elements of an array's text"""


def text_form(kind: ColumnType, delimiter: str = ",") -> Form:
    """The messages have PostgreSQL's text."""
    return Form(kind, _same, lambda texts: values_of(texts, kind, delimiter), delimiter)


def _same(text: str) -> str:
    if not isinstance(text, str):
        raise TypeError(f"it is no text: {str(text)[:40]}")
    return text


TEXT = text_form(STRING)
