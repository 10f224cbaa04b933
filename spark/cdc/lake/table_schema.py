"""The columns of a lake table, and how they follow those of the source. Pure."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa

from cdc.lake.column_names import OWN_NAMES, folded, free_name, matched
from cdc.lake.column_type import ColumnType, common_type, type_in_log
from cdc.lake.snapshot import Action, Snapshot, milliseconds_now

# A table of an older version may map its columns to other names in its files. New ones do not, whatever their names
# are: Polars refuses tables that do, and delta-rs to compact them, while every reader takes any name. What is left is
# that Spark's ALTER TABLE asks for mapping where a name has one of " ,;{}()\n\t=".
_MAPPING_MODE = "delta.columnMapping.mode"
_MAPPING_ID = "delta.columnMapping.id"
_MAPPING_NAME = "delta.columnMapping.physicalName"
_MAPPING_MAX = "delta.columnMapping.maxColumnId"
_SOURCE_NAME = "cdc.sourceName"
_DELIMITER = "cdc.arrayDelimiter"
VECTORS = "delta.enableDeletionVectors"


@dataclass(frozen=True)
class Column:
    name: str
    type: ColumnType
    id: int | None = None
    """number of the column in a table that maps columns"""
    stored_as: str | None = None
    """name in the Parquet files, where it is another one"""
    source: str | None = None
    """name in the source, where it is another one"""
    delimiter: str = ","
    """between the elements of PostgreSQL's text of an array"""

    @property
    def in_files(self) -> str:
        return self.stored_as or self.name

    @property
    def in_source(self) -> str:
        return self.source or self.name


@dataclass(frozen=True)
class Change:
    """What becomes of a table's columns."""

    columns: tuple[Column, ...]
    rewrite: bool
    """whether a column's type becomes another one, so that its data files have to be written anew"""
    steps: tuple[str, ...]
    """what happens, in words; empty when nothing does"""


def by_source(columns: Iterable[Column], names: Iterable[str]) -> dict[str, Column]:
    """The source's names of columns → the table's columns that have their values. Some may have none."""
    return matched(names, {column.in_source: column for column in columns if column.name not in OWN_NAMES})


def with_delimiters(columns: Iterable[Column], delimiters: Mapping[str, str]) -> tuple[Column, ...]:
    """delimiters: the source's names of columns that are arrays there → what lies between their elements."""
    columns = tuple(columns)
    found = {column.name: delimiters[name] for name, column in by_source(columns, delimiters).items()}
    return tuple(replace(column, delimiter=found.get(column.name, column.delimiter)) for column in columns)


def evolved(
    columns: Sequence[Column],
    versions: Iterable[Iterable[tuple[str, ColumnType]]],
    own: Iterable[tuple[str, ColumnType]] = (),
) -> Change:
    """The columns that hold the old rows and those of the source, one version of its columns after the other.

    A new column is added behind the others, one that the source no longer has stays, and one whose type changed gets
    the narrowest type that holds the values of both: in doubt string. A column whose name changes in case only stays
    where it is; where there are two at the same time, the second gets a suffix.

    own: columns by their name in the lake: its own ones, and such as need a wider type.
    """
    result = list(columns)
    steps: list[str] = []
    for version in versions:
        source = list(version)
        targets = by_source(result, [name for name, _ in source])
        for name, kind in source:
            known = targets.get(name)
            if known is None:
                free = free_name(name, {*map(folded, OWN_NAMES), *(folded(column.name) for column in result)})
                result.append(Column(free, kind, source=None if free == name else name))
                steps.append(f"column {name} {kind} added" + ("" if free == name else f" as {free}"))
                continue
            if known.in_source != name:
                steps.append(f"column {known.in_source} is called {name} now, and stays {known.name} here")
            _put(result, known, replace(known, source=None if known.name == name else name), kind, steps)
    for name, kind in own:
        known = next((column for column in result if column.name == name), None)
        if known is None:
            result.append(Column(name, kind))
            steps.append(f"column {name} {kind} added")
        else:
            _put(result, known, known, kind, steps)
    types = {column.name: column.type for column in result}
    return Change(tuple(result), any(types[column.name] != column.type for column in columns), tuple(steps))


def _put(result: list[Column], known: Column, column: Column, kind: ColumnType, steps: list[str]) -> None:
    """Replaces a known column by itself, of a type that holds this kind as well."""
    common = common_type(known.type, kind)
    if common != known.type:
        steps.append(f"column {known.name} {known.type} becomes {common}")
    result[result.index(known)] = replace(column, type=common)


def columns_of(snapshot: Snapshot) -> tuple[Column, ...]:
    """Raises ValueError when another program gave the table a column of a type that this one does not write."""
    return tuple(
        Column(
            name=part["name"],
            type=type_in_log(part["type"]),
            id=part["metadata"].get(_MAPPING_ID),
            stored_as=part["metadata"].get(_MAPPING_NAME),
            source=part["metadata"].get(_SOURCE_NAME),
            delimiter=part["metadata"].get(_DELIMITER, ","),
        )
        for part in snapshot.fields
    )


def lacks(snapshot: Snapshot, properties: dict[str, str]) -> bool:
    """Whether the table's properties are others, as after a change of the settings."""
    return any(snapshot.configuration.get(name) != value for name, value in properties.items())


def schema_actions(
    snapshot: Snapshot, columns: Sequence[Column], configuration: dict[str, str]
) -> tuple[tuple[Column, ...], list[Action]]:
    """The columns as the table will have them, and the actions that make or change the table.

    configuration: of the table, such as `delta.enableDeletionVectors`; what the table has besides stays.
    """
    configuration = {**snapshot.configuration, **configuration}
    if _MAPPING_MODE in configuration:
        columns, configuration = _mapped(tuple(columns), configuration)
    metadata = {
        "id": str(uuid.uuid4()),
        "format": {"provider": "parquet", "options": {}},
        "partitionColumns": [],
        "createdTime": milliseconds_now(),
        **snapshot.metadata,
        "schemaString": json.dumps({"type": "struct", "fields": [_field(column) for column in columns]}),
        "configuration": configuration,
    }
    protocol = _protocol(snapshot.protocol, columns, configuration)
    actions: list[Action] = [] if protocol == snapshot.protocol else [{"protocol": protocol}]
    return tuple(columns), [*actions, {"metaData": metadata}]


def arrow_schema(columns: Sequence[Column]) -> pa.Schema:
    """Of the table's Parquet files."""
    return pa.schema(
        [
            pa.field(
                column.in_files,
                column.type.arrow,
                metadata={"PARQUET:field_id": str(column.id)} if column.id is not None else None,
            )
            for column in columns
        ]
    )


def _mapped(columns: tuple[Column, ...], configuration: dict[str, str]) -> tuple[tuple[Column, ...], dict[str, str]]:
    """New columns with the numbers and names that a table that maps columns needs."""
    highest = int(configuration.get(_MAPPING_MAX, 0))
    mapped = []
    for column in columns:
        known = column
        if column.id is None:
            highest += 1
            stored_as = f"{re.sub(r'[^A-Za-z0-9]', '_', column.name)}-{highest}"
            known = replace(column, id=highest, stored_as=stored_as)
        mapped.append(known)
    return tuple(mapped), {**configuration, _MAPPING_MAX: str(highest)}


def _field(column: Column) -> dict[str, Any]:
    metadata: dict[str, Any] = {}
    if column.id is not None:
        metadata |= {_MAPPING_ID: column.id, _MAPPING_NAME: column.in_files}
    if column.source is not None:
        metadata[_SOURCE_NAME] = column.source
    if column.delimiter != ",":
        metadata[_DELIMITER] = column.delimiter
    return {"name": column.name, "type": column.type.in_log, "nullable": True, "metadata": metadata}


def _protocol(known: Action, columns: Sequence[Column], configuration: dict[str, str]) -> Action:
    """The lowest that the table needs, so that as many programs as possible can read it."""
    features = set()
    if configuration.get(VECTORS) == "true":
        features.add("deletionVectors")
    if any("timestamp_ntz" in column.type.name for column in columns):
        features.add("timestampNtz")
    mapping = _MAPPING_MODE in configuration
    if not features and not known.get("readerFeatures"):
        reader, writer = (2, 5) if mapping else (1, 2)
        return {
            "minReaderVersion": max(reader, known.get("minReaderVersion", 0)),
            "minWriterVersion": max(writer, known.get("minWriterVersion", 0)),
        }
    if mapping:
        features.add("columnMapping")
    return {
        "minReaderVersion": 3,
        "minWriterVersion": 7,
        "readerFeatures": sorted(features.union(known.get("readerFeatures", []))),
        "writerFeatures": sorted(
            features.union(known.get("writerFeatures", []))
            # What writer version 2 implies: Spark asks for it by name once features are listed.
            .union(["appendOnly", "invariants"])
        ),
    }
