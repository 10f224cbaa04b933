"""What the changes of one micro-batch come to, key by key. Pure: decides, and touches nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from cdc.lake.event import UNCHANGED, Event, Row

Key = tuple[Any, ...]
Place = tuple[str, int]
"""path of a data file, and the row in it"""


class _AsItWas:
    def __repr__(self) -> str:
        return "AS_IT_WAS"


AS_IT_WAS: Final[Any] = _AsItWas()
"""Stands for a row that is only known by its place: all its values are there."""


@dataclass(slots=True)
class Stored:
    """What the table has of a key."""

    place: Place | None
    """of its row; None: the key was deleted, and no row was kept"""
    lsn: int | None
    """position of the change that wrote it; None: a snapshot did"""
    deleted: bool = False
    was: Place | None = None
    """of a deleted key: where its row was, as long as that is known"""
    doubled: tuple[int, list[Place]] | None = None
    """further rows that had this key when the last micro-batch ended, the oldest first, and the transaction that was
    going on"""


@dataclass(slots=True)
class Held:
    """A row, in memory or in the table."""

    row: Row | None
    """None: all of it is at `place`"""
    place: Place | None
    """where values are that the row has as UNCHANGED"""
    event: Event
    """of the row's schema"""


@dataclass(slots=True)
class Outcome:
    """What becomes of a key."""

    lsn: int | None
    row: Row | None
    """None: the key is deleted. AS_IT_WAS: the row at `origin`"""
    event: Event
    """the change that decided"""
    last_row: Row | None = None
    """of a deleted key: its row when the micro-batch has it"""
    origin: Place | None = None
    """where the values are that the row has as UNCHANGED, or the deleted row was"""
    partial: bool = False
    """whether values have to be taken from `origin`"""


@dataclass
class Fold:
    outcomes: dict[Key, Outcome] = field(default_factory=dict)
    """keys that change, in the order of the changes that decided"""
    truncated_at: int | None = None
    """position of a TRUNCATE that empties the table of what was there before it"""
    skipped: int = 0
    """changes that the table has already, or newer ones"""
    moving: dict[int, Held] = field(default_factory=dict)
    """by position: rows that the last change of a partition took away. The one behind it may put them back under
    another key, in the next micro-batch"""
    doubled: dict[Key, tuple[int, list[Held]]] = field(default_factory=dict)
    """keys that several rows have, as the last transaction of a partition goes on: the transaction, and the older rows,
    the oldest first"""
    going_on: set[int] = field(default_factory=set)
    """transactions that may go on in the next micro-batch"""


class KeyMissing(ValueError):
    """A change does not say which row it is about."""


def newest_truncate(events: Iterable[Event], known: int | None) -> int | None:
    """Position of the newest TRUNCATE, unless the table knows of a later one.

    The one that it knows counts again when it comes again: before it may have come rows that were read in chunks, which
    have no position.
    """
    newest = max((event.lsn or 0 for event in events if event.op == "t"), default=None)
    return newest if newest is not None and (known is None or newest >= known) else None


Canonical = Callable[[Key, Event], Key]
"""Key as the message has it → key as the table has it"""
IsRow = Callable[[Held, Row], bool]
"""Whether a row that is in the table is the one that an image of it says"""
Keyed = tuple[Event, list[tuple[Key, bool]]]
"""A change, the keys that it is about, and whether each is there after it"""


def _as_it_is(key: Key, _event: Event) -> Key:
    return key


def keys_of(event: Event, columns: tuple[str, ...], canonical: Canonical = _as_it_is) -> list[tuple[Key, bool]]:
    """Keys that a change is about, and whether each is there after it: an update can change a row's key.

    columns: the key's. Raises KeyMissing: NULL is never a key, nor is a value that was not logged.
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
                f"the deleted row's {', '.join(columns)} is not in 'before', so that it is not known which row it was; "
                "give the table REPLICA IDENTITY DEFAULT or FULL, then read it again"
            )
        return [(old, False)]
    if new is None:
        raise KeyMissing(f"{', '.join(columns)}, which is the key, is null or missing")
    return [(old, False), (new, True)] if event.op == "u" and old is not None and old != new else [(new, True)]


def fold(
    keyed: Iterable[Keyed],
    stored: Mapping[Key, Stored],
    truncated_at: int | None = None,
    moved: Mapping[int, Place] | None = None,
    is_row: IsRow = lambda _held, _before: True,
) -> Fold:
    """Plays the events, in the order of their topic, over what is stored.

    A change counts when its position in PostgreSQL's log is behind that of what is there, a deletion included: so
    repeated and late ones do nothing. The position of a row read by a snapshot is that of the snapshot, though a
    transaction that was open at the time may change it from before that position: any later change counts over it,
    and it counts itself unless something newer is there.

    Inside a transaction two rows may have one key for a while (`id = id + 1` under a deferrable constraint): what is
    deleted then is the older one, unless the change says more of the row.

    keyed: events with their `keys_of`. truncated_at: position of the newest TRUNCATE that the table knows of.
    moved: by position, where the rows are that earlier micro-batches took away. is_row: asked where two rows have one
    key, and what is in memory does not tell which of them a change is about.
    """
    keyed = list(keyed)
    newest = newest_truncate((event for event, _ in keyed), truncated_at)
    play = _Play(stored, truncated_at, moved or {}, newest, is_row)
    play.all(keyed)
    return play.finished(keyed)


@dataclass(slots=True)
class _Moved:
    """The row that the change before took away: when its key changed, the next change puts it back."""

    lsn: int | None
    held: Held
    before: Row | None


class _Play:
    def __init__(
        self,
        stored: Mapping[Key, Stored],
        known_truncate: int | None,
        moved: Mapping[int, Place],
        truncated_at: int | None,
        is_row: IsRow,
    ) -> None:
        self._is_row = is_row
        self._result = Fold(truncated_at=truncated_at)
        self._emptied = truncated_at if truncated_at is not None else known_truncate
        self._stored = stored
        if truncated_at is not None:
            # What was written from behind the TRUNCATE, such as from another partition, stays.
            self._stored = {key: one for key, one in stored.items() if one.lsn is not None and one.lsn > truncated_at}
        self._moved_before = moved
        self._moved: _Moved | None = None
        self._doubled: dict[Key, tuple[int, list[Held]]] = {}

    def all(self, keyed: list[Keyed]) -> None:
        stored, emptied, result = self._stored, self._emptied, self._result
        outcomes = result.outcomes
        for event, keys in keyed:
            if event.op == "t":
                self._forget_rows_read()
                continue
            if emptied is not None and event.lsn is not None and event.lsn <= emptied:
                result.skipped += 1
                continue
            for key, present in keys:
                if present and not event.partial and key not in stored and key not in outcomes:
                    # Nothing is known of the key: most changes of most tables are inserts.
                    outcomes[key] = Outcome(None if event.op == "r" else event.lsn, event.after, event)
                elif present:
                    self._put(event, key)
                else:
                    self._take(event, key)

    def _forget_rows_read(self) -> None:
        """A TRUNCATE: rows that were read in chunks have no position, and are gone where they came before it."""
        outcomes = self._result.outcomes
        for key in [key for key, outcome in outcomes.items() if outcome.lsn is None and outcome.event.op == "r"]:
            del outcomes[key]

    def finished(self, keyed: list[Keyed]) -> Fold:
        """Notes what a transaction may go on with in the next micro-batch."""
        last = {(event.topic, event.partition): event for event, _ in keyed}
        going_on = {event.transaction for event in last.values() if event.transaction is not None}
        self._result.going_on = going_on
        if self._moved is not None and self._moved.lsn in {event.lsn for event in last.values() if event.op == "d"}:
            self._result.moving[self._moved.lsn] = self._moved.held
        for key, (transaction, older) in self._doubled.items():
            if older and transaction in going_on:
                self._result.doubled[key] = transaction, older
        return self._result

    # ------------------------------------------------------------------ a row goes

    def _take(self, event: Event, key: Key) -> None:
        previous, stored = self._result.outcomes.get(key), self._stored.get(key)
        known = previous or stored
        if known is not None and not _newer(event, known.lsn):
            self._result.skipped += 1
            return
        if known is None and event.op != "d":
            return  # the old key of a row whose key changed, which the table never had
        current = self._current(key, event)
        older = self._older(key, event)
        victim = _which(event.before, current, older, self._is_row) if current else None
        if victim is None or (victim is current and not older):
            self._result.outcomes.pop(key, None)
            place = current.place if current else stored.was if stored and not previous else None
            last_row = current.row if current else None
            if previous is not None and previous.row is None:
                last_row, place = previous.last_row, previous.origin
            self._result.outcomes[key] = Outcome(event.lsn, None, event, last_row=last_row, origin=place)
            self._remember(event, current or Held(last_row, place, event))
            return
        self._remember(event, victim)
        if victim is current:
            self._become(key, older.pop(), event)
            return
        older.remove(victim)
        self._become(key, current, event)

    def _remember(self, event: Event, held: Held) -> None:
        self._moved = _Moved(event.lsn, held, event.before)

    def _become(self, key: Key, held: Held, event: Event) -> None:
        """The key has this row from now on, which came before the event."""
        self._result.outcomes.pop(key, None)
        whole = held.row is None
        self._result.outcomes[key] = Outcome(
            event.lsn,
            AS_IT_WAS if whole else held.row,
            held.event,
            origin=held.place,
            partial=whole or UNCHANGED in held.row.values(),
        )

    # ------------------------------------------------------------------ a row comes, or becomes another

    def _put(self, event: Event, key: Key) -> None:
        previous, stored = self._result.outcomes.get(key), self._stored.get(key)
        known = previous or stored
        if event.op == "u" and not event.partial and not self._doubled and (stored is None or stored.doubled is None):
            # Most changes of known keys.
            if known is not None and not _newer(event, known.lsn):
                self._result.skipped += 1
                return
            if previous is not None:
                del self._result.outcomes[key]
            self._result.outcomes[key] = Outcome(event.lsn, event.after, event)
            return
        current = self._current(key, event)
        if known is not None and not _newer(event, known.lsn):
            # A key that changes to one that is equal (-0 and 0): its deletion and its creation have one position.
            again = event.op == "c" and current is None and event.lsn is not None and event.lsn == known.lsn
            if not again:
                self._result.skipped += 1
                return
        row, origin = event.after or {}, None
        if event.op == "c" and current is not None and event.transaction is not None:
            self._older(key, event, begin=True).append(current)
            current = None
        elif event.op == "u" and current is not None:
            older = self._older(key, event)
            victim = _which(event.before, current, older, self._is_row, current) if older else current
            if victim is not current:
                older[older.index(victim)] = Held(*_merged(row, victim), event)
                self._become(key, current, event)
                return
        if event.partial:
            row, origin = self._with_values(event, row, current, previous, stored)
        lsn = None if event.op == "r" else event.lsn
        self._result.outcomes.pop(key, None)
        self._result.outcomes[key] = Outcome(
            lsn, row, event, origin=origin, partial=event.partial and UNCHANGED in row.values()
        )

    def _with_values(
        self, event: Event, row: Row, current: Held | None, previous: Outcome | None, stored: Stored | None
    ) -> tuple[Row, Place | None]:
        """The row with what was not logged, and where the rest of that is."""
        moved = self._moved
        if current is None and event.lsn is not None:
            if moved is not None and moved.lsn == event.lsn:
                full = {name: value for name, value in (moved.before or {}).items() if value is not None}
                row = {name: full.get(name, UNCHANGED) if value is UNCHANGED else value for name, value in row.items()}
                return _merged(row, moved.held)
            if event.lsn in self._moved_before:
                return row, self._moved_before[event.lsn]
        if event.op == "c":
            return row, None
        if current is not None:
            return _merged(row, current)
        if previous is not None:
            return _merged(row, Held(previous.last_row or {}, previous.origin, event))
        return row, (stored.place or stored.was) if stored else None

    # ------------------------------------------------------------------ rows of a key

    def _current(self, key: Key, event: Event) -> Held | None:
        """The row that the key has; None when it has none."""
        previous = self._result.outcomes.get(key)
        if previous is not None:
            if previous.row is None:
                return None
            return Held(None if previous.row is AS_IT_WAS else previous.row, previous.origin, previous.event)
        stored = self._stored.get(key)
        return Held(None, stored.place, event) if stored and stored.place and not stored.deleted else None

    def _older(self, key: Key, event: Event, begin: bool = False) -> list[Held]:
        """Further rows that have the key in the event's transaction, the oldest first."""
        known = self._doubled.get(key)
        if known is None:
            stored = self._stored.get(key)
            if stored is not None and stored.doubled is not None:
                known = stored.doubled[0], [Held(None, place, event) for place in stored.doubled[1]]
                self._doubled[key] = known
        if known is not None and known[0] == event.transaction:
            return known[1]
        self._doubled.pop(key, None)
        older: list[Held] = []
        if begin:
            self._doubled[key] = event.transaction, older
        return older


def _which(before: Row | None, current: Held, older: list[Held], is_row: IsRow, default: Held | None = None) -> Held:
    """Which of the rows of a key a change is about."""
    if not older:
        return current
    if before:
        open_ = []
        for held in (*older, current):
            known = _same(held.row, before)
            if known:
                return held
            if known is None:
                open_.append(held)
        if len(open_) > 1:
            return next((held for held in open_ if is_row(held, before)), default or open_[0])
        if open_:
            return open_[0]
    return default or older[0]


def _same(row: Row | None, before: Row) -> bool | None:
    """None: that cannot be said of what is in memory."""
    if row is None:
        return None
    if any(value is not UNCHANGED and value != before.get(name) for name, value in row.items()):
        return False
    return None if UNCHANGED in row.values() else True


def _merged(row: Row, held: Held) -> tuple[Row, Place | None]:
    if held.row is None:
        return row, held.place
    known = held.row
    merged = {name: known.get(name, UNCHANGED) if value is UNCHANGED else value for name, value in row.items()}
    return merged, held.place


def _newer(event: Event, known: int | None) -> bool:
    return known is None or event.lsn is None or event.lsn > known


def _key(row: Row | None, columns: tuple[str, ...], event: Event, canonical: Canonical) -> Key | None:
    if row is None:
        return None
    key = tuple(map(row.get, columns))
    return None if None in key or UNCHANGED in key else canonical(key, event)
