"""The current state of one source table: one row a key."""

from __future__ import annotations

import json
import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from pyroaring import BitMap

from cdc.lake.batch_id import BatchId
from cdc.lake.column_names import DELETED, LSN, OWN_NAMES, RESCUED
from cdc.lake.column_type import BOOLEAN, LONG, ColumnType
from cdc.lake.compaction import files_to_compact
from cdc.lake.data_files import DataFiles
from cdc.lake.event import UNCHANGED, Event, Row
from cdc.lake.fold import (
    AS_IT_WAS,
    Fold,
    Held,
    Key,
    Keyed,
    Outcome,
    Stored,
    fold,
    keys_of,
    newest_truncate,
)
from cdc.lake.key_index import KeyIndex, Standing
from cdc.lake.key_reader import columns_of_key, file_keys, message_keys, needed_for_keys
from cdc.lake.note import carried_over, doubled_of, moving_of
from cdc.lake.positions import Offsets, Topics, advance, knows_positions, reached
from cdc.lake.rescued import restored
from cdc.lake.resnapshot import BEGIN, CUTOFF, NEEDS_ROWS, PROPERTY, Reading, reading_of, step_of
from cdc.lake.retention import DEFAULT, Retention
from cdc.lake.rows import NeedsColumns, ValueRules, typed_rows, unconvertible
from cdc.lake.snapshot import Action, DataFile, Snapshot, milliseconds_now
from cdc.lake.source_changes import Known, known_columns, source_change
from cdc.lake.source_columns import SourceColumn
from cdc.lake.storage import Storage
from cdc.lake.table_log import ConcurrentCommit, TableLog
from cdc.lake.table_schema import VECTORS, Column, by_source, columns_of, evolved, lacks, schema_actions
from cdc.lake.unlogged import Wanted, with_unlogged

log = logging.getLogger("cdc")

_KEY_COLUMNS = "cdc.keyColumns"
_SOURCE_COLUMNS = "cdc.sourceColumns"
_DELETED_ROWS = "cdc.deletedRows"
_PERHAPS = "cdc.perhapsRenamed"
_TRUNCATED = "cdc.truncatedAt"
_READ_AT = "cdc.snapshotAt"
"""`txn` application whose version is the position of the newest snapshot of all rows"""
_NEVER = -1
_ATTEMPTS = 5
_PLACED_AT_ONCE = 50_000
"""keys of a file that are written into the index together"""

Schemas = Mapping[int, Sequence[SourceColumn]]
"""schema id → columns of the source table"""


class SchemaChanged(Exception):
    """The source table's columns changed, and the lake's are not to follow."""


class NullKey(Exception):
    """A row has NULL in what its messages have as key: that is no primary key."""


@dataclass(frozen=True)
class TableOptions:
    soft_delete: bool = False
    """keep deleted rows, with true in the column _deleted"""
    on_schema_change: str = "evolve"
    """evolve: follow | ignore: keep the columns | fail: raise SchemaChanged"""
    retention: Retention = DEFAULT
    """how long files that the table no longer needs are kept"""
    values_out_of_range: str = "rescue"
    """rescue: NULL, and PostgreSQL's text in _rescued_data | reject: the change is rejected"""

    @property
    def rules(self) -> ValueRules:
        return ValueRules(self.values_out_of_range, follow=self.on_schema_change == "evolve")


@dataclass(frozen=True)
class Rejected:
    """A change that could not be applied."""

    event: Event
    reason: str


@dataclass
class Applied:
    """What a micro-batch did to the table."""

    written: int = 0
    deleted: int = 0
    skipped: int = 0
    rejected: list[Rejected] = field(default_factory=list)
    schema_changes: tuple[str, ...] = ()

    def add(self, other: Applied) -> None:
        self.written += other.written
        self.deleted += other.deleted
        self.skipped += other.skipped
        self.rejected += other.rejected
        self.schema_changes += other.schema_changes


@dataclass
class _Group:
    """Rows of one schema that are written together."""

    schema_id: int
    outcomes: list[Outcome] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    keys: list[Key | None] = field(default_factory=list)
    """None: the row is only written for what comes next, and is no part of the table"""


class StateTable:
    """Applies micro-batches; only one writer may do so at a time, and notices when it is not the only one."""

    def __init__(
        self,
        storage: Storage,
        index: Path,
        key_columns: tuple[str, ...],
        options: TableOptions,
        topics: Topics | None = None,
        *,
        configured_key: bool = True,
    ) -> None:
        """key_columns: the source's names. configured_key: whether they are the user's choice: rows without a key are
        rejected then; where they are the messages' key, such a row raises NullKey.
        """
        self._log = TableLog(storage, options.retention)
        self._files = DataFiles(storage)
        self._index = KeyIndex(index)
        self._key_columns = key_columns
        self._options = options
        self._topics = topics or Topics()
        self._configured_key = configured_key
        self._writes_old = False
        """whether what is written counts as older than the reading of all rows that goes on"""
        self._snapshot = self._log.snapshot()
        self._read_log()

    @property
    def version(self) -> int:
        return self._snapshot.version

    @property
    def files(self) -> list[DataFile]:
        return list(self._snapshot.files.values())

    @property
    def transactions(self) -> Mapping[str, int]:
        return self._snapshot.transactions

    @property
    def uncommitted(self) -> set[str]:
        return self._files.uncommitted

    @property
    def reading(self) -> Reading | None:
        """The reading of all its rows again, while it goes on."""
        return self._reading

    @property
    def needs_rows(self) -> str | None:
        """Why its rows have to be read again."""
        return self._snapshot.configuration.get(NEEDS_ROWS)

    def apply(
        self,
        events: Sequence[Event],
        schemas: Schemas,
        batch: BatchId,
        before_commit: Callable[[list[Rejected]], None] = lambda _: None,
    ) -> Applied:
        """Applies the changes of a micro-batch, in one commit; does nothing when that was done before.

        events: in the order of their partitions. before_commit: gets the changes that cannot be applied, so that they
        are kept before the micro-batch counts as done; it gets them again when the micro-batch is repeated.
        Raises SchemaChanged, NullKey, DamagedTable, or ConcurrentCommit when other writers keep coming in between.
        """

        before = [event for event in events if self._reading.is_before(event)] if self._reading else []
        if not before:
            return self._repeatedly(lambda: self._apply_new(events, schemas, batch, before_commit))
        # Of partitions whose begin has not come yet. Nothing of what a TRUNCATE there empties will stay.
        old = [event for event in before if event.op != "t"]
        rest = [event for event in events if not self._reading.is_before(event)]
        applied = Applied()
        for part, is_old in ((old, True), (rest, False)):
            if part:
                self._writes_old = is_old
                try:
                    one = self._repeatedly(lambda part=part: self._apply_new(part, schemas, batch, before_commit))
                finally:
                    self._writes_old = False
                applied.add(one)
        return applied

    def control(self, event: Event, batch: BatchId) -> None:
        """Begins or ends the reading of all rows again."""

        def once() -> None:
            if self._snapshot.version < 0 or event.resnapshot is None or not self._new([event], batch)[0]:
                return
            if step_of(event) == BEGIN:
                self._begin(event)
            else:
                self._end(event)

        self._repeatedly(once)

    def goes_on_with(self, reading: Reading) -> None:
        """A reading of all rows that began when there was no table yet."""
        if self._snapshot.version < 0:
            self._reading = replace(reading, cutoff=milliseconds_now())
            self._files.newer_than = self._reading.cutoff

    def need_rows(self, reason: str) -> None:
        """Notes that the rows have to be read again; the first reason stays."""

        def once() -> None:
            if self._snapshot.version >= 0 and self._needing(reason):
                self._configure(self._needing(reason), "NEEDS ROWS")

        self._repeatedly(once)

    def make_anew(self) -> None:
        """Removes what there is of a damaged table; the next changes make it again."""
        self._log.remove()
        self._index.clear()
        self._snapshot = self._log.snapshot()
        self._read_log()

    def missing(self) -> list[str]:
        """Its files that are not there."""
        return self._files.missing(self.files)

    def maintain(self, busy: bool = False) -> int:
        """One bounded step of maintenance, if it cannot wait when busy; returns how many files it wrote anew as one."""
        self._log.checkpoint_when_due(self._snapshot)
        for old in (False, True):
            files = files_to_compact((file for file in self.files if self._is_old(file) == old), busy)
            if files:
                break
        else:
            return 0
        try:
            self._compact(files)
        except ConcurrentCommit:
            self._index.forget()
            self._reload()
            return 0
        except BaseException:
            self._index.forget()
            raise
        finally:
            self._files.committed()
        return len(files)

    def rest(self) -> None:
        """Holds no file open until it is needed again."""
        self._index.rest()

    def close(self) -> None:
        self._index.close()

    def _repeatedly(self, once: Callable[[], Any]) -> Any:
        for attempt in range(_ATTEMPTS):
            try:
                return once()
            except ConcurrentCommit:
                self._index.forget()
                if attempt == _ATTEMPTS - 1:
                    raise
                log.warning("another writer changed the table; reading it again")
                self._reload()
            except BaseException:
                self._index.forget()
                raise
            finally:
                self._files.committed()
        raise AssertionError("unreachable")

    # ------------------------------------------------------------------ one micro-batch

    def _apply_new(
        self,
        events: Sequence[Event],
        schemas: Schemas,
        batch: BatchId,
        before_commit: Callable[[list[Rejected]], None],
    ) -> Applied:
        new, offsets = self._new(events, batch)
        if not new:
            return Applied(skipped=len(events))
        while True:
            try:
                applied = self._apply(new, offsets, schemas, batch, before_commit)
            except NeedsColumns as needed:
                self._index.forget()
                self._change_columns(needed.columns)
            else:
                applied.skipped += len(events) - len(new)
                return applied

    def _new(self, events: Sequence[Event], batch: BatchId) -> tuple[Sequence[Event], Offsets]:
        """The changes that the table does not have yet, and their offsets."""
        known, offsets = self._snapshot.transactions, self._topics.offsets(events)
        if not knows_positions(known):
            return [] if known.get(batch.query_id, -1) >= batch.number else events, offsets
        if all(first >= reached(known, application) for application, (first, _) in offsets.items()):
            return events, offsets
        new = self._topics.new(events, lambda application: reached(known, application))
        return new, self._topics.offsets(new)

    def _apply(
        self,
        events: Sequence[Event],
        offsets: Offsets,
        schemas: Schemas,
        batch: BatchId,
        before_commit: Callable[[list[Rejected]], None],
    ) -> Applied:
        applied = Applied(schema_changes=self._follow_schema(schemas, [event.schema_id for event in events]))
        self._check_index()
        if self._options.soft_delete:
            self._flag_truncated(events)
        keyed = self._with_keys(events, schemas, applied)
        stored = self._index.lookup({key for _, keys in keyed for key, _ in keys})
        moves = [event.lsn for event, _ in keyed if event.partial and event.op == "c" and event.lsn is not None]
        moved = self._index.moved(moves) if moves else {}
        while True:
            folded = fold(keyed, stored, self._truncated, moved, lambda held, row: self._is_row(held, row, schemas))
            groups, arrays, bad = self._rows(folded, keyed, schemas)
            if not bad:
                break
            applied.rejected += bad
            rejected = {item.event.position for item in bad}
            keyed = [(event, keys) for event, keys in keyed if event.position not in rejected]
        applied.skipped += folded.skipped
        table = self._table(groups, arrays, schemas, applied)
        if applied.rejected:
            before_commit(applied.rejected)
        read_at = _read_at(events)
        needs_rows = _lost_rows(applied.rejected) or self._read_twice(read_at)
        notes: list[Action] = [{"txn": {"appId": batch.query_id, "version": batch.number}}, *advance(offsets)]
        if read_at is not None:
            notes.append({"txn": {"appId": _READ_AT, "version": read_at}})
        self._commit(folded, stored, table, groups, batch, notes=notes, needs_rows=needs_rows)
        applied.deleted = sum(outcome.row is None for outcome in folded.outcomes.values())
        applied.written = len(folded.outcomes) - applied.deleted
        return applied

    def _with_keys(self, events: Sequence[Event], schemas: Schemas, applied: Applied) -> list[Keyed]:
        """The changes that say which row they are about; the others are rejected."""
        in_table = message_keys(schemas, self._key_columns, self._columns)
        good = []
        for event in events:
            try:
                good.append((event, keys_of(event, self._key_columns, in_table)))
            except ValueError as error:
                if not self._configured_key and _has_null(event.after, self._key_columns):
                    topic, partition, offset = event.position
                    raise NullKey(
                        f"{', '.join(self._key_columns)} is no key, as it is NULL in a row "
                        f"(topic {topic}, partition {partition}, offset {offset})"
                    ) from error
                applied.rejected.append(Rejected(event, str(error)))
        return good

    def _is_row(self, held: Held, before: Row, schemas: Schemas) -> bool:
        """Whether a row of the table is the one that an image of it says. Reads a data file."""
        file = self._file_at(held.place[0]) if held.place else None
        arrays, bad = typed_rows([before], schemas[held.event.schema_id], self._columns, self._options.rules)
        if file is None or bad:
            return False
        columns = [column for column in self._columns if column.name in arrays]
        stored = self._files.read(file, columns).slice(held.place[1], 1)
        known, _ = typed_rows([held.row or {}], schemas[held.event.schema_id], self._columns, self._options.rules)
        own = {name for name, value in (held.row or {}).items() if value is not UNCHANGED}
        in_memory = {column.name for column in by_source(self._columns, own).values()}
        return all(
            (known[name] if name in in_memory else stored.column(name)).to_pylist() == array.to_pylist()
            for name, array in arrays.items()
        )

    def _rows(
        self, folded: Fold, keyed: list[Keyed], schemas: Schemas
    ) -> tuple[list[_Group], list[dict[str, pa.Array]], list[Rejected]]:
        """Rows to write, grouped by schema, with their columns' arrays; or the changes that cannot be written."""
        groups: dict[int, _Group] = {}
        number, group = None, _Group(-1)
        for key, outcome in folded.outcomes.items():
            row = outcome.row
            if row is None:
                row = self._kept(outcome)
                if row is None:
                    continue
            if outcome.event.schema_id != number:
                number = outcome.event.schema_id
                group = groups.setdefault(number, _Group(number))
            group.keys.append(key)
            group.outcomes.append(outcome)
            group.rows.append({} if row is AS_IT_WAS else row)
        for held in self._in_memory(folded):
            outcome = Outcome(held.event.lsn, held.row, held.event, origin=held.place)
            outcome.partial = UNCHANGED in (held.row or {}).values()
            group = groups.setdefault(held.event.schema_id, _Group(held.event.schema_id))
            group.keys.append(None)
            group.outcomes.append(outcome)
            group.rows.append(held.row or {})
        arrays, bad = [], []
        for number, group in groups.items():
            found, unwritable = typed_rows(group.rows, schemas[number], self._columns, self._options.rules)
            arrays.append(found)
            bad += [(group.keys[item.index], group.outcomes[item.index], item.reason) for item in unwritable]
        if not bad:
            return list(groups.values()), arrays, []
        return [], [], self._rejected(bad, keyed, schemas)

    def _rejected(
        self, bad: list[tuple[Key | None, Outcome, str]], keyed: list[Keyed], schemas: Schemas
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
            found = unconvertible(rows, schemas[number], self._columns, self._options.rules)
            first += [Rejected(events[item.index], item.reason) for item in found]
        return first

    def _kept(self, outcome: Outcome) -> Row | None:
        """What is kept of a deleted row: what the micro-batch or the change itself knows; the rest as it was."""
        if not self._options.soft_delete:
            return None
        known = outcome.last_row if outcome.last_row is not None else outcome.event.before or {}
        return {name: value for name, value in known.items() if value is not None and value is not UNCHANGED}

    def _in_memory(self, folded: Fold) -> list[Held]:
        """Rows that the table does not have and the next micro-batch may need."""
        held = [*folded.moving.values(), *(one for _, older in folded.doubled.values() for one in older)]
        return [one for one in {id(one): one for one in held}.values() if one.row]

    def _table(
        self, groups: list[_Group], arrays: list[dict[str, pa.Array]], schemas: Schemas, applied: Applied
    ) -> pa.Table:
        """The rows of all groups as one table, values that were not logged taken from where they are."""
        schema = pa.schema([(column.name, column.type.arrow) for column in self._columns])
        tables = []
        for group, of_source in zip(groups, arrays, strict=True):
            count = len(group.rows)
            of_lake = {
                **of_source,
                LSN: pa.array([outcome.lsn for outcome in group.outcomes], pa.int64()),
                DELETED: pa.array([outcome.row is None for outcome in group.outcomes], pa.bool_()),
            }
            parts = [
                of_lake[column.name] if column.name in of_lake else pa.nulls(count, column.type.arrow)
                for column in self._columns
            ]
            tables.append(self._with_unlogged(pa.table(parts, schema=schema), group, schemas, applied))
        return pa.concat_tables(tables) if tables else schema.empty_table()

    def _with_unlogged(self, table: pa.Table, group: _Group, schemas: Schemas, applied: Applied) -> pa.Table:
        targets = by_source(self._columns, [column.name for column in schemas[group.schema_id]])
        wanted = list(self._wanted(group, targets))
        if not wanted:
            return table
        table, lost = with_unlogged(table, wanted, self._columns, self._files, self._file_at, perhaps=self._perhaps)
        for one in lost:
            outcome = group.outcomes[one.index]
            if outcome.row is not None and group.keys[one.index] is not None:
                names = ", ".join(one.names)
                reason = f"{names} did not change, and the table has no earlier row: null is written"
                applied.rejected.append(Rejected(outcome.event, reason))
        return table

    def _wanted(self, group: _Group, targets: Mapping[str, Column]) -> Iterator[Wanted]:
        everything = [column.name for column in self._columns if column.name not in OWN_NAMES]
        for index, outcome in enumerate(group.outcomes):
            if not outcome.partial and outcome.row is not None:
                continue
            row = group.rows[index]
            if outcome.row is None or outcome.row is AS_IT_WAS:
                known = {targets[name].name for name in row if name in targets}
                yield Wanted(index, [name for name in everything if name not in known], outcome.origin)
            elif outcome.partial:
                names = [targets[name].name for name, value in row.items() if value is UNCHANGED and name in targets]
                if names:
                    yield Wanted(index, names, outcome.origin)

    def _file_at(self, number: int) -> DataFile | None:
        """A data file by its number in the index, also one that is no longer part of the table."""
        path = self._index.file_path(number)
        if path is None:
            return None
        return self._snapshot.files.get(path) or DataFile(path, 0, -1)

    def _commit(
        self,
        folded: Fold,
        stored: dict[Key, Stored],
        table: pa.Table,
        groups: list[_Group],
        batch: BatchId,
        *,
        notes: list[Action],
        needs_rows: str | None,
    ) -> None:
        """notes: what the table's log is to know of the micro-batch."""
        emptied = folded.truncated_at
        needing = self._needing(needs_rows)
        if not folded.outcomes and emptied is None:
            if needing:
                self._configure(needing, "NEEDS ROWS")
            return
        actions = notes
        if needing:
            actions.append({"metaData": self._metadata(needing)})
        if emptied is not None:
            actions.append({"txn": {"appId": _TRUNCATED, "version": emptied}})
        removing, gone = self._removing(self._rows_gone(folded, stored))
        actions += removing
        keys = [(key, outcome) for group in groups for key, outcome in zip(group.keys, group.outcomes, strict=True)]
        new, number = None, -1
        if table.num_rows:
            old = self._reading.cutoff if self._writes_old and self._reading else None
            new = self._files.write([table], self._columns, modified=old)
            dead = BitMap(row for row, (key, _) in enumerate(keys) if key is None)
            if dead:
                (new,) = self._files.with_deleted({new.path: dead}, {new.path: new})
            actions.append(new.add())
            number = self._index.file_number(new.path)
        self._update_index(folded, stored, keys, number)
        carried = self._carry_over(folded, stored, [row for row, (key, _) in enumerate(keys) if key is None], number)
        self._finish(actions, "MERGE", gone, {**batch.note, **carried})

    def _rows_gone(self, folded: Fold, stored: dict[Key, Stored]) -> dict[str, BitMap]:
        """By data file: rows that are no longer part of the table."""
        rows: dict[str, BitMap] = defaultdict(BitMap)
        by_file: dict[int, list[int]] = defaultdict(list)
        for key, known in stored.items():
            if known.place is not None and key in folded.outcomes:
                by_file[known.place[0]].append(known.place[1])
        for number, of_file in by_file.items():
            rows[self._path(number)] = BitMap(of_file)
        if folded.truncated_at is not None and not self._options.soft_delete:
            stay: dict[str, BitMap] = defaultdict(BitMap)
            for number, row in self._index.behind(folded.truncated_at):
                stay[self._path(number)].add(row)
            for path, file in self._snapshot.files.items():
                rows[path] |= BitMap(range(file.rows)) - self._files.vector(file) - stay[path]
        return rows

    def _removing(self, rows: Mapping[str, BitMap]) -> tuple[list[Action], list[str]]:
        """Actions that take these rows out of the table, and the files that are no longer part of it."""
        files = self._snapshot.files
        whole = [path for path, of_file in rows.items() if len(of_file) >= files[path].live]
        part = {path: of_file for path, of_file in rows.items() if of_file and path not in set(whole)}
        actions = [files[path].remove() for path in whole]
        for file in self._files.with_deleted(part, files):
            actions += [files[file.path].remove(), file.add()]
        return actions, whole

    def _update_index(
        self, folded: Fold, stored: dict[Key, Stored], keys: list[tuple[Key | None, Outcome]], number: int
    ) -> None:
        if folded.truncated_at is not None and not self._options.soft_delete:
            self._index.delete_all(folded.truncated_at)
        kept = {key: (number, row) for row, (key, outcome) in enumerate(keys) if key and outcome.row is None}
        deleted = [
            (key, None if self._writes_old else outcome.lsn, kept.get(key, outcome.origin))
            for key, outcome in folded.outcomes.items()
            if outcome.row is None
        ]
        if deleted:
            self._index.delete(deleted, keep=self._options.soft_delete)
        back = [key for key, known in stored.items() if known.deleted and _is_there(folded.outcomes.get(key))]
        if back:
            self._index.revive(back)
        if number >= 0:
            live = [(row, key, outcome) for row, (key, outcome) in enumerate(keys) if key is not None]
            self._index.place(
                number,
                (key for _, key, _ in live),
                (row for row, _, _ in live),
                (None if self._writes_old else outcome.lsn for _, _, outcome in live),
            )

    def _carry_over(self, folded: Fold, stored: dict[Key, Stored], dead: list[int], number: int) -> dict[str, Any]:
        """Notes where the rows are that the next micro-batch may need."""
        places = dict(zip(map(id, self._in_memory(folded)), ((number, row) for row in dead), strict=True))
        moving = {lsn: places.get(id(held), held.place) for lsn, held in folded.moving.items()}
        doubled = [
            (self._index.value_of(key), tx, places.get(id(held), held.place))
            for key, (tx, older) in folded.doubled.items()
            for held in older
        ]
        moving = {lsn: place for lsn, place in moving.items() if place is not None}
        doubled = [entry for entry in doubled if entry[2] is not None]
        touched = [key for key, known in stored.items() if known.doubled is not None]
        doubled = self._index.go_on(moving, doubled, folded.going_on, touched)
        return carried_over(
            {lsn: (self._path(file), row) for lsn, (file, row) in moving.items()},
            [(value, tx, (self._path(file), row)) for value, tx, (file, row) in doubled],
        )

    def _path(self, number: int) -> str:
        path = self._index.file_path(number)
        if path is None:
            raise LookupError(f"the index has no file {number}")
        return path

    # ------------------------------------------------------------------ the table's columns

    @property
    def _properties(self) -> dict[str, str]:
        return {
            VECTORS: "true",
            _KEY_COLUMNS: json.dumps(self._key_columns),
            _DELETED_ROWS: "keep" if self._options.soft_delete else "remove",
            **self._options.retention.properties,
        }

    def _follow_schema(self, schemas: Schemas, seen: Sequence[int]) -> tuple[str, ...]:
        """Makes the table, or gives it the columns that the source has now; says what changed.

        Of several versions of the columns in one micro-batch none renames a column of another.
        """
        versions = [schemas[number] for number in dict.fromkeys(seen) if schemas[number]]
        exists, policy = self._snapshot.version >= 0, self._options.on_schema_change
        follows = versions if not exists or policy != "ignore" else []
        columns, renamed, perhaps, reasons = self._columns, {}, {}, []
        known, old_key = self._source_columns, key_columns_of(self._snapshot)
        for version in follows if exists else []:
            if known and known_columns(version) != known:
                change = source_change(known, version, old_key, self._key_columns)
                renamed |= change.renamed
                perhaps |= change.perhaps
                reasons += change.reasons
            known = known_columns(version)
        if renamed:
            columns = _renamed(columns, renamed)
        own = [(LSN, LONG), *([(DELETED, BOOLEAN)] if self._options.soft_delete else [])]
        change = evolved(columns, [[(column.name, column.type) for column in each] for each in follows], own)
        steps = (*(f"column {old} is called {new} now" for old, new in renamed.items()), *change.steps)
        properties: dict[str, str | None] = dict(self._properties)
        if follows:
            properties[_SOURCE_COLUMNS] = json.dumps(known_columns(follows[-1]))
        if not steps and not lacks(self._snapshot, properties):
            return ()
        if steps and exists and policy == "fail":
            raise SchemaChanged(
                f"{'; '.join(steps)}: the setting for schema changes is 'fail'. "
                "Choose 'evolve' to let the lake follow, or 'ignore' to keep its columns"
            )
        if exists and any(file.live for file in self.files) and reasons:
            properties |= self._needing("; ".join(dict.fromkeys(reasons))) or {}
            if perhaps:
                properties[_PERHAPS] = json.dumps({**self._perhaps, **perhaps})
        columns = change.columns
        if not exists:
            # The source's columns first, whatever versions of them there are, then the lake's own.
            columns = tuple(sorted(columns, key=lambda column: column.name in OWN_NAMES))
        self._become(columns, properties, {new: old for old, new in renamed.items()}, change.rewrite)
        return steps if exists else ()

    def _change_columns(self, needed: list[tuple[str, ColumnType]]) -> None:
        """What rows need that hold values which the columns do not."""
        change = evolved(self._columns, [], needed)
        self._become(change.columns, self._properties, {}, change.rewrite)

    def _become(
        self, columns: Sequence[Column], properties: dict[str, str | None], old_names: Mapping[str, str], rewrite: bool
    ) -> None:
        """Gives the table these columns; its files are written anew where that needs it.

        old_names: of columns that have another name now.
        """
        exists = self._snapshot.version >= 0
        before = {column.name: column for column in self._columns}
        was_kept = self._snapshot.configuration.get(_DELETED_ROWS, "keep" if DELETED in before else "") == "keep"
        purge = exists and was_kept and not self._options.soft_delete
        flag = exists and self._options.soft_delete and DELETED not in before
        rewrite = rewrite or purge or flag or any(before[old].stored_as is None for old in old_names.values())
        if not exists and self._reading is not None:
            properties = {**properties, PROPERTY: self._reading.text}
        kept, actions = schema_actions(self._snapshot, columns, properties)
        gone: list[str] = []
        if exists and rewrite:
            source = [
                replace(column, stored_as=before[old_names[column.name]].in_files)
                if column.name in old_names
                else column
                for column in kept
            ]
            for file in self.files:
                rows = self._files.live(file, source)[0]
                rows = _with_flags(_with_names(restored(rows), old_names), purge, flag)
                gone.append(file.path)
                actions.append(file.remove(data_change=purge))
                if rows.num_rows:
                    new = self._files.write([rows], kept, modified=file.modified)
                    actions.append(new.add(data_change=purge))
        self._log.commit(self._snapshot, actions, "CHANGE COLUMNS" if exists else "CREATE TABLE", {})
        self._files.forget(gone)
        self._columns = kept
        self._read_log(columns=False)
        if not (exists and rewrite) and self._fits(self._snapshot.version - 1):
            self._index.finish(self._snapshot.metadata["id"], self._snapshot.version)

    @property
    def _truncated(self) -> int | None:
        at = self._snapshot.transactions.get(_TRUNCATED, _NEVER)
        return None if at == _NEVER else at

    def _flag_truncated(self, events: Sequence[Event]) -> None:
        """A TRUNCATE where deleted rows are kept: flags every row from before it, in a commit of its own."""
        at = newest_truncate(events, self._truncated)
        if at is None:
            return
        actions: list[Action] = [{"txn": {"appId": _TRUNCATED, "version": at}}]
        actions += self._flagged(self.files, lambda lsns: pc.fill_null(pc.less_equal(lsns, at), True))
        gone = list(self._snapshot.files)
        self._log.commit(self._snapshot, actions, "TRUNCATE", {})
        self._files.forget(gone)
        self._rebuild_index()

    def _flagged(
        self, files: Iterable[DataFile], which: Callable[[pa.ChunkedArray], Any], forget: bool = False
    ) -> list[Action]:
        """Actions that write files anew, with rows flagged as deleted.

        which: of their positions. forget: any later change counts over them.
        """
        names = [column.name for column in self._columns]
        actions: list[Action] = []
        for file in files:
            rows = self._files.live(file, self._columns)[0]
            lsns = pa.chunked_array([pa.nulls(rows.num_rows, pa.int64())]) if self._is_old(file) else rows.column(LSN)
            flags = pc.or_(which(lsns), pc.fill_null(rows.column(DELETED), False))
            rows = rows.set_column(names.index(DELETED), DELETED, flags)
            if forget:
                rows = rows.set_column(names.index(LSN), LSN, pa.nulls(rows.num_rows, pa.int64()))
            actions.append(file.remove())
            if rows.num_rows:
                actions.append(self._files.write([rows], self._columns).add())
        return actions

    # ------------------------------------------------------------------ all rows again

    def _begin(self, event: Event) -> None:
        """What is there counts as older than anything from now on."""
        asked = event.resnapshot
        if self._reading is not None and self._reading.id == asked.id:
            reading = self._reading.with_begin(event.partition)
            actions = advance(self._topics.offsets([event]))
            self._configure({PROPERTY: reading.text}, "BEGIN RESNAPSHOT", actions, index=self._fits(self.version))
            self._read_log(columns=False)
            return
        if self._reading is not None and asked.id in self._reading.replaces:
            self._advance(event)
            return
        cutoff = max([milliseconds_now(), *(file.modified for file in self.files)])
        reading = Reading.first(event, cutoff, self._reading, self.needs_rows)
        properties: dict[str, str | None] = {PROPERTY: reading.text}
        actions = [
            {"txn": {"appId": CUTOFF, "version": cutoff}},
            {"txn": {"appId": _TRUNCATED, "version": _NEVER}},
            *advance(self._topics.offsets([event])),
        ]
        fits = self._fits(self._snapshot.version)
        if fits:
            self._index.count_as_old()
        self._configure(properties, "BEGIN RESNAPSHOT", actions, index=fits)
        self._read_log(columns=False)

    def _end(self, event: Event) -> None:
        """Once it has come in all partitions, what is left of the rows from before the reading is removed."""
        if self._reading is None or self._reading.id != event.resnapshot.id:
            self._advance(event)
            return
        reading = self._reading.with_end(event.partition)
        actions = advance(self._topics.offsets([event]))
        if not reading.complete:
            self._configure({PROPERTY: reading.text}, "END RESNAPSHOT", actions, index=self._fits(self.version))
            self._read_log(columns=False)
            return
        self._check_index()
        old = [file for file in self.files if self._is_old(file)]
        gone = [file.path for file in old]
        if self._options.soft_delete:
            actions += self._flagged(old, lambda lsns: pa.array([True] * len(lsns), pa.bool_()), forget=True)
        else:
            actions += [file.remove() for file in old]
            if gone:
                self._index.delete_files(gone)
                self._index.forget_files(gone, self._options.retention.milliseconds)
        # A reason that came up meanwhile stays.
        rest = (self.needs_rows or "").removeprefix(self._reading.mends or "").removeprefix("; ")
        properties: dict[str, str | None] = {PROPERTY: None, _PERHAPS: None, NEEDS_ROWS: rest or None}
        self._configure(properties, "END RESNAPSHOT", actions, index=not self._options.soft_delete)
        self._files.forget(gone)
        self._read_log(columns=False)

    def _advance(self, event: Event) -> None:
        actions = advance(self._topics.offsets([event]))
        fits = self._fits(self.version)
        self._log.commit(self._snapshot, actions, "STREAMING UPDATE", {})
        if fits:
            self._index.finish(self._snapshot.metadata["id"], self._snapshot.version)

    def _is_old(self, file: DataFile) -> bool:
        """Whether the file is from before the reading of all rows that goes on."""
        return self._reading is not None and file.modified <= self._reading.cutoff

    # ------------------------------------------------------------------ what the log says of the table

    def _read_twice(self, read_at: int | None) -> str | None:
        """Why the rows have to be read again after a snapshot that nobody announced.

        read_at: its position; None: there was none.
        """
        known = self._snapshot.transactions.get(_READ_AT)
        if read_at is None or known in (None, read_at) or self._reading is not None:
            return None
        return "the connector took a second snapshot: rows that were gone or had another key by then are still here"

    def _needing(self, reason: str | None) -> dict[str, str | None] | None:
        """Properties that say so; None when they do already."""
        known = self.needs_rows
        if not reason or (known and reason in known):
            return None
        return {NEEDS_ROWS: f"{known}; {reason}"[:2_000] if known else reason}

    def _metadata(self, properties: Mapping[str, str | None]) -> Action:
        """The table's, with these properties; None removes one."""
        configuration = {**self._snapshot.configuration, **properties}
        kept = {name: value for name, value in configuration.items() if value is not None}
        return {**self._snapshot.metadata, "configuration": kept}

    def _configure(
        self,
        properties: Mapping[str, str | None],
        operation: str,
        actions: Sequence[Action] = (),
        index: bool | None = None,
    ) -> None:
        """A commit that changes properties. index: whether the index stands for the table after it."""
        fits = self._fits(self.version) and not actions if index is None else index
        self._log.commit(self._snapshot, [*actions, {"metaData": self._metadata(properties)}], operation, {})
        if fits:
            self._index.finish(self._snapshot.metadata["id"], self._snapshot.version)

    def _read_log(self, columns: bool = True) -> None:
        if columns:
            self._columns = columns_of(self._snapshot)
        self._reading = reading_of(self._snapshot.configuration)
        if self._reading is not None:
            self._files.newer_than = self._reading.cutoff

    @property
    def _perhaps(self) -> dict[str, str]:
        """Columns that may be others under a new name: new → old, as the lake calls them."""
        return json.loads(self._snapshot.configuration.get(_PERHAPS, "{}"))

    @property
    def _source_columns(self) -> tuple[Known, ...]:
        """The source's columns as they were last; empty when that is not known."""
        known = json.loads(self._snapshot.configuration.get(_SOURCE_COLUMNS, "[]"))
        return tuple((name, kind) for name, kind in known)

    # ------------------------------------------------------------------ index and files

    def _check_index(self) -> None:
        if not self._fits(self._snapshot.version):
            self._rebuild_index()

    def _fits(self, version: int) -> bool:
        return self._index.standing == Standing(
            self._snapshot.metadata.get("id", ""), version, self._key_columns, self._whole_number
        )

    @property
    def _key(self) -> list[Column]:
        return columns_of_key(self._key_columns, self._columns)

    @property
    def _whole_number(self) -> bool:
        kinds = [column.type for column in self._key]
        return len(kinds) == 1 and kinds[0].name in ("short", "integer", "long")

    def _rebuild_index(self) -> None:
        """Reads keys and positions of the whole table: about a minute for 30 million rows."""
        if len(self._key) < len(self._key_columns):
            missing = set(self._key_columns) - {column.in_source for column in self._key}
            raise LookupError(f"the table has no column {', '.join(sorted(missing))}, which is in its key")
        self._index.begin(self._snapshot.metadata["id"], self._key_columns, self._whole_number)
        names = {LSN, *([DELETED] if self._options.soft_delete else [])}
        own = [column for column in self._columns if column.name in names]
        columns = [*needed_for_keys(self._key, self._columns), *own]
        keyless = 0
        for file in self.files:
            rows, positions = self._files.live(file, columns)
            keyless += self._place_all(file, rows, positions)
        self._restore_notes()
        if keyless and self._reading is None:
            reason = f"{keyless} rows have no value in the key {', '.join(self._key_columns)}"
            if needing := self._needing(reason):
                self._configure(needing, "NEEDS ROWS", index=False)
        self._index.finish(self._snapshot.metadata["id"], self._snapshot.version)

    def _place_all(self, file: DataFile, rows: pa.Table, positions: Sequence[int]) -> int:
        """A part at a time: as Python's objects keys take ten times the memory. Returns how many rows have no key."""
        number = self._index.file_number(file.path)
        keyless = 0
        for first in range(0, rows.num_rows, _PLACED_AT_ONCE):
            part = rows.slice(first, _PLACED_AT_ONCE)
            keys = list(file_keys(part, self._key))
            lsns = [None] * len(part) if self._is_old(file) else part.column(LSN).to_pylist()
            places = positions[first : first + len(part)]
            if any(None in key for key in keys):
                rest = [entry for entry in zip(keys, places, lsns, strict=True) if None not in entry[0]]
                keyless += len(keys) - len(rest)
                keys, places, lsns = map(list, zip(*rest, strict=True)) if rest else ([], [], [])
            self._index.place(number, keys, places, lsns)
            if DELETED in part.column_names and self._options.soft_delete:
                flags = part.column(DELETED).to_pylist()
                if any(flags) and len(flags) == len(keys):
                    entries = zip(keys, lsns, places, flags, strict=True)
                    gone = [(key, lsn, (number, row)) for key, lsn, row, flag in entries if flag]
                    self._index.delete(gone, keep=True)
        return keyless

    def _restore_notes(self) -> None:
        """What the last micro-batch left for the next one, where the index does not have it any more."""
        note = self._log.newest_note(self._snapshot, "queryId")
        moving = {lsn: (self._index.file_number(path), row) for lsn, (path, row) in moving_of(note).items()}
        doubled = [(value, tx, (self._index.file_number(path), row)) for value, tx, (path, row) in doubled_of(note)]
        self._index.go_on(moving, doubled, {tx for _, tx, _ in doubled}, [])

    def _compact(self, files: list[DataFile]) -> None:
        self._check_index()
        actions = [file.remove(data_change=False) for file in files]
        if any(file.live for file in files):
            keys: list[pa.Table] = []
            modified = max(file.modified for file in files) if self._is_old(files[0]) else None
            new = self._files.write(self._remembering(files, keys), self._columns, modified)
            actions.append(new.add(data_change=False))
            self._place_all(new, pa.concat_tables(keys), range(new.rows))
        self._finish(actions, "OPTIMIZE", [file.path for file in files], {})

    def _remembering(self, files: list[DataFile], keys: list[pa.Table]) -> Iterator[pa.Table]:
        """File after file, of which only what the index needs is kept."""
        own = {LSN, DELETED} if self._options.soft_delete else {LSN}
        needed = [column.name for column in needed_for_keys(self._key, self._columns)]
        needed += [column.name for column in self._columns if column.name in own and column.name not in needed]
        for part in self._files.live_parts(files, self._columns):
            keys.append(part.select(needed))
            yield part

    def _finish(self, actions: list[Action], operation: str, gone: list[str], note: dict[str, Any]) -> None:
        """The commit is the truth: an index that could not be finished after it is made again."""
        self._index.forget_files(gone, self._options.retention.milliseconds)
        self._log.commit(self._snapshot, actions, operation, note)
        self._files.forget(gone)
        self._index.finish(self._snapshot.metadata["id"], self._snapshot.version)

    def _reload(self) -> None:
        self._log.catch_up(self._snapshot)
        self._read_log()


def key_columns_of(snapshot: Snapshot) -> tuple[str, ...]:
    """The key of a current-state table as it was when it was written last; empty for one that is not there."""
    return tuple(json.loads(snapshot.metadata.get("configuration", {}).get(_KEY_COLUMNS, "[]")))


def _is_there(outcome: Outcome | None) -> bool:
    return outcome is not None and outcome.row is not None


def _has_null(row: Row | None, names: Sequence[str]) -> bool:
    return row is not None and any(name in row and row[name] is None for name in names)


def _read_at(events: Sequence[Event]) -> int | None:
    """Position of the snapshot that read the last of these rows; one that reads in chunks has none."""
    return next((event.lsn for event in reversed(events) if event.op == "r" and event.lsn is not None), None)


def _lost_rows(rejected: Sequence[Rejected]) -> str | None:
    """Why the table is not what the source has after some changes were rejected."""
    unknown = [item for item in rejected if item.event.op in ("d", "c", "u") and "not known which row" in item.reason]
    unlogged = [item for item in rejected if "null is written" in item.reason]
    if unknown:
        return f"{len(unknown)} changes do not say which row they are about (dead letters)"
    if unlogged:
        return f"{len(unlogged)} rows lack values that PostgreSQL did not log (dead letters)"
    return None


def _renamed(columns: Sequence[Column], renamed: Mapping[str, str]) -> tuple[Column, ...]:
    """The columns under the names that the source has now; one that had such a name before and is gone makes room."""
    targets = by_source(columns, renamed)
    new_of = {targets[old].name: new for old, new in renamed.items() if old in targets}
    kept = [column for column in columns if column.name in new_of or column.name not in renamed.values()]
    return tuple(
        replace(column, name=new_of[column.name], source=None) if column.name in new_of else column for column in kept
    )


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
