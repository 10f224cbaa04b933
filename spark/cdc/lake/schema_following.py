"""Gives a current-state table the columns that its source has now."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from cdc.lake.column_names import DELETED, LSN, OWN_NAMES, RESCUED, folded, free_name, matched
from cdc.lake.column_type import BOOLEAN, LONG, ColumnType
from cdc.lake.current_state import DELETED_ROWS, PERHAPS, SOURCE_COLUMNS, CurrentState, Schemas, key_columns_of
from cdc.lake.rescued import restored
from cdc.lake.resnapshot import PROPERTY
from cdc.lake.source_changes import Known, SourceChange, known_columns, source_change
from cdc.lake.source_columns import SourceColumn
from cdc.lake.table_schema import Column, by_source, evolved, lacks, schema_actions, with_delimiters


class SchemaChanged(Exception):
    """The source table's columns changed, and the lake's are not to follow."""


def follow_schema(table: CurrentState, schemas: Schemas, seen: Sequence[int]) -> tuple[str, ...]:
    """Makes the table, or gives it the columns that the source has now; says what changed.

    Of several versions of the columns in one micro-batch none renames a column of another.
    """
    versions = [schemas[number] for number in dict.fromkeys(seen) if schemas[number]]
    exists, policy = table.exists, table.options.on_schema_change
    follows = versions if not exists or policy != "ignore" else []
    columns, renamed, perhaps, reasons = table.columns, {}, {}, []
    known, old_key = table.source_columns, key_columns_of(table.snapshot)
    had_rows = has_rows = any(file.live for file in table.data_files)
    for version in follows:
        if known and known_columns(version) != known:
            change = source_change(known, version, old_key, table.key_columns)
            renamed |= change.renamed
            if has_rows:
                perhaps |= change.perhaps
                reasons += [*change.reasons, *_back(columns, known, version, change)]
        # Those of the micro-batch that come in these columns.
        known, has_rows = known_columns(version), True
    if had_rows and old_key and {renamed.get(name, name) for name in old_key} < set(table.key_columns):
        was, now = ", ".join(old_key), ", ".join(table.key_columns)
        reasons.append(f"its key was {was} and is {now} now: other rows may have been taken for one")
    old_names: dict[str, str] = {}
    if renamed:
        columns, old_names = _renamed(columns, renamed, [column.name for column in follows[-1]])
    own = [(LSN, LONG), *([(DELETED, BOOLEAN)] if table.options.soft_delete else [])]
    change = evolved(columns, [[(column.name, column.type) for column in each] for each in follows], own)
    arrays = [column for each in follows for column in each if column.type.element]
    columns = with_delimiters(change.columns, {column.name: column.form.delimiter for column in arrays})
    same_texts = all(old.delimiter == new.delimiter for old, new in zip(table.columns, columns, strict=False))
    steps = (*(f"column {old} is called {new} now" for old, new in renamed.items()), *change.steps)
    properties: dict[str, str | None] = dict(table.properties)
    if follows:
        properties[SOURCE_COLUMNS] = json.dumps(known_columns(follows[-1]))
    if not steps and same_texts and not lacks(table.snapshot, properties):
        return ()
    if steps and exists and policy == "fail":
        raise SchemaChanged(
            f"{'; '.join(steps)}: the setting for schema changes is 'fail'. "
            "Choose 'evolve' to let the lake follow, or 'ignore' to keep its columns"
        )
    if reasons:
        properties |= table.needing("; ".join(dict.fromkeys(reasons))) or {}
        if perhaps:
            properties[PERHAPS] = json.dumps({**table.perhaps, **perhaps})
    if not exists:
        # The source's columns first, whatever versions of them there are, then the lake's own.
        columns = tuple(sorted(columns, key=lambda column: column.name in OWN_NAMES))
    _become(table, columns, properties, old_names, change.rewrite)
    return steps if exists else ()


def widen(table: CurrentState, needed: list[tuple[str, ColumnType]]) -> None:
    """Gives the table what rows need that hold values which its columns do not."""
    change = evolved(table.columns, [], needed)
    _become(table, change.columns, dict(table.properties), {}, change.rewrite)


def _become(
    table: CurrentState,
    columns: Sequence[Column],
    properties: dict[str, str | None],
    old_names: Mapping[str, str],
    rewrite: bool,
) -> None:
    """Gives the table these columns; its files are written anew where that needs it.

    old_names: of columns that have another name now.
    """
    exists, keeps = table.exists, table.options.soft_delete
    before = {column.name: column for column in table.columns}
    was_kept = table.snapshot.configuration.get(DELETED_ROWS, "keep" if DELETED in before else "") == "keep"
    purge = exists and was_kept and not keeps
    flag = exists and keeps and DELETED not in before
    rewrite = rewrite or purge or flag or any(before[old].stored_as is None for old in old_names.values())
    if not exists and table.reading is not None:
        properties = {**properties, PROPERTY: table.reading.text}
    kept, actions = schema_actions(table.snapshot, columns, properties)
    gone: list[str] = []
    if exists and rewrite:
        source = [
            replace(column, stored_as=before[old_names[column.name]].in_files) if column.name in old_names else column
            for column in kept
        ]
        for file in table.data_files:
            rows = table.files.live(file, source)[0]
            rows = _with_flags(_with_names(restored(rows), old_names), purge, flag)
            gone.append(file.path)
            actions.append(file.remove(data_change=purge))
            if rows.num_rows:
                new = table.files.write([rows], kept, modified=file.modified, stays=bool(file.statistics))
                actions.append(new.add(data_change=purge))
    table.finish(actions, "CHANGE COLUMNS" if exists else "CREATE TABLE", gone, {})
    table.columns = kept
    table.read_log(columns=False)


def _back(
    columns: Sequence[Column], known: Sequence[Known], version: Sequence[SourceColumn], change: SourceChange
) -> list[str]:
    """What it means that columns come under names that the table has of ones that went before.

    columns: of the table. known: of the source before.
    """
    names = matched([column.name for column in version], {name: name for name, _ in known})
    new = [column.name for column in version if column.name not in {*names, *change.renamed.values(), *change.perhaps}]
    return [f"column {name} was dropped and made again" for name in by_source(columns, new)]


def _renamed(
    columns: Sequence[Column], renamed: Mapping[str, str], source: Sequence[str]
) -> tuple[tuple[Column, ...], dict[str, str]]:
    """The columns under the names that the source has now, and of each of those what it was called here before.

    One that had such a name before and is gone makes room.
    renamed: old name → new name, in the source. source: its columns now.
    """
    found = by_source(columns, renamed)
    new_names = {found[old].name: new for old, new in renamed.items() if old in found}
    others = [column for column in columns if column.name not in new_names]
    there = {column.name for column in by_source(others, set(source).difference(renamed.values())).values()}
    wanted = {*map(folded, new_names.values())}
    gone = {column.name for column in others if column.name not in there and folded(column.name) in wanted}
    taken = {*map(folded, OWN_NAMES), *(folded(column.name) for column in others if column.name not in gone)}
    kept, old_names = [], {}
    for column in columns:
        if column.name in new_names:
            new = new_names[column.name]
            name = free_name(new, taken)
            taken.add(folded(name))
            old_names[name] = column.name
            kept.append(replace(column, name=name, source=None if name == new else new))
        elif column.name not in gone:
            kept.append(column)
    return tuple(kept), old_names


def _with_names(rows: pa.Table, old_names: Mapping[str, str]) -> pa.Table:
    """What was rescued from columns that have another name now, under that name."""
    if RESCUED not in rows.column_names or not old_names:
        return rows
    new_names = {old: new for new, old in old_names.items()}
    texts = [
        content and json.dumps({new_names.get(name, name): text for name, text in json.loads(content).items()})
        for content in rows.column(RESCUED).to_pylist()
    ]
    return rows.set_column(rows.column_names.index(RESCUED), RESCUED, pa.array(texts, pa.string()))


def _with_flags(rows: pa.Table, purge: bool, flag: bool) -> pa.Table:
    """purge: without rows that are flagged as deleted. flag: all rows flagged as not deleted."""
    if flag:
        place = rows.column_names.index(DELETED)
        return rows.set_column(place, DELETED, pa.array([False] * rows.num_rows, pa.bool_()))
    if purge and DELETED in rows.column_names:
        return rows.filter(pc.invert(pc.fill_null(rows.column(DELETED), False)))
    return rows
