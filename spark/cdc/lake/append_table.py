"""A Delta table that only grows, in a form that every reader of Delta tables understands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa

from cdc.lake.batch_id import BatchId
from cdc.lake.column_type import ColumnType
from cdc.lake.compaction import files_to_compact, files_to_improve
from cdc.lake.data_files import DataFiles
from cdc.lake.positions import Offsets, advance, knows_positions, reached
from cdc.lake.retention import DEFAULT, Retention
from cdc.lake.snapshot import Action, DataFile
from cdc.lake.spare_time import SPARE_TIME
from cdc.lake.storage import Storage
from cdc.lake.table_log import ConcurrentCommit, TableLog
from cdc.lake.table_schema import Column, by_source, columns_of, evolved, lacks, schema_actions

_ATTEMPTS = 3


class AppendTable:
    """Takes the micro-batches of a streaming query, each once."""

    def __init__(self, storage: Storage, retention: Retention = DEFAULT) -> None:
        self._log = TableLog(storage, retention)
        self._properties = retention.properties
        self._files = DataFiles(storage)
        self._snapshot = self._log.snapshot()
        self._columns = columns_of(self._snapshot)

    @property
    def version(self) -> int:
        """-1: there is no table yet."""
        return self._snapshot.version

    @property
    def transactions(self) -> Mapping[str, int]:
        return self._snapshot.transactions

    @property
    def uncommitted(self) -> set[str]:
        return self._files.uncommitted

    def has(self, offsets: Offsets, batch: BatchId) -> bool:
        """Whether all these messages are in it."""
        known = self._snapshot.transactions
        if offsets and knows_positions(known):
            return all(last < reached(known, application) for application, (_, last) in offsets.items())
        return known.get(batch.query_id, -1) >= batch.number

    def reached(self, application: str) -> int:
        """Offset that it waits for, of a partition's `txn` application."""
        return reached(self._snapshot.transactions, application)

    def append(
        self, columns: Mapping[str, tuple[ColumnType, pa.Array]], batch: BatchId, offsets: Offsets | None = None
    ) -> bool:
        """Appends rows in one commit; false when that was done before. Columns that are new are added.

        offsets: of the rows' messages, of which either all or none are in the table; without, the micro-batch's number
        says whether it was done. Raises ConcurrentCommit when other writers keep coming in between, DamagedTable.
        """
        for attempt in range(_ATTEMPTS):
            if self.has(offsets or {}, batch):
                return False
            try:
                self._append(columns, batch, offsets or {})
            except ConcurrentCommit:
                if attempt == _ATTEMPTS - 1:
                    raise
                self._reload()
            else:
                return True
            finally:
                self._files.committed()
        raise AssertionError("unreachable")

    def make_anew(self) -> None:
        """Removes what there is of a damaged table; the next rows make it again."""
        self._log.remove()
        self._snapshot = self._log.snapshot()
        self._columns = columns_of(self._snapshot)

    def missing(self) -> list[str]:
        """Its files that are not there."""
        return self._files.missing(list(self._snapshot.files.values()))

    def maintain(self, busy: bool = False) -> int:
        """One bounded step of maintenance, if it cannot wait when busy; returns how many files it wrote anew as one."""
        self._log.checkpoint_when_due(self._snapshot)
        files = list(self._snapshot.files.values())
        if chosen := files_to_compact(files, busy):
            return self._compact(chosen)
        if not busy and SPARE_TIME.is_left and (chosen := files_to_improve(files)):
            with SPARE_TIME.spent():
                return self._compact(chosen)
        return 0

    def _compact(self, chosen: Sequence[DataFile]) -> int:
        paths = {file.path for file in chosen}
        # In the order in which they came, so that a file's rows stay in commit order.
        files = [file for path, file in self._snapshot.files.items() if path in paths]
        new = self._files.write(self._files.live_parts(files, self._columns), self._columns, stays=True)
        actions = [*(file.remove(data_change=False) for file in files), new.add(data_change=False)]
        try:
            self._log.commit(self._snapshot, actions, "OPTIMIZE", {})
        except ConcurrentCommit:
            self._reload()
            return 0
        finally:
            self._files.committed()
        return len(files)

    def _append(self, columns: Mapping[str, tuple[ColumnType, pa.Array]], batch: BatchId, offsets: Offsets) -> None:
        actions: list[Action] = [{"txn": {"appId": batch.query_id, "version": batch.number}}, *advance(offsets)]
        change = evolved(self._columns, [[(name, kind) for name, (kind, _) in columns.items()]])
        kept: Sequence[Column] = self._columns
        if change.steps or lacks(self._snapshot, self._properties):
            kept, making = schema_actions(self._snapshot, change.columns, self._properties)
            actions = [*making, *actions]
        rows = len(next(iter(columns.values()))[1])
        given = {column.name: columns[name][1] for name, column in by_source(kept, columns).items()}
        arrays = [given[column.name] if column.name in given else pa.nulls(rows, column.type.arrow) for column in kept]
        table = pa.table(arrays, names=[column.name for column in kept])
        actions.append(self._files.write([table], kept).add())
        self._log.commit(self._snapshot, actions, "STREAMING UPDATE", batch.note)
        self._columns = tuple(kept)

    def _reload(self) -> None:
        self._log.catch_up(self._snapshot)
        self._columns = columns_of(self._snapshot)
