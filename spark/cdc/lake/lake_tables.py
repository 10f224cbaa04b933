"""All tables of a lake that the driver writes by itself: change logs, current states and dead letters."""

from __future__ import annotations

import hashlib
import logging
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from operator import attrgetter
from pathlib import Path
from typing import Any

import pyarrow as pa

from cdc.lake.append_table import AppendTable
from cdc.lake.applied import Applied, Rejected
from cdc.lake.batch_id import BatchId
from cdc.lake.change_rows import change_rows, column_names
from cdc.lake.current_state import CurrentState, key_columns_of
from cdc.lake.dead_letters import DeadLetter, Originals, Position, write_dead_letters
from cdc.lake.event import Event, read_event
from cdc.lake.positions import Offsets, Topics, knows_positions, reached
from cdc.lake.resnapshot import BEGIN, Reading, step_of
from cdc.lake.schema_following import SchemaChanged
from cdc.lake.segments import in_commit_order, segments
from cdc.lake.set_aside import SUBJECT, SetAside, concerns_one_table, new_set_aside, reason_of
from cdc.lake.source_columns import SourceColumn
from cdc.lake.spare_time import SPARE_TIME
from cdc.lake.state_table import NullKey, StateTable
from cdc.lake.storage import Storage
from cdc.lake.table_log import DamagedTable, TableLog
from cdc.lake.table_notes import TableNotes
from cdc.lake.table_options import TableOptions
from cdc.lake.whole_table import require_whole
from cdc.row_columns import RowColumns, merged
from cdc.source_table import SourceTable

log = logging.getLogger("cdc")


class UnreadableMessage(Exception):
    """A message that is no change event, where those are not to be set aside; the text says which one and why."""

    def __init__(self, letter: DeadLetter) -> None:
        topic, partition, offset = letter.position
        super().__init__(
            f"topic {topic}, partition {partition}, offset {offset}: this message is unreadable: {letter.reason}"
        )


NO_KEY = (
    "no key: only its change log is written; give the table a primary key, or name its key columns in the job's "
    "--table-keys"
)
_KEYLESS, _READING, _NEEDS_ROWS = "noKey", "resnapshot", "needsRows"
_ONLY_TRUNCATED = "onlyTruncated"
"""subject of a note: nothing but TRUNCATE came so far, so that a table made later lacks nothing"""
"""subjects of a table's notes: what its messages have as key is none; its rows are read, and there was no table; why
they have to be"""
_SMALL = 1_000
"""changes of a table that is written beside others"""
_AT_ONCE = 8
"""tables that are written side by side"""
_OPEN_INDEXES = 64
"""of the tables used last: others hold the keys of small files only"""


@dataclass(frozen=True)
class MessageSchema:
    """What the messages of one schema have."""

    table: SourceTable
    row_columns: RowColumns
    columns: tuple[SourceColumn, ...]
    key: tuple[str, ...]
    """columns of the messages' key, which is the primary key; empty when there is none"""
    exact: bool = False
    """whether the converter of this project wrote them (`read_event`)"""


@dataclass(frozen=True)
class Messages:
    """Those of one micro-batch."""

    rows: pa.Table
    """topic, partition, offset, schema_id, payload; in any order"""
    schemas: Mapping[int, MessageSchema]
    """by schema_id"""
    originals: Originals
    unreadable: Sequence[DeadLetter] = ()
    """messages that are no change events, in the order of their topics"""


_COUNTS = ("changes", "written", "deleted", "skipped", "rejected")


@dataclass
class TableReport:
    """What a micro-batch did to the tables of one source table, and how they are."""

    changes: int = 0
    written: int = 0
    deleted: int = 0
    skipped: int = 0
    rejected: int = 0
    problem: str | None = None
    schema_changes: list[str] = field(default_factory=list)
    set_aside: SetAside | None = None
    """why nothing was written"""
    needs_rows: str | None = None
    """why its rows have to be read again"""
    reading: Mapping[str, str] | None = None
    """id and since of the reading of all its rows that goes on"""

    def followed_by(self, other: TableReport) -> TableReport:
        """What both did, and how the tables are after the other."""
        counts = {name: getattr(self, name) + getattr(other, name) for name in _COUNTS}
        return replace(other, **counts, schema_changes=[*self.schema_changes, *other.schema_changes])

    def facts(self) -> dict[str, Any]:
        counts = {name: getattr(self, name) for name in _COUNTS}
        more = {"problem": self.problem, "schema_changes": self.schema_changes, **self.standing()}
        return {name: value for name, value in {**counts, **more}.items() if value not in (0, None, [])}

    def standing(self) -> dict[str, Any]:
        """What stays until something mends it: setAside?, needsRows?, resnapshot?"""
        found = {
            "setAside": self.set_aside and self.set_aside.facts(),
            "needsRows": self.needs_rows,
            "resnapshot": self.reading,
        }
        return {name: value for name, value in found.items() if value}


class LakeTables:
    """Writes micro-batch after micro-batch of one streaming query."""

    def __init__(
        self,
        storage: Storage,
        index_folder: Path,
        options: TableOptions,
        keys: Mapping[SourceTable, tuple[str, ...]] | None = None,
        flattened: bool = True,
        *,
        topics: Topics | None = None,
    ) -> None:
        """index_folder: on a local disk, which may be lost. keys: of tables without a primary key, or to be used
        instead of it.

        flattened: whether to write the walkthrough's tables as well. topics: what tells them from others of their name.
        """
        self._storage = storage
        self._index_folder = index_folder
        self._options = options
        self._keys = keys or {}
        self._flattened = flattened
        self._topics = topics or Topics()
        self._tables_at_once = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="table")
        self._threads = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="append")
        self._appended: dict[str, AppendTable] = {}
        self._states: dict[SourceTable, tuple[tuple[str, ...], StateTable]] = {}
        self._open_indexes: dict[SourceTable, None] = {}
        """the one used last is the last"""
        self._written: dict[str, AppendTable | StateTable] = {}
        """by path, tables that may need maintenance"""
        self._notes = TableNotes(storage)
        self._tried: dict[SourceTable, float] = {}

    # ------------------------------------------------------------------ a micro-batch

    def write(self, messages: Messages, batch: BatchId) -> dict[SourceTable, TableReport]:
        """Writes the messages of a micro-batch; what was written before is left alone when messages come again.

        A table that cannot take its messages is set aside, and the others go on. Raises what concerns all tables: the
        store or Kafka away. Raises SchemaChanged when a table's columns are not to follow the source's; then it also
        raises UnreadableMessage for the first message that is no change event, before anything is written. Otherwise
        such messages become dead letters.
        """
        events, letters = self._by_table(messages)

        def write(table: SourceTable) -> TableReport:
            return self._write_or_set_aside(table, events.get(table, []), letters.get(table, []), messages, batch)

        tables = sorted({*events, *letters})
        small = [table for table in tables if len(events.get(table, [])) <= _SMALL]
        if len(small) < 2:
            return {table: write(table) for table in tables}
        # Of what a few rows cost most is waiting for the store. Many rows would only be in memory at the same time.
        writing = {table: self._tables_at_once.submit(write, table) for table in small}
        try:
            reports = {table: write(table) for table in tables if table not in writing}
        finally:
            wait(writing.values())
        reports |= {table: done.result() for table, done in writing.items()}
        return {table: reports[table] for table in tables}

    def maintain(self, busy: bool = False) -> None:
        """One bounded step of maintenance of each table that was written since it needed none. busy: only of what
        cannot wait."""
        for path in list(self._written):
            self._keep(path, busy)
        for table in list(self._open_indexes)[:-_OPEN_INDEXES]:
            del self._open_indexes[table]
            self._states[table][1].rest()

    def maintain_next(self) -> None:
        """One bounded step for the next table that may need one."""
        path = next(iter(self._written), None)
        if path is None:
            return
        self._keep(path, busy=False)
        if path in self._written:
            self._written[path] = self._written.pop(path)

    def _keep(self, path: str, busy: bool) -> None:
        # Without spare time it says that there is nothing to do, though there may be.
        postponed = busy or not SPARE_TIME.is_left
        if not self._maintain(path, self._written[path], busy) and not postponed:
            del self._written[path]

    def uncommitted(self, path: str) -> set[str]:
        """Files that are being written into a table, and are no part of it yet. path: of the table in the lake."""
        tables = [self._appended.get(path)]
        tables += [state for table, (_, state) in list(self._states.items()) if table.path_in("tables") == path]
        return {name for table in tables if table is not None for name in set(table.uncommitted)}

    # ------------------------------------------------------------------ tables that are set aside

    def set_aside(self) -> dict[SourceTable, SetAside]:
        return {table: SetAside.read(self._notes.get(table, SUBJECT)) for table in self._notes.tables(SUBJECT)}

    def due(self) -> dict[SourceTable, SetAside]:
        """Tables that are to be tried again now: at once after a start, then ever more rarely."""
        now = time.monotonic()
        return {
            table: aside
            for table, aside in self.set_aside().items()
            if table not in self._tried or now >= self._tried[table] + aside.pause
        }

    def write_again(self, table: SourceTable, messages: Messages) -> bool:
        """Writes messages that a table could not take before; false when it still cannot."""
        aside = SetAside.read(self._notes.get(table, SUBJECT))
        self._tried[table] = time.monotonic()
        events, letters = self._by_table(messages)
        batch = BatchId("again", time.time_ns() // 1_000_000)
        try:
            self._write(table, events.get(table, []), letters.get(table, []), messages, batch)
        except Exception as error:
            self._forget(table)
            if not concerns_one_table(error):
                raise
            self._notes.put(table, SUBJECT, aside.failed_again(reason_of(error, table)).note)
            return False
        self._tried.pop(table, None)
        return True

    def reach(self, table: SourceTable, reached: Mapping[str, Mapping[int, int]]) -> None:
        """A table that was set aside has all messages before these: by topic and partition, where it goes on."""
        aside = SetAside.read(self._notes.get(table, SUBJECT))
        offsets = {topic: {**of_topic, **reached.get(topic, {})} for topic, of_topic in aside.offsets.items()}
        self._notes.put(table, SUBJECT, replace(aside, offsets=offsets, tries=0).note)

    def resume(self, table: SourceTable) -> None:
        """A table that has taken all messages that it waited for is written again."""
        self._notes.put(table, SUBJECT, None)
        self._tried.pop(table, None)
        log.info("%s is written again", table)

    def postpone(self, tables: Iterable[SourceTable]) -> None:
        """They could not be tried again, for a reason that is not theirs."""
        for table in tables:
            self._tried[table] = time.monotonic()

    def lose_messages(self, table: SourceTable, reason: str) -> None:
        """Messages that it waited for are gone: it goes on without them, and its rows have to be read again."""
        try:
            self._need_rows(table, reason)
        except DamagedTable:
            self._notes.put(table, _NEEDS_ROWS, reason)

    def standing(self, table: SourceTable) -> dict[str, Any]:
        """What its status tells until something mends it: setAside?, needsRows?, resnapshot?"""
        return self._standing(table, TableReport()).standing()

    def _write_or_set_aside(
        self,
        table: SourceTable,
        events: list[Event],
        letters: list[DeadLetter],
        messages: Messages,
        batch: BatchId,
    ) -> TableReport:
        note = self._notes.get(table, SUBJECT)
        if note is not None:
            begin = next((place for place, event in enumerate(events) if step_of(event) == BEGIN), None)
            if begin is None:
                return self._left_out(table, SetAside.read(note), events, letters)
            events, letters = events[begin:], []
            self._notes.put(table, SUBJECT, None)
            self._tried.pop(table, None)
        try:
            return self._write(table, events, letters, messages, batch)
        except (SchemaChanged, UnreadableMessage):
            raise
        except Exception as error:
            self._forget(table)
            if not concerns_one_table(error):
                raise
            reason = reason_of(error, table)
            log.error("%s is set aside: %s", table, reason, exc_info=not isinstance(error, DamagedTable))
            aside = new_set_aside(reason, _positions(events, letters))
            self._notes.put(table, SUBJECT, aside.note)
            self._tried[table] = time.monotonic()
            return TableReport(changes=len(events), set_aside=aside)

    def _left_out(
        self, table: SourceTable, aside: SetAside, events: list[Event], letters: list[DeadLetter]
    ) -> TableReport:
        more = aside.with_first(sorted(_positions(events, letters)))
        if more != aside:
            self._notes.put(table, SUBJECT, more.note)
        return TableReport(changes=len(events), set_aside=more)

    def _forget(self, table: SourceTable) -> None:
        """What is known of its tables may be wrong after an error."""
        for kind in ("changes", "", "_dead_letter", "tables"):
            self._appended.pop(table.path_in(kind), None)
            self._written.pop(table.path_in(kind), None)
        self._open_indexes.pop(table, None)
        known = self._states.pop(table, None)
        if known:
            known[1].close()

    # ------------------------------------------------------------------ one table

    def _write(
        self,
        table: SourceTable,
        events: list[Event],
        letters: list[DeadLetter],
        messages: Messages,
        batch: BatchId,
    ) -> TableReport:
        """The tables that only grow are written by other threads meanwhile: most of that is compressing and waiting."""
        if letters:
            # An order of their own in the table's log, beside the messages that only the current state cannot take.
            own = BatchId(f"{batch.query_id}-unreadable", batch.number)
            dead = self._append_table(table.path_in("_dead_letter"))
            write_dead_letters(dead, letters, messages.originals, own, self._topics, part="unreadable")
        if not events:
            return self._standing(table, TableReport())
        begins = any(step_of(event) == BEGIN for event in events)
        if begins:
            self._mend(table)
        state_is_late = not begins and self._require_beginning(table, events)
        appending = self._append(table, events, messages, batch)
        try:
            report = self._write_state(table, events, messages, batch, state_is_late)
        finally:
            wait(appending)
            for done in appending:
                done.result()
        return self._standing(table, report)

    def _append(
        self, table: SourceTable, events: list[Event], messages: Messages, batch: BatchId
    ) -> list[Future[bool]]:
        changes = [event for event in events if event.op != "m"]
        if not changes:
            return []
        appending, whole = [], None
        for kind in ("changes", "") if self._flattened else ("changes",):
            target = self._append_table(table.path_in(kind))
            new, offsets = self._new(target, changes, batch)
            if not new:
                continue
            if len(new) == len(changes):
                whole = rows = whole or _change_rows(new, messages)
            else:
                rows = _change_rows(new, messages)
            columns = rows.columns if kind == "changes" else {name: rows.columns[name] for name in rows.texts}
            appending.append(self._threads.submit(target.append, columns, batch, offsets))
        return appending

    def _new(self, target: AppendTable, events: list[Event], batch: BatchId) -> tuple[list[Event], Offsets]:
        """The changes that a table that only grows does not have yet, and their offsets."""
        offsets = self._topics.offsets(events)
        if not knows_positions(target.transactions):
            return [] if target.has({}, batch) else events, offsets
        if all(first >= target.reached(application) for application, (first, _) in offsets.items()):
            return events, offsets
        new = self._topics.new(events, target.reached)
        return new, self._topics.offsets(new)

    def _write_state(
        self, table: SourceTable, events: list[Event], messages: Messages, batch: BatchId, is_late: bool
    ) -> TableReport:
        report = TableReport()
        left_out = False
        for part in segments(events, messages.schemas):
            if step_of(part[0]) is not None:
                self._control(table, part[0], batch)
            else:
                report.changes += len(part)
                self._write_part(table, part, messages, batch, report)
                left_out = left_out or report.problem is not None
        known = self._states.get(table)
        if known and known[1].version >= 0 and not known[1].reading:
            if is_late:
                known[1].need_rows(
                    "the table was made when its change log had changes already: earlier rows are missing"
                )
            elif left_out:
                known[1].need_rows("changes came without a key: earlier rows are missing")
        return report

    def _write_part(
        self, table: SourceTable, events: list[Event], messages: Messages, batch: BatchId, report: TableReport
    ) -> None:
        schemas = messages.schemas
        key = self._key(table, events, schemas)
        if not key and all(event.op == "t" for event in events):
            self._notes.put(table, _ONLY_TRUNCATED, True)
            return  # there is no table yet that could be emptied
        # In the order in which they come.
        used = list(dict.fromkeys(event.schema_id for event in events))
        newest = next((event for event in reversed(events) if event.op != "t"), events[-1])
        columns = schemas[newest.schema_id].columns
        of_messages, key = key, self._whole_key(table, key, columns)
        report.problem = self._problem(table, key, columns)
        if report.problem:
            self._came(table)
            return

        def keep(rejected: list[Rejected]) -> None:
            letters = [DeadLetter(item.event.position, item.reason) for item in rejected]
            dead = self._append_table(table.path_in("_dead_letter"))
            write_dead_letters(dead, letters, messages.originals, batch, self._topics)

        state = self._state_table(table, key)
        reading = self._notes.get(table, _READING)
        if reading:
            state.goes_on_with(Reading.of_note(reading))
        try:
            applied = state.apply(events, {number: schemas[number].columns for number in used}, batch, keep)
        except NullKey as error:
            # A part of the rows would be worse than none.
            report.problem = (
                f"{error}: only its change log is written; give the table a primary key, or name the columns of one "
                f"in cdc:tableKeys, and read it again: npm run resnapshot -- {table}"
            )
            self._notes.put(table, _KEYLESS, {"columns": list(key), "reason": report.problem})
            state.make_anew()
            return
        if key != of_messages:
            state.need_rows(
                f"changes came without a key, or with a part of it, and were applied by {', '.join(key)}: a column of "
                "it was renamed while they waited to be read, or the table has another primary key, or none"
            )
        if reading and state.version >= 0:
            self._notes.put(table, _READING, None)
        self._came(table)
        _add(report, applied)

    def _came(self, table: SourceTable) -> None:
        """Other changes than TRUNCATE."""
        if self._notes.get(table, _ONLY_TRUNCATED):
            self._notes.put(table, _ONLY_TRUNCATED, None)

    def _whole_key(self, table: SourceTable, key: tuple[str, ...], columns: Sequence[SourceColumn]) -> tuple[str, ...]:
        """The key that the table had, for changes that come with a part of it or none: Debezium takes a key's columns
        from the catalog of now, and does not find those in changes from before they were renamed. While all rows are
        read again they come with the key that there is."""
        known = () if table in self._keys else self._known_key(table)
        if not set(key) < set(known) or not {column.name for column in columns}.issuperset(known):
            return key
        return key if self._state_table(table, known).reading else known

    def _problem(self, table: SourceTable, key: Sequence[str], columns: Sequence[SourceColumn]) -> str | None:
        """Why the table has no current state."""
        note = self._notes.get(table, _KEYLESS)
        if note and note["columns"] == list(key):
            return note["reason"]
        return _problem(key, columns)

    def _control(self, table: SourceTable, event: Event, batch: BatchId) -> None:
        """Begins or ends the reading of all its rows again."""
        asked = event.resnapshot
        key = self._key(table, [], {})
        state = self._state_table(table, key) if key else None
        begins = step_of(event) == BEGIN
        if begins:
            for subject in (_KEYLESS, _NEEDS_ROWS):
                self._notes.put(table, subject, None)
        if state is not None and state.version >= 0:
            state.control(event, batch)
            return
        note = self._notes.get(table, _READING)
        known = Reading.of_note(note) if note else None
        if begins and not (known and asked.id in known.replaces):
            same = known is not None and known.id == asked.id
            reading = known.with_begin(event.partition) if same else Reading.first(event, cutoff=-1, before=known)
            self._notes.put(table, _READING, reading.note)
        elif not begins and known and known.id == asked.id:
            reading = known.with_end(event.partition)
            self._notes.put(table, _READING, None if reading.complete else reading.note)

    def _mend(self, table: SourceTable) -> None:
        """Before all rows are read again: tables that cannot be read any more are made anew."""
        for kind in ("changes", "", "tables"):
            folder = self._storage.folder(table.path_in(kind))
            try:
                require_whole(folder)
            except Exception as error:
                if not concerns_one_table(error):
                    raise
                log.warning("%s is made anew: %s", folder.name, error)
                self._forget(table)
                TableLog(folder).remove()

    def _require_beginning(self, table: SourceTable, events: Sequence[Event]) -> bool:
        """Whether the current state is only made now that the change log has earlier changes, and no reading of all
        rows, which brings the earlier ones, goes on.

        Raises DamagedTable when it is the change log that is missing.
        """
        offsets = self._topics.offsets(events)
        changes, known = self._append_table(table.path_in("changes")), self._states.get(table)
        if changes.version >= 0 and known and known[1].version >= 0:
            return False
        state = known[1].transactions if known else TableLog(self._storage.folder(table.path_in("tables"))).snapshot()
        at = state if known else state.transactions
        if changes.version < 0 and _has_earlier(offsets, at):
            raise DamagedTable(f"{table.path_in('changes').lstrip('/')}: the change log was there, and is gone")
        late = not at and _has_earlier(offsets, changes.transactions) and not self._notes.get(table, _ONLY_TRUNCATED)
        return late and self._notes.get(table, _READING) is None

    def _key(
        self, table: SourceTable, events: Sequence[Event], schemas: Mapping[int, MessageSchema]
    ) -> tuple[str, ...]:
        """The key configured, or that of the newest message; the message of a TRUNCATE has none."""
        if table in self._keys:
            return self._keys[table]
        newest = next((event for event in reversed(events) if event.op != "t"), None)
        if newest is not None:
            return schemas[newest.schema_id].key
        return self._known_key(table)

    def _known_key(self, table: SourceTable) -> tuple[str, ...]:
        """The current state's, as it was written last; empty when there is none."""
        known = self._states.get(table)
        return known[0] if known else key_columns_of(TableLog(self._storage.folder(table.path_in("tables"))).snapshot())

    def _need_rows(self, table: SourceTable, reason: str) -> None:
        key = self._key(table, [], {})
        state = self._state_table(table, key) if key else None
        if state is not None and state.version >= 0:
            state.need_rows(reason)
        else:
            self._notes.put(table, _NEEDS_ROWS, reason)

    def _standing(self, table: SourceTable, report: TableReport) -> TableReport:
        note = self._notes.get(table, SUBJECT)
        report.set_aside = SetAside.read(note) if note else None
        reading = self._notes.get(table, _READING)
        known = self._states.get(table)
        state = known[1] if known else None
        report.needs_rows = (state and state.needs_rows) or self._notes.get(table, _NEEDS_ROWS)
        found = (state and state.reading) or (Reading.of_note(reading) if reading else None)
        report.reading = found.facts() if found else None
        return report

    def _by_table(
        self, messages: Messages
    ) -> tuple[dict[SourceTable, list[Event]], dict[SourceTable, list[DeadLetter]]]:
        events, bad = _events_by_table(messages)
        letters = sorted([*messages.unreadable, *bad], key=lambda letter: letter.position)
        if letters and self._options.on_schema_change == "fail":
            raise UnreadableMessage(letters[0])
        by_table: dict[SourceTable, list[DeadLetter]] = defaultdict(list)
        for letter in letters:
            by_table[SourceTable.of_topic(letter.position[0])].append(letter)
        return events, by_table

    def _maintain(self, path: str, table: AppendTable | StateTable, busy: bool) -> bool:
        """Whether there was something to do. What cannot be compacted stays as it is: nobody waits for it."""
        try:
            return table.maintain(busy) > 0
        except Exception as error:
            if not concerns_one_table(error):
                raise
            log.warning("%s: %s", path, error)
            return False

    def _append_table(self, path: str) -> AppendTable:
        if path not in self._appended:
            self._appended[path] = AppendTable(self._storage.folder(path), self._options.retention)
        self._written[path] = self._appended[path]
        return self._appended[path]

    def _state_table(self, table: SourceTable, key: tuple[str, ...]) -> StateTable:
        path = table.path_in("tables")
        known = self._states.get(table)
        if known and known[0] == key:
            self._use(path, table, known[1])
            return known[1]
        if known:
            known[1].close()
        index = self._index_folder / f"{hashlib.sha256(path.encode()).hexdigest()[:16]}"
        current = CurrentState(self._storage.folder(path), index, key, self._options, self._topics)
        state = StateTable(current, configured_key=table in self._keys)
        self._states[table] = key, state
        self._use(path, table, state)
        return state

    def _use(self, path: str, table: SourceTable, state: StateTable) -> None:
        self._written[path] = state
        self._open_indexes.pop(table, None)
        self._open_indexes[table] = None


@dataclass(frozen=True)
class _ChangeRows:
    columns: dict[str, Any]
    texts: list[str]
    """columns of the walkthrough's table"""


def _change_rows(events: list[Event], messages: Messages) -> _ChangeRows:
    used = dict.fromkeys(event.schema_id for event in events)
    columns = merged(messages.schemas[number].row_columns for number in used)
    return _ChangeRows(change_rows(events, columns), column_names(columns))


def _has_earlier(offsets: Offsets, transactions: Mapping[str, int]) -> bool:
    """Whether a table has messages from before these."""
    return any(0 < reached(transactions, application) <= first for application, (first, _) in offsets.items())


def _positions(events: Iterable[Event], letters: Iterable[DeadLetter]) -> list[Position]:
    return [*(event.position for event in events), *(letter.position for letter in letters)]


def _problem(key: Sequence[str], columns: Sequence[SourceColumn]) -> str | None:
    names = {column.name for column in columns}
    if not key:
        return NO_KEY
    if missing := [name for name in key if name not in names]:
        return f"it has no column {', '.join(missing)}, which is named as its key: only its change log is written"
    return None


def _events_by_table(messages: Messages) -> tuple[dict[SourceTable, list[Event]], list[DeadLetter]]:
    """The changes, in the order of their commits, and messages that are none."""
    by_schema: dict[int, list[Event]] = defaultdict(list)
    letters: list[DeadLetter] = []
    exact = {number for number, schema in messages.schemas.items() if schema.exact}
    columns = (messages.rows[name].to_pylist() for name in ("payload", "topic", "partition", "offset", "schema_id"))
    for payload, topic, partition, offset, schema_id in zip(*columns, strict=True):
        try:
            event = read_event(payload, topic, partition, offset, schema_id, exact=schema_id in exact)
        except ValueError as error:
            letters.append(DeadLetter((topic, partition, offset), str(error)))
        else:
            by_schema[schema_id].append(event)
    events: dict[SourceTable, list[Event]] = defaultdict(list)
    for schema_id, of_schema in by_schema.items():
        events[messages.schemas[schema_id].table] += of_schema
    found = {}
    for table, of_table in sorted(events.items()):
        # Of the messages that are no changes only those count that say that rows are read again.
        counting = of_table
        if any(event.op == "m" for event in of_table):
            counting = [event for event in of_table if event.op != "m" or event.resnapshot is not None]
        counting.sort(key=attrgetter("topic", "partition", "offset"))
        if counting:
            found[table] = in_commit_order(counting)
    return found, letters


def _add(report: TableReport, applied: Applied) -> None:
    report.written += applied.written
    report.deleted += applied.deleted
    report.skipped += applied.skipped
    report.rejected += len(applied.rejected)
    report.schema_changes += applied.schema_changes
