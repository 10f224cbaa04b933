"""Debezium's schema of a row → typed columns, and how their values are read from a message's JSON.

Two ways of writing are read: that of the converter cdc.connect.ExactValues (names `cdc.…`, PostgreSQL's texts) and
Debezium's own (Debezium's documentation of the PostgreSQL connector, "Data type mappings").
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from cdc.lake.column_type import ColumnType
from cdc.lake.debezium_forms import debezium_form
from cdc.lake.exact_forms import EXACT_PREFIX, exact_form
from cdc.lake.value_form import TEXT, Form
from cdc.row_columns import SchemaError


@dataclass(frozen=True)
class SourceColumn:
    name: str
    type: ColumnType
    form: Form = field(default=TEXT, compare=False, repr=False)
    """how the messages write its values"""
    has_default: bool = False
    """whether the source gives it a DEFAULT, so that rows from before it was added have a value too"""
    exact: bool = False
    """whether the converter of this project wrote it"""


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


def are_exact(columns: Iterable[SourceColumn]) -> bool:
    """Whether only the converter's own mark stands for a value that was not logged (`read_event`)."""
    return any(column.exact for column in columns)


def _column(part: dict[str, Any]) -> SourceColumn:
    exact = (part.get("name") or "").startswith(EXACT_PREFIX)
    form = exact_form(part) if exact else debezium_form(part)
    has_default = (part.get("parameters") or {}).get("default") == "true" or "default" in part
    return SourceColumn(part["field"], form.type, form, has_default, exact)
