"""What the changes of one micro-batch come to, key by key. Pure: decides, and touches nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cdc.lake.event import UNCHANGED, Event, Row

Key = tuple[Any, ...]


@dataclass(slots=True)
class Stored:
    """What the table has of a key."""

    file: int | None
    """number of the data file; None: the key was deleted"""
    row: int
    lsn: int | None
    """position of the change that wrote it; None: a snapshot did"""


@dataclass(slots=True)
class Outcome:
    """What becomes of a key."""

    lsn: int | None
    row: Row | None
    """None: the key is deleted"""
    event: Event
    """the change that decided"""
    last_row: Row | None = None
    """of a deleted key: its row when the micro-batch has it"""
    origin: Key | None = None
    """the key that the row had in the table before the micro-batch, when it was another one"""


@dataclass
class Fold:
    outcomes: dict[Key, Outcome] = field(default_factory=dict)
    """keys that change, in the order of the changes that decided"""
    truncated_at: int | None = None
    """position of a TRUNCATE that empties the table of what was there before the micro-batch"""
    skipped: int = 0
    """changes that the table has already, or newer ones"""


class KeyMissing(ValueError):
    """A change does not say which row it is about."""


def newest_truncate(events: Iterable[Event], known: int | None) -> int | None:
    """Position of the newest TRUNCATE that the table does not know of yet."""
    newest = max((event.lsn or 0 for event in events if event.op == "t"), default=None)
    return newest if newest is not None and (known is None or newest > known) else None


Canonical = Callable[[Key, Event], Key]
"""Key as the message has it → key as the table has it"""
Keyed = tuple[Event, list[tuple[Key, bool]]]
"""A change, the keys that it is about, and whether each is there after it"""


def _as_it_is(key: Key, _event: Event) -> Key:
    return key


def keys_of(event: Event, columns: tuple[str, ...], canonical: Canonical = _as_it_is) -> list[tuple[Key, bool]]:
    """Keys that a change is about, and whether each is there after it: an update can change a row's key.

    columns: the key's. Raises KeyMissing.
    """
    if event.op == "t":
        return []
    new = _key(event.after, columns, event, canonical)
    if event.before is None and new is not None:  # nearly every change of a table that is only inserted into
        return [(new, True)]
    old = _key(event.before, columns, event, canonical)
    if event.op == "d":
        if old is None:
            raise KeyMissing(
                f"the deleted row's {', '.join(columns)} is not in 'before'; set the table's REPLICA IDENTITY"
            )
        return [(old, False)]
    if new is None:
        raise KeyMissing(f"{', '.join(columns)}, which is the key, is null or missing")
    return [(old, False), (new, True)] if event.op == "u" and old is not None and old != new else [(new, True)]


def fold(keyed: Iterable[Keyed], stored: Mapping[Key, Stored], truncated_at: int | None = None) -> Fold:
    """Plays the events, in the order of their topic, over what is stored.

    A change counts when its position in PostgreSQL's log is behind that of what is there, a deletion included: so
    repeated and late ones do nothing. The position of a row read by a snapshot is that of the snapshot, though a
    transaction that was open at the time may change it from before that position: any later change counts over it,
    and it counts itself unless something newer is there.

    keyed: events with their `keys_of`. truncated_at: position of the newest TRUNCATE that the table knows of.
    """
    keyed = list(keyed)
    result = Fold(truncated_at=newest_truncate((event for event, _ in keyed), truncated_at))
    emptied = result.truncated_at if result.truncated_at is not None else truncated_at
    before = {} if result.truncated_at is not None else stored
    moved = _Moved()
    for event, keys in keyed:
        if keys and emptied is not None and event.lsn is not None and event.lsn <= emptied:
            result.skipped += 1
            continue
        for key, present in keys:
            if present and not event.partial and key not in before and key not in result.outcomes:
                # Nothing is known of the key: most changes of most tables are inserts.
                result.outcomes[key] = Outcome(None if event.op == "r" else event.lsn, event.after, event)
                continue
            _play(result, moved, key, _Change(event, event.after if present else None, before.get(key)))
    return result


@dataclass(slots=True)
class _Moved:
    """The row that the change before took away: when its key changed, the next change puts it back."""

    lsn: int | None = None
    key: Key | None = None
    row: Row | None = None


@dataclass(slots=True)
class _Change:
    event: Event
    row: Row | None
    stored: Stored | None


def _play(result: Fold, moved: _Moved, key: Key, change: _Change) -> None:
    event, row = change.event, change.row
    previous = result.outcomes.get(key)
    known = previous or change.stored
    if known is not None and not _newer(event, known.lsn):
        result.skipped += 1
        return
    if row is None and known is None and event.op != "d":
        return  # the old key of a row whose key changed, which the table never had
    result.outcomes.pop(key, None)
    outcome = Outcome(None if event.op == "r" else event.lsn, row, event)
    if previous is not None:
        outcome.origin = previous.origin
    before = None if previous is None else previous.row if previous.row is not None else previous.last_row
    if row is None:
        outcome.last_row = before
        moved.lsn, moved.key, moved.row = event.lsn, outcome.origin or key, before
    elif event.partial:
        if event.lsn is not None and moved.lsn == event.lsn and moved.key != key:
            before, outcome.origin = moved.row, moved.key
        if before is not None:
            outcome.row = {name: before.get(name) if value is UNCHANGED else value for name, value in row.items()}
    result.outcomes[key] = outcome


def _newer(event: Event, known: int | None) -> bool:
    return known is None or event.lsn is None or event.lsn > known


def _key(row: Row | None, columns: tuple[str, ...], event: Event, canonical: Canonical) -> Key | None:
    if row is None:
        return None
    key = tuple(map(row.get, columns))
    return None if None in key else canonical(key, event)
