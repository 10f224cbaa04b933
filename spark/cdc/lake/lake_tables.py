"""All tables of a lake that the driver writes by itself: change logs, current states and dead letters."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from operator import attrgetter
from pathlib import Path
from typing import Any

import pyarrow as pa

from cdc.lake.append_table import AppendTable
from cdc.lake.batch_id import BatchId
from cdc.lake.change_rows import change_rows, column_names
from cdc.lake.dead_letters import DeadLetter, Originals, write_dead_letters
from cdc.lake.event import Event, read_event
from cdc.lake.source_columns import SourceColumn
from cdc.lake.state_table import Applied, Rejected, StateTable, TableOptions, key_columns_of
from cdc.lake.storage import Storage
from cdc.lake.table_log import TableLog
from cdc.row_columns import RowColumns, merged
from cdc.source_table import SourceTable


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
_OWN_COLUMNS = ("_lsn", "_deleted")


@dataclass(frozen=True)
class MessageSchema:
    """What the messages of one schema have."""

    table: SourceTable
    row_columns: RowColumns
    columns: tuple[SourceColumn, ...]
    key: tuple[str, ...]
    """columns of the messages' key, which is the primary key; empty when there is none"""


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


@dataclass
class TableReport:
    """What a micro-batch did to the tables of one source table."""

    changes: int = 0
    written: int = 0
    deleted: int = 0
    skipped: int = 0
    rejected: int = 0
    problem: str | None = None
    schema_changes: list[str] = field(default_factory=list)

    def facts(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if value not in (0, None, [])}


class LakeTables:
    """Writes micro-batch after micro-batch of one streaming query."""

    def __init__(
        self,
        storage: Storage,
        index_folder: Path,
        options: TableOptions,
        keys: Mapping[SourceTable, tuple[str, ...]] | None = None,
        flattened: bool = True,
    ) -> None:
        """index_folder: on a local disk. keys: of tables without a primary key, or to be used instead of it.

        flattened: whether to write the walkthrough's tables as well.
        """
        self._storage = storage
        self._index_folder = index_folder
        self._options = options
        self._keys = keys or {}
        self._flattened = flattened
        self._threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="append")
        self._appended: dict[str, AppendTable] = {}
        self._states: dict[SourceTable, tuple[tuple[str, ...], StateTable]] = {}

    def write(self, messages: Messages, batch: BatchId) -> dict[SourceTable, TableReport]:
        """Writes the messages of a micro-batch; what was written before a failure is left alone when it is repeated.

        Raises SchemaChanged when a table's columns are not to follow the source's; then it also raises
        UnreadableMessage for the first message that is no change event, before anything is written. Otherwise such
        messages become dead letters.
        """
        events, bad = _events_by_table(messages)
        letters = sorted([*messages.unreadable, *bad], key=lambda letter: letter.position)
        if letters and self._options.on_schema_change == "fail":
            raise UnreadableMessage(letters[0])
        self._reject_unreadable(letters, messages.originals, batch)
        return {table: self._write(table, of_table, messages, batch) for table, of_table in events.items()}

    def _reject_unreadable(self, letters: Sequence[DeadLetter], originals: Originals, batch: BatchId) -> None:
        """Keeps messages that are no change events at all."""
        by_table: dict[SourceTable, list[DeadLetter]] = defaultdict(list)
        for letter in letters:
            by_table[SourceTable.of_topic(letter.position[0])].append(letter)
        # A query of its own in the table's log, beside the messages that only the current state cannot take.
        own = BatchId(f"{batch.query_id}-unreadable", batch.number)
        for table, of_table in by_table.items():
            write_dead_letters(self._append_table(table.path_in("_dead_letter")), of_table, originals, own)

    def maintain(self, busy: bool = False) -> None:
        """One bounded step of maintenance of each table written so far. busy: only of what cannot wait."""
        for appended in self._appended.values():
            appended.maintain(busy)
        for _, state in self._states.values():
            state.maintain(busy)

    def _write(self, table: SourceTable, events: list[Event], messages: Messages, batch: BatchId) -> TableReport:
        """The tables that only grow are written by other threads meanwhile: most of that is compressing and waiting."""
        used = list(dict.fromkeys(event.schema_id for event in events))
        columns = merged(messages.schemas[number].row_columns for number in used)
        appending = self._append(table, events, columns, batch)
        try:
            return self._write_state(table, events, used, messages, batch)
        finally:
            wait(appending)
            for done in appending:
                done.result()

    def _append(
        self, table: SourceTable, events: list[Event], columns: RowColumns, batch: BatchId
    ) -> list[Future[bool]]:
        rows = change_rows(events, columns)
        appending = [self._threads.submit(self._append_table(table.path_in("changes")).append, rows, batch)]
        if self._flattened:
            texts = {name: rows[name] for name in column_names(columns)}
            appending.append(self._threads.submit(self._append_table(table.path_in("")).append, texts, batch))
        return appending

    def _write_state(
        self, table: SourceTable, events: list[Event], used: list[int], messages: Messages, batch: BatchId
    ) -> TableReport:
        """used: the events' schemas, in the order in which they come."""
        schemas = messages.schemas
        report = TableReport(changes=len(events))
        key = self._key(table, events, schemas)
        if not key and all(event.op == "t" for event in events):
            return report  # there is no table yet that could be emptied
        report.problem = _problem(key, schemas[used[-1]].columns)
        if report.problem:
            return report

        def keep(rejected: list[Rejected]) -> None:
            letters = [DeadLetter(item.event.position, item.reason) for item in rejected]
            write_dead_letters(self._append_table(table.path_in("_dead_letter")), letters, messages.originals, batch)

        applied = self._state_table(table, key).apply(
            events, {number: schemas[number].columns for number in used}, batch, keep
        )
        return _reported(report, applied)

    def _key(
        self, table: SourceTable, events: Sequence[Event], schemas: Mapping[int, MessageSchema]
    ) -> tuple[str, ...]:
        """The key configured, or that of the newest message; the message of a TRUNCATE has none."""
        if table in self._keys:
            return self._keys[table]
        newest = next((event for event in reversed(events) if event.op != "t"), None)
        if newest is not None:
            return schemas[newest.schema_id].key
        known = self._states.get(table)
        return known[0] if known else key_columns_of(TableLog(self._storage.folder(table.path_in("tables"))).snapshot())

    def _append_table(self, path: str) -> AppendTable:
        if path not in self._appended:
            self._appended[path] = AppendTable(self._storage.folder(path), self._options.retention)
        return self._appended[path]

    def _state_table(self, table: SourceTable, key: tuple[str, ...]) -> StateTable:
        known = self._states.get(table)
        if known and known[0] == key:
            return known[1]
        if known:
            known[1].close()
        path = table.path_in("tables")
        index = self._index_folder / f"{hashlib.sha256(path.encode()).hexdigest()[:16]}.sqlite"
        self._states[table] = key, StateTable(self._storage.folder(path), index, key, self._options)
        return self._states[table][1]


def _problem(key: Sequence[str], columns: Sequence[SourceColumn]) -> str | None:
    names = {column.name for column in columns}
    if not key:
        return NO_KEY
    if missing := [name for name in key if name not in names]:
        return f"it has no column {', '.join(missing)}, which is named as its key: only its change log is written"
    if taken := [name for name in _OWN_COLUMNS if name in names]:
        return f"its column {taken[0]} has the name of one of the lake's own: only its change log is written"
    return None


def _events_by_table(messages: Messages) -> tuple[dict[SourceTable, list[Event]], list[DeadLetter]]:
    """The changes, in the order of their topic, and messages that are none."""
    by_schema: dict[int, list[Event]] = defaultdict(list)
    letters: list[DeadLetter] = []
    columns = (messages.rows[name].to_pylist() for name in ("payload", "topic", "partition", "offset", "schema_id"))
    for payload, topic, partition, offset, schema_id in zip(*columns, strict=True):
        try:
            event = read_event(payload, topic, partition, offset, schema_id)
        except ValueError as error:
            letters.append(DeadLetter((topic, partition, offset), str(error)))
        else:
            by_schema[schema_id].append(event)
    events: dict[SourceTable, list[Event]] = defaultdict(list)
    for schema_id, of_schema in by_schema.items():
        events[messages.schemas[schema_id].table] += of_schema
    for of_table in events.values():
        of_table.sort(key=attrgetter("topic", "partition", "offset"))
    return dict(sorted(events.items())), letters


def _reported(report: TableReport, applied: Applied) -> TableReport:
    report.written, report.deleted, report.skipped = applied.written, applied.deleted, applied.skipped
    report.rejected = len(applied.rejected)
    report.schema_changes = list(applied.schema_changes)
    return report
