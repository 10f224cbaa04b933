"""The current state of one source table: one row a key."""

from __future__ import annotations

import json
import logging
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyroaring import BitMap

from cdc.lake.batch_id import BatchId
from cdc.lake.column_type import BOOLEAN, LONG, ColumnType
from cdc.lake.compaction import files_to_compact
from cdc.lake.data_files import DataFiles
from cdc.lake.event import UNCHANGED, Event, Row
from cdc.lake.fold import Fold, Key, Keyed, KeyMissing, Outcome, Stored, fold, keys_of, newest_truncate
from cdc.lake.key_index import KeyIndex, Standing
from cdc.lake.keys import key_of_file, key_of_message
from cdc.lake.retention import DEFAULT, Retention
from cdc.lake.rows import NeedsColumns, typed_rows
from cdc.lake.snapshot import Action, DataFile, Snapshot
from cdc.lake.source_columns import SourceColumn
from cdc.lake.storage import Storage
from cdc.lake.table_log import ConcurrentCommit, TableLog
from cdc.lake.table_schema import VECTORS, columns_of, evolved, lacks, schema_actions

log = logging.getLogger("cdc")

LSN = "_lsn"
DELETED = "_deleted"
_KEY_COLUMNS = "cdc.keyColumns"
_TRUNCATED = "cdc.truncatedAt"
_SAME_IN_JSON = {"short", "integer", "long", "string", "boolean"}
_ATTEMPTS = 3
_PLACED_AT_ONCE = 50_000
"""keys of a file that are written into the index together"""

Schemas = Mapping[int, Sequence[SourceColumn]]
"""schema id → columns of the source table"""


class SchemaChanged(Exception):
    """The source table's columns changed, and the lake's are not to follow."""


@dataclass(frozen=True)
class TableOptions:
    soft_delete: bool = False
    """keep deleted rows, with true in the column _deleted"""
    on_schema_change: str = "evolve"
    """evolve: follow | ignore: keep the columns | fail: raise SchemaChanged"""
    retention: Retention = DEFAULT
    """how long files that the table no longer needs are kept"""


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


class StateTable:
    """Applies micro-batches; only one writer may do so at a time, and notices when it is not the only one."""

    def __init__(self, storage: Storage, index: Path, key_columns: tuple[str, ...], options: TableOptions) -> None:
        self._log = TableLog(storage, options.retention)
        self._files = DataFiles(storage)
        self._index = KeyIndex(index)
        self._key_columns = key_columns
        self._options = options
        self._snapshot = self._log.snapshot()
        self._columns = columns_of(self._snapshot)
        self._needed: list[tuple[str, ColumnType]] = []

    @property
    def version(self) -> int:
        return self._snapshot.version

    @property
    def files(self) -> list[DataFile]:
        return list(self._snapshot.files.values())

    def apply(
        self,
        events: Sequence[Event],
        schemas: Schemas,
        batch: BatchId,
        before_commit: Callable[[list[Rejected]], None] = lambda _: None,
    ) -> Applied:
        """Applies the changes of a micro-batch, in one commit; does nothing when that was done before.

        events: in the order of their topic. before_commit: gets the changes that cannot be applied, so that they are
        kept before the micro-batch counts as done; it gets them again when the micro-batch is repeated.
        Raises SchemaChanged, or ConcurrentCommit when other writers keep coming in between.
        """
        for attempt in range(_ATTEMPTS):
            try:
                if self._snapshot.transactions.get(batch.query_id, -1) >= batch.number:
                    return Applied(skipped=len(events))
                try:
                    return self._apply(events, schemas, batch, before_commit)
                except NeedsColumns as needs:
                    self._index.forget()
                    self._needed = needs.columns
                    return self._apply(events, schemas, batch, before_commit)
            except ConcurrentCommit:
                self._index.forget()
                if attempt == _ATTEMPTS - 1:
                    raise
                log.warning("another writer changed the table; reading it again")
                self._reload()
            except BaseException:
                self._index.forget()
                raise
        raise AssertionError("unreachable")

    def maintain(self, busy: bool = False) -> int:
        """One bounded step of maintenance, if it cannot wait when busy; returns how many files it wrote anew as one."""
        self._log.checkpoint_when_due(self._snapshot)
        files = files_to_compact(self._snapshot.files.values(), busy)
        if not files:
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
        return len(files)

    def close(self) -> None:
        self._index.close()

    # ------------------------------------------------------------------ one micro-batch

    def _apply(
        self,
        events: Sequence[Event],
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
        while True:
            folded = fold(keyed, stored, self._snapshot.transactions.get(_TRUNCATED))
            rows, bad = self._rows(folded, schemas)
            if not bad:
                break
            applied.rejected += bad
            rejected = {item.event.position for item in bad}
            keyed = [(event, keys) for event, keys in keyed if event.position not in rejected]
        applied.skipped += folded.skipped
        table, keys = self._table(rows, stored, applied)
        if applied.rejected:
            before_commit(applied.rejected)
        self._commit(folded, stored, table, keys, batch)
        applied.deleted = sum(outcome.row is None for outcome in folded.outcomes.values())
        applied.written = len(folded.outcomes) - applied.deleted
        return applied

    def _with_keys(self, events: Sequence[Event], schemas: Schemas, applied: Applied) -> list[Keyed]:
        """The changes that say which row they are about; the others are rejected."""
        canonical = self._canonical(schemas)
        good = []
        for event in events:
            try:
                good.append((event, keys_of(event, self._key_columns, canonical)))
            except (KeyMissing, ValueError) as error:
                applied.rejected.append(Rejected(event, str(error)))
        return good

    def _canonical(self, schemas: Schemas) -> Any:
        """Keys have to be the same from a message and from a Parquet file."""
        target = {column.name: column.type for column in self._columns}
        kinds = {
            number: [next(column for column in columns if column.name == name) for name in self._key_columns]
            for number, columns in schemas.items()
            if {column.name for column in columns}.issuperset(self._key_columns)
        }
        plain = {
            number
            for number, columns in kinds.items()
            if all(column.type.name in _SAME_IN_JSON and column.type == target[column.name] for column in columns)
            or all(_whole(column.type) and _whole(target[column.name]) for column in columns)
        }

        def canonical(key: Key, event: Event) -> Key:
            if event.schema_id in plain:
                return key
            columns = kinds.get(event.schema_id)
            if columns is None:
                raise KeyMissing(f"the message has no column {', '.join(self._key_columns)}, which is the key")
            return tuple(
                key_of_message(value, column, target[column.name]) for value, column in zip(key, columns, strict=True)
            )

        return canonical

    def _rows(self, folded: Fold, schemas: Schemas) -> tuple[list[tuple[Key, Outcome, dict[str, Any]]], list[Rejected]]:
        """Keys that have a row afterwards, grouped by schema, with their columns' arrays."""
        groups: dict[int, list[tuple[Key, Outcome, Row]]] = defaultdict(list)
        for key, outcome in folded.outcomes.items():
            row = outcome.row if outcome.row is not None else self._kept(outcome)
            if row is not None:
                groups[outcome.event.schema_id].append((key, outcome, row))
        written, bad = [], []
        for schema_id, group in groups.items():
            arrays, unconvertible = typed_rows([row for _, _, row in group], schemas[schema_id], self._columns)
            bad += [Rejected(group[item.index][1].event, item.reason) for item in unconvertible]
            written.append((group, arrays))
        return written, bad

    def _kept(self, outcome: Outcome) -> Row | None:
        """What is kept of a deleted row: what the micro-batch or the change itself knows, the rest as it was."""
        if not self._options.soft_delete:
            return None
        known = outcome.last_row or outcome.event.before or {}
        missing = dict.fromkeys((column.name for column in self._columns), UNCHANGED)
        return {**missing, **{name: value for name, value in known.items() if value is not None}}

    def _commit(
        self,
        folded: Fold,
        stored: dict[Key, Stored],
        table: pa.Table,
        keys: list[tuple[Key, Outcome]],
        batch: BatchId,
    ) -> None:
        files = self._snapshot.files
        emptied = folded.truncated_at is not None
        if not folded.outcomes and not emptied:
            return
        actions: list[Action] = [{"txn": {"appId": batch.query_id, "version": batch.number}}]
        deletions: dict[str, BitMap] = defaultdict(BitMap)
        for key in () if emptied else folded.outcomes:
            place = stored.get(key)
            if place is not None and place.file is not None:
                deletions[self._index.file_path(place.file)].add(place.row)
        gone: list[str] = []
        if emptied:
            actions.append({"txn": {"appId": _TRUNCATED, "version": folded.truncated_at}})
            actions += [file.remove() for file in files.values()]
            gone += files
        for path in [path for path, rows in deletions.items() if len(rows) == files[path].live]:
            del deletions[path]
            actions.append(files[path].remove())
            gone.append(path)
        for file in self._files.with_deleted(deletions, files):
            actions += [files[file.path].remove(), file.add()]
        new = None
        if table.num_rows:
            new = self._files.write([table], self._columns)
            actions.append(new.add())
        if emptied:
            self._index.delete_all()
        deleted = [(key, outcome.lsn) for key, outcome in folded.outcomes.items() if outcome.row is None]
        if not self._options.soft_delete:
            self._index.delete(deleted)
        if new:
            number = self._index.file_number(new.path)
            lsns = (outcome.lsn for _, outcome in keys)
            self._index.place(number, (key for key, _ in keys), range(len(keys)), lsns)
        self._finish(actions, "MERGE", gone, batch.note)

    def _table(
        self, groups: list[Any], stored: dict[Key, Stored], applied: Applied
    ) -> tuple[pa.Table, list[tuple[Key, Outcome]]]:
        """The rows of all groups as one table, unchanged values taken from where they are."""
        schema = pa.schema([(column.name, column.type.arrow) for column in self._columns])
        tables, keys = [], []
        for group, of_source in groups:
            count = len(group)
            arrays = {
                **of_source,
                LSN: pa.array([outcome.lsn for _, outcome, _ in group], pa.int64()),
                DELETED: pa.array([outcome.row is None for _, outcome, _ in group], pa.bool_()),
            }
            columns = [
                arrays[column.name] if column.name in arrays else pa.nulls(count, column.type.arrow)
                for column in self._columns
            ]
            table = pa.table(columns, schema=schema)
            tables.append(self._with_unchanged(table, group, stored, applied))
            keys += [(key, outcome) for key, outcome, _ in group]
        return (pa.concat_tables(tables) if tables else schema.empty_table()), keys

    def _with_unchanged(
        self, table: pa.Table, group: list[tuple[Key, Outcome, Row]], stored: dict[Key, Stored], applied: Applied
    ) -> pa.Table:
        """Values that were not logged, from the row that the table has. Rare, and reads whole data files."""
        wanted: dict[int, list[tuple[int, int]]] = defaultdict(list)
        cells: dict[str, dict[int, None]] = defaultdict(dict)
        for index, (key, outcome, row) in enumerate(group):
            if outcome.row is not None and not outcome.event.partial:
                continue
            names = [name for name, value in row.items() if value is UNCHANGED and name not in (LSN, DELETED)]
            if not names:
                continue
            place = stored.get(outcome.origin or key)
            if place is None or place.file is None:
                if outcome.row is not None:
                    reason = f"{', '.join(names)} did not change, and the table has no earlier row: null is written"
                    applied.rejected.append(Rejected(outcome.event, reason))
                continue
            wanted[place.file].append((place.row, index))
            for name in names:
                cells[name][index] = None
        if not wanted:
            return table
        columns = [column for column in self._columns if column.name in cells]
        order: dict[int, int] = {}
        parts = []
        for number, places in wanted.items():
            file = self._snapshot.files[self._index.file_path(number)]
            for _, index in places:
                order[index] = len(order)
            parts.append(self._files.read(file, columns).take(pa.array([row for row, _ in places])))
        old = pa.concat_tables(parts)
        for column in columns:
            position = table.column_names.index(column.name)
            both = pa.concat_arrays([*table.column(column.name).chunks, *old.column(column.name).chunks])
            takes = [
                table.num_rows + order[index] if index in cells[column.name] else index
                for index in range(table.num_rows)
            ]
            table = table.set_column(position, column.name, both.take(pa.array(takes)))
        return table

    # ------------------------------------------------------------------ the table's columns

    def _follow_schema(self, schemas: Schemas, seen: Sequence[int]) -> tuple[str, ...]:
        """Makes the table, or gives it the columns that the source has now; says what changed."""
        system = [(LSN, LONG), *([(DELETED, BOOLEAN)] if self._options.soft_delete else [])]
        source = [[(column.name, column.type) for column in schemas[number]] for number in dict.fromkeys(seen)]
        exists = self._snapshot.version >= 0
        if exists and self._options.on_schema_change == "ignore":
            source = []
        change = evolved(self._columns, source, [*system, *self._needed])
        properties = {
            VECTORS: "true",
            _KEY_COLUMNS: json.dumps(self._key_columns),
            **self._options.retention.properties,
        }
        if not change.steps and not lacks(self._snapshot, properties):
            return ()
        if change.steps and exists and self._options.on_schema_change == "fail":
            raise SchemaChanged(
                f"{'; '.join(change.steps)}: the setting for schema changes is 'fail'. "
                "Choose 'evolve' to let the lake follow, or 'ignore' to keep its columns"
            )
        columns = change.columns
        if not exists:
            # The source's columns first, whatever versions of them there are, then the lake's own.
            names = [name for name, _ in system]
            columns = tuple(sorted(columns, key=lambda column: column.name in names))
        columns, actions = schema_actions(self._snapshot, columns, properties)
        gone: list[str] = []
        if change.rewrite:
            gone = list(self._snapshot.files)
            for file in self._snapshot.files.values():
                new = self._files.write(self._files.live_parts([file], columns), columns)
                actions += [file.remove(data_change=False), new.add(data_change=False)]
        self._log.commit(self._snapshot, actions, "CHANGE COLUMNS" if exists else "CREATE TABLE", {})
        self._files.forget(gone)
        self._columns = columns
        if not change.rewrite and self._fits(self._snapshot.version - 1):
            self._index.finish(self._snapshot.metadata["id"], self._snapshot.version)
        return change.steps if exists else ()

    def _flag_truncated(self, events: Sequence[Event]) -> None:
        """A TRUNCATE where deleted rows are kept: flags every row, in a commit of its own."""
        at = newest_truncate(events, self._snapshot.transactions.get(_TRUNCATED))
        if at is None:
            return
        actions: list[Action] = [{"txn": {"appId": _TRUNCATED, "version": at}}]
        gone = list(self._snapshot.files)
        position = [column.name for column in self._columns].index(DELETED)
        for file in self._snapshot.files.values():
            rows = self._files.live(file, self._columns)[0]
            flagged = rows.set_column(position, DELETED, pa.array([True] * rows.num_rows, pa.bool_()))
            actions += [file.remove(), self._files.write([flagged], self._columns).add()]
        self._log.commit(self._snapshot, actions, "TRUNCATE", {})
        self._files.forget(gone)
        self._rebuild_index()

    # ------------------------------------------------------------------ index and files

    def _check_index(self) -> None:
        if not self._fits(self._snapshot.version):
            self._rebuild_index()

    def _fits(self, version: int) -> bool:
        return self._index.standing == Standing(
            self._snapshot.metadata["id"], version, self._key_columns, self._whole_number
        )

    @property
    def _whole_number(self) -> bool:
        kinds = [column.type for column in self._columns if column.name in self._key_columns]
        return len(kinds) == 1 and _whole(kinds[0])

    def _rebuild_index(self) -> None:
        """Reads keys and positions of the whole table: about a minute for 30 million rows."""
        self._index.begin(self._snapshot.metadata["id"], self._key_columns, self._whole_number)
        by_name = {column.name: column for column in self._columns}
        columns = [by_name[name] for name in (*self._key_columns, LSN)]
        for file in self._snapshot.files.values():
            rows, positions = self._files.live(file, columns)
            self._place_all(file, rows, positions)
        self._index.finish(self._snapshot.metadata["id"], self._snapshot.version)

    def _place_all(self, file: DataFile, rows: pa.Table, positions: Sequence[int]) -> None:
        """A part at a time: as Python's objects keys take ten times the memory."""
        number = self._index.file_number(file.path)
        for first in range(0, rows.num_rows, _PLACED_AT_ONCE):
            part = rows.slice(first, _PLACED_AT_ONCE)
            types = {column.name: column.type for column in self._columns}
            keys = zip(
                *(
                    [key_of_file(value, None, types[name]) for value in part.column(name).to_pylist()]
                    for name in self._key_columns
                ),
                strict=True,
            )
            self._index.place(number, keys, positions[first : first + len(part)], part.column(LSN).to_pylist())

    def _compact(self, files: list[DataFile]) -> None:
        self._check_index()
        actions = [file.remove(data_change=False) for file in files]
        if any(file.live for file in files):
            keys: list[pa.Table] = []
            new = self._files.write(self._remembering(files, keys), self._columns)
            actions.append(new.add(data_change=False))
            self._place_all(new, pa.concat_tables(keys), range(new.rows))
        self._finish(actions, "OPTIMIZE", [file.path for file in files], {})

    def _remembering(self, files: list[DataFile], keys: list[pa.Table]) -> Iterator[pa.Table]:
        """File after file, of which only the key columns and LSNs are kept."""
        for part in self._files.live_parts(files, self._columns):
            keys.append(part.select([*self._key_columns, LSN]))
            yield part

    def _finish(self, actions: list[Action], operation: str, gone: list[str], note: dict[str, Any]) -> None:
        """The commit is the truth: an index that could not be finished after it is made again."""
        self._index.forget_files(gone)
        self._log.commit(self._snapshot, actions, operation, note)
        self._files.forget(gone)
        self._index.finish(self._snapshot.metadata["id"], self._snapshot.version)

    def _reload(self) -> None:
        self._log.catch_up(self._snapshot)
        self._columns = columns_of(self._snapshot)


def key_columns_of(snapshot: Snapshot) -> tuple[str, ...]:
    """The key of a current-state table as it was when it was written last; empty for one that is not there."""
    return tuple(json.loads(snapshot.metadata.get("configuration", {}).get(_KEY_COLUMNS, "[]")))


def _whole(kind: ColumnType) -> bool:
    return kind.name in ("short", "integer", "long")
