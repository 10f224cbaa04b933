"""Which columns a source table's rows have, according to the schema that Debezium puts into every message."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cdc.lake.column_names import folded


class SchemaError(ValueError):
    """A message's schema is not that of a Debezium change event; the text says in what way."""


@dataclass(frozen=True)
class RowColumns:
    """Names of the columns, in the table's order, of a row before and after its change."""

    before: tuple[str, ...]
    after: tuple[str, ...]
    other_names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """column → what it was called in other versions of the schema, where that differs in case only"""


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
    named = [field for field in fields or [] if isinstance(field, dict)]
    structs: dict[Any, Any] = {field.get("field"): field.get("fields") for field in named}
    missing = [name for name in ("before", "after") if not isinstance(structs.get(name), list)]
    if missing:
        raise SchemaError(f"its schema has no struct '{missing[0]}', so it is not a Debezium change event")
    return RowColumns(before=_names(structs["before"]), after=_names(structs["after"]))


def merged(versions: Iterable[RowColumns]) -> RowColumns:
    """Columns of all versions of a table's schema: those of the first version, then what later ones added.

    Of a column that was renamed in case only the first name stays.
    """
    versions = list(versions)
    if len(versions) == 1:
        return versions[0]
    others: dict[str, tuple[str, ...]] = {}
    before = _merged([version.before for version in versions], others)
    after = _merged([version.after for version in versions], others)
    return RowColumns(before, after, others)


def _merged(versions: Sequence[tuple[str, ...]], others: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    """others: gets the names that are left out, by the one that stands for them."""
    kept: dict[str, list[str]] = {}
    for name in dict.fromkeys(name for version in versions for name in version):
        same = kept.setdefault(folded(name), [])
        # Two that one version has at the same time are two columns.
        first = next(
            (other for other in same if not any({name, other}.issubset(version) for version in versions)), None
        )
        if first is None:
            same.append(name)
        else:
            others[first] = tuple(dict.fromkeys((*others.get(first, ()), name)))
    standing = {name for same in kept.values() for name in same}
    return tuple(dict.fromkeys(name for version in versions for name in version if name in standing))


def _names(fields: list[dict[str, object]]) -> tuple[str, ...]:
    return tuple(str(field["field"]) for field in fields)
