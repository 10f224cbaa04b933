"""What the changes of a micro-batch came to, as rows of the current-state table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import pyarrow as pa

from cdc.lake.applied import Rejected
from cdc.lake.column_names import DELETED, LSN, OWN_NAMES
from cdc.lake.current_state import CurrentState, Schemas
from cdc.lake.event import UNCHANGED, Event, Row
from cdc.lake.fold import AS_IT_WAS, Fold, Held, Key, Keyed, Outcome
from cdc.lake.rows import typed_rows, unconvertible
from cdc.lake.table_log import DamagedTable
from cdc.lake.table_schema import Column, by_source
from cdc.lake.unlogged import Wanted, with_unlogged


@dataclass
class Group:
    """Rows of one schema that are written together."""

    schema_id: int
    outcomes: list[Outcome] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    keys: list[Key | None] = field(default_factory=list)
    """None: the row is only written for what comes next, and is no part of the table"""


def outcome_rows(
    table: CurrentState, folded: Fold, keyed: list[Keyed], schemas: Schemas
) -> tuple[list[Group], list[dict[str, pa.Array]], list[Rejected]]:
    """Rows to write, grouped by schema, with their columns' arrays; or the changes that cannot be written."""
    groups: dict[int, Group] = {}
    number, group = None, Group(-1)
    for key, outcome in folded.outcomes.items():
        row = outcome.row
        if row is None:
            row = _kept(table, outcome)
            if row is None:
                continue
        if outcome.event.schema_id != number:
            number = outcome.event.schema_id
            group = groups.setdefault(number, Group(number))
        group.keys.append(key)
        group.outcomes.append(outcome)
        group.rows.append({} if row is AS_IT_WAS else row)
    for held in held_in_memory(folded):
        outcome = Outcome(held.event.lsn, held.row, held.event, origin=held.place)
        outcome.partial = UNCHANGED in (held.row or {}).values()
        group = groups.setdefault(held.event.schema_id, Group(held.event.schema_id))
        group.keys.append(None)
        group.outcomes.append(outcome)
        group.rows.append(held.row or {})
    arrays, bad = [], []
    for number, group in groups.items():
        found, unwritable = typed_rows(group.rows, schemas[number], table.columns, table.options.rules)
        arrays.append(found)
        bad += [(group.keys[item.index], group.outcomes[item.index], item.reason) for item in unwritable]
    if not bad:
        return list(groups.values()), arrays, []
    return [], [], _rejected(table, bad, keyed, schemas)


def as_one_table(
    table: CurrentState, groups: list[Group], arrays: list[dict[str, pa.Array]], schemas: Schemas
) -> tuple[pa.Table, list[Rejected]]:
    """The rows of all groups, values that were not logged taken from where they are; and the changes that lack some."""
    schema = pa.schema([(column.name, column.type.arrow) for column in table.columns])
    tables: list[pa.Table] = []
    incomplete: list[Rejected] = []
    for group, of_source in zip(groups, arrays, strict=True):
        count = len(group.rows)
        of_lake = {
            **of_source,
            LSN: pa.array([outcome.lsn for outcome in group.outcomes], pa.int64()),
            DELETED: pa.array([outcome.row is None for outcome in group.outcomes], pa.bool_()),
        }
        parts = [
            of_lake[column.name] if column.name in of_lake else pa.nulls(count, column.type.arrow)
            for column in table.columns
        ]
        tables.append(_with_unlogged(table, pa.table(parts, schema=schema), group, schemas, incomplete))
    return (pa.concat_tables(tables) if tables else schema.empty_table()), incomplete


def held_in_memory(folded: Fold) -> list[Held]:
    """Rows that the table does not have and the next micro-batch may need."""
    held = [*folded.moving.values(), *(one for _, older in folded.doubled.values() for one in older)]
    return [one for one in {id(one): one for one in held}.values() if one.row]


def is_row(table: CurrentState, held: Held, before: Row, schemas: Schemas) -> bool:
    """Whether a row of the table is the one that an image of it says. Reads a data file."""
    rules = table.options.rules
    arrays, bad = typed_rows([before], schemas[held.event.schema_id], table.columns, rules)
    if held.place is None or bad:
        return False
    file = table.file_at(held.place[0])
    columns = [column for column in table.columns if column.name in arrays]
    try:
        stored = table.files.read(file, columns).slice(held.place[1], 1)
    except DamagedTable:
        if file.rows >= 0:
            raise
        return False  # it is no longer part of the table, and was removed as what nobody needs
    known, _ = typed_rows([held.row or {}], schemas[held.event.schema_id], table.columns, rules)
    own = {name for name, value in (held.row or {}).items() if value is not UNCHANGED}
    in_memory = {column.name for column in by_source(table.columns, own).values()}
    return all(
        (known[name] if name in in_memory else stored.column(name)).to_pylist() == array.to_pylist()
        for name, array in arrays.items()
    )


def _rejected(
    table: CurrentState, bad: list[tuple[Key | None, Outcome, str]], keyed: list[Keyed], schemas: Schemas
) -> list[Rejected]:
    """All changes of these rows that cannot be written, so that looking once is enough."""
    first = [Rejected(outcome.event, reason) for _, outcome, reason in bad]
    positions = {item.event.position for item in first}
    wanted = {key for key, _, _ in bad}
    by_schema: dict[int, list[Event]] = defaultdict(list)
    for event, keys in keyed:
        if event.after and event.position not in positions and any(key in wanted for key, _ in keys):
            by_schema[event.schema_id].append(event)
    for number, events in by_schema.items():
        rows = [event.after or {} for event in events]
        found = unconvertible(rows, schemas[number], table.columns, table.options.rules)
        first += [Rejected(events[item.index], item.reason) for item in found]
    return first


def _kept(table: CurrentState, outcome: Outcome) -> Row | None:
    """What is kept of a deleted row: what the micro-batch or the change itself knows; the rest as it was."""
    if not table.options.soft_delete:
        return None
    known = outcome.last_row if outcome.last_row is not None else outcome.event.before or {}
    return {name: value for name, value in known.items() if value is not None and value is not UNCHANGED}


def _with_unlogged(
    table: CurrentState, rows: pa.Table, group: Group, schemas: Schemas, incomplete: list[Rejected]
) -> pa.Table:
    targets = by_source(table.columns, [column.name for column in schemas[group.schema_id]])
    wanted = list(_wanted(table, group, targets))
    if not wanted:
        return rows
    rows, lost = with_unlogged(rows, wanted, table.columns, table.files, table.file_at, perhaps=table.perhaps)
    for one in lost:
        outcome = group.outcomes[one.index]
        if outcome.row is not None and group.keys[one.index] is not None:
            names = ", ".join(one.names)
            reason = f"{names} did not change, and the table does not have what was there: null is written"
            incomplete.append(Rejected(outcome.event, reason))
    return rows


def _wanted(table: CurrentState, group: Group, targets: Mapping[str, Column]) -> Iterator[Wanted]:
    everything = [column.name for column in table.columns if column.name not in OWN_NAMES]
    for index, outcome in enumerate(group.outcomes):
        if not outcome.partial and outcome.row is not None:
            continue
        row = group.rows[index]
        if outcome.row is None or outcome.row is AS_IT_WAS:
            known = {targets[name].name for name in row if name in targets}
            names = [name for name in everything if name not in known]
            yield Wanted(index, names, outcome.origin, never_null=False)
        elif outcome.partial:
            names = [targets[name].name for name, value in row.items() if value is UNCHANGED and name in targets]
            if names:
                yield Wanted(index, names, outcome.origin)
