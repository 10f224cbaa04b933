"""The changes of a micro-batch in parts that can be applied at once. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from cdc.lake.event import Event
from cdc.lake.resnapshot import step_of
from cdc.lake.source_changes import known_columns, source_change
from cdc.lake.source_columns import SourceColumn


class Schema(Protocol):
    columns: tuple[SourceColumn, ...]
    key: tuple[str, ...]


def in_commit_order(events: Sequence[Event]) -> list[Event]:
    """Changes of several partitions, each partition's in its order, by their positions in PostgreSQL's log.

    events: sorted by topic, partition and offset.
    """
    if not events or (events[0].topic, events[0].partition) == (events[-1].topic, events[-1].partition):
        return list(events)
    reached: dict[tuple[str, int], int] = {}
    order = []
    for event in events:
        place = event.topic, event.partition
        reached[place] = max(reached.get(place, 0), event.lsn or 0)
        order.append(reached[place])
    return [events[index] for index in sorted(range(len(events)), key=order.__getitem__)]


def segments(events: Sequence[Event], schemas: Mapping[int, Schema]) -> list[list[Event]]:
    """Parts in which no column is another's new name and all changes have one key; what begins or ends the reading of
    all rows again is a part of its own."""
    numbers = dict.fromkeys(event.schema_id for event in events)
    if len(numbers) == 1 and not any(event.resnapshot for event in events[:1]):
        return [list(events)]
    parts: list[list[Event]] = [[]]
    last: int | None = None
    known: dict[tuple[int, int], bool] = {}
    for event in events:
        if step_of(event) is not None:
            parts += [[event], []]
            continue
        if event.op == "t":
            parts[-1].append(event)
            continue
        number = event.schema_id
        if last is not None and number != last:
            if (last, number) not in known:
                known[last, number] = _parts_rows(schemas[last], schemas[number])
            if known[last, number] and parts[-1]:
                parts.append([])
        parts[-1].append(event)
        last = number
    return [part for part in parts if part]


def _parts_rows(old: Schema, new: Schema) -> bool:
    change = source_change(known_columns(old.columns), new.columns, old.key, new.key)
    return old.key != new.key or change.parts_rows
