"""Keys of a table, one form from messages and from data files."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from cdc.lake.column_names import RESCUED
from cdc.lake.column_type import STRING
from cdc.lake.event import Event
from cdc.lake.fold import Key, KeyMissing
from cdc.lake.keys import key_of_message, same_in_files
from cdc.lake.pg_array import has_bounds
from cdc.lake.rows import NeedsColumns
from cdc.lake.source_columns import SourceColumn
from cdc.lake.table_schema import Column, by_source
from cdc.lake.value_form import TEXT

_SAME_IN_JSON = {"short", "integer", "long", "boolean"}


def message_keys(
    schemas: Mapping[int, Sequence[SourceColumn]], key: Sequence[str], columns: Sequence[Column], follow: bool = True
) -> Callable[[Key, Event], Key]:
    """Makes the table's form of a key as messages of these schemas have it. What it returns raises ValueError, and
    NeedsColumns where a column of the key has to be text.

    key: the source's names of its columns. columns: of the table. follow: whether they may become text.
    """
    targets = by_source(columns, key)
    sources: dict[int, list[SourceColumn]] = {}
    for number, of_schema in schemas.items():
        by_name = {column.name: column for column in of_schema}
        if len(targets) == len(key) and by_name.keys() >= set(key):
            sources[number] = [by_name[name] for name in key]
    numbers = {
        number
        for number, of_key in sources.items()
        if all(column.type.name in _SAME_IN_JSON and column.type == targets[column.name].type for column in of_key)
    }
    texts = {
        number
        for number, of_key in sources.items()
        if all(column.form is TEXT and targets[column.name].type == STRING for column in of_key)
    }

    def in_table(values: Key, event: Event) -> Key:
        if event.schema_id in numbers:
            return values
        if event.schema_id in texts and all(type(value) is str for value in values):
            return values
        of_key = sources.get(event.schema_id)
        if of_key is None:
            raise KeyMissing(f"the message has no column {', '.join(key)}, which is the key")
        if follow:
            _require_text(values, of_key, targets)
        return tuple(
            key_of_message(value, column, targets[column.name].type)
            for value, column in zip(values, of_key, strict=True)
        )

    return in_table


def _require_text(values: Key, of_key: Sequence[SourceColumn], targets: Mapping[str, Column]) -> None:
    """An array whose first element is not number 1 is another key in PostgreSQL; the lake's arrays have no numbers."""
    needed = [
        (targets[column.name].name, STRING)
        for value, column in zip(values, of_key, strict=True)
        if targets[column.name].type.element and isinstance(value, str) and has_bounds(value)
    ]
    if needed:
        raise NeedsColumns(needed)


def columns_of_key(key: Sequence[str], columns: Sequence[Column]) -> list[Column]:
    """The table's columns of its key, in the key's order; fewer when it lacks some."""
    found = by_source(columns, key)
    return [found[name] for name in key if name in found]


def needed_for_keys(key: Sequence[Column], columns: Sequence[Column]) -> list[Column]:
    """The columns that keys are read from: those of the key, and what was rescued from them."""
    plain = all(same_in_files(column.type) for column in key)
    return [*key, *(() if plain else (column for column in columns if column.name == RESCUED))]
