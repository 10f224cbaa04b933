"""Which columns a source table's rows have, according to the schema that Debezium puts into every message."""

import json
from collections.abc import Iterable
from dataclasses import dataclass


class SchemaError(ValueError):
    """A message's schema is not that of a Debezium change event; the text says in what way."""


@dataclass(frozen=True)
class RowColumns:
    """Names of the columns, in the table's order, of a row before and after its change."""

    before: tuple[str, ...]
    after: tuple[str, ...]


def row_columns(schema_text: str) -> RowColumns:
    """Reads the columns from the `schema` part of a message, as Kafka Connect's JSON converter writes it.

    Raises SchemaError when the text is not JSON or has no `before` and `after` structs, which is so when the
    connector unwraps its events (ExtractNewRecordState) or does not write change events at all.
    """
    try:
        schema = json.loads(schema_text)
    except ValueError as error:
        raise SchemaError(f"its schema is not JSON: {error}") from error
    fields = schema.get("fields") if isinstance(schema, dict) else None
    structs = {field.get("field"): field.get("fields") for field in fields or [] if isinstance(field, dict)}
    missing = [name for name in ("before", "after") if not isinstance(structs.get(name), list)]
    if missing:
        raise SchemaError(f"its schema has no struct '{missing[0]}', so it is not a Debezium change event")
    return RowColumns(before=_names(structs["before"]), after=_names(structs["after"]))


def merged(versions: Iterable[RowColumns]) -> RowColumns:
    """Columns of all versions of a table's schema: those of the first version, then what later ones added."""
    before: dict[str, None] = {}
    after: dict[str, None] = {}
    for version in versions:
        before |= dict.fromkeys(version.before)
        after |= dict.fromkeys(version.after)
    return RowColumns(before=tuple(before), after=tuple(after))


def _names(fields: list[dict[str, object]]) -> tuple[str, ...]:
    return tuple(str(field["field"]) for field in fields)
