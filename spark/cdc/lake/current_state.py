"""What all that is done to a current-state table shares: its log, files and index, and what the log says of it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from cdc.lake.data_files import DataFiles
from cdc.lake.key_index import KeyIndex
from cdc.lake.key_reader import columns_of_key
from cdc.lake.positions import Topics
from cdc.lake.resnapshot import NEEDS_ROWS, Reading, reading_of
from cdc.lake.snapshot import Action, DataFile, Snapshot
from cdc.lake.source_changes import Known
from cdc.lake.source_columns import SourceColumn
from cdc.lake.storage import Storage
from cdc.lake.table_log import TableLog
from cdc.lake.table_options import TableOptions
from cdc.lake.table_schema import VECTORS, Column, columns_of

KEY_COLUMNS = "cdc.keyColumns"
SOURCE_COLUMNS = "cdc.sourceColumns"
DELETED_ROWS = "cdc.deletedRows"
PERHAPS = "cdc.perhapsRenamed"
TRUNCATED = "cdc.truncatedAt"
NEVER = -1
_LONGEST_REASON = 2_000

Schemas = Mapping[int, Sequence[SourceColumn]]
"""schema id → columns of the source table"""


class CurrentState:
    """The table at its newest version; commits bring it to the next."""

    def __init__(
        self,
        storage: Storage,
        index: Path,
        key_columns: tuple[str, ...],
        options: TableOptions,
        topics: Topics | None = None,
    ) -> None:
        """index: a folder of the local disk, of this table alone. key_columns: the source's names."""
        self.log = TableLog(storage, options.retention)
        self.files = DataFiles(storage)
        self.index = KeyIndex(self, storage, index)
        self.key_columns = key_columns
        self.options = options
        self.topics = topics or Topics()
        self.columns: tuple[Column, ...] = ()
        self.reading: Reading | None = None
        """the reading of all its rows again, while it goes on"""
        self.snapshot = Snapshot()
        self.read_anew()

    # ------------------------------------------------------------------ what the log says

    def read_anew(self) -> None:
        self.snapshot = self.log.snapshot()
        self.index.read_anew()
        self.read_log()

    def reload(self) -> None:
        self.log.catch_up(self.snapshot)
        self.index.read_anew()
        self.read_log()

    def read_log(self, columns: bool = True) -> None:
        if columns:
            self.columns = columns_of(self.snapshot)
        self.go_on_with(reading_of(self.snapshot.configuration))

    def go_on_with(self, reading: Reading | None) -> None:
        self.reading = reading
        if reading is not None:
            self.files.newer_than = reading.cutoff

    @property
    def version(self) -> int:
        return self.snapshot.version

    @property
    def exists(self) -> bool:
        return self.snapshot.version >= 0

    @property
    def data_files(self) -> list[DataFile]:
        return list(self.snapshot.files.values())

    @property
    def needs_rows(self) -> str | None:
        """Why its rows have to be read again."""
        return self.snapshot.configuration.get(NEEDS_ROWS)

    @property
    def truncated(self) -> int | None:
        """Position of the newest TRUNCATE."""
        at = self.snapshot.transactions.get(TRUNCATED, NEVER)
        return None if at == NEVER else at

    @property
    def perhaps(self) -> dict[str, str]:
        """Columns that may be others under a new name: new → old, as the lake calls them."""
        return json.loads(self.snapshot.configuration.get(PERHAPS, "{}"))

    @property
    def source_columns(self) -> tuple[Known, ...]:
        """The source's columns as they were last; empty when that is not known."""
        known = json.loads(self.snapshot.configuration.get(SOURCE_COLUMNS, "[]"))
        return tuple((name, kind) for name, kind in known)

    @property
    def key(self) -> list[Column]:
        return columns_of_key(self.key_columns, self.columns)

    def is_old(self, file: DataFile) -> bool:
        """Whether the file is from before the reading of all rows that goes on."""
        return self.reading is not None and file.modified <= self.reading.cutoff

    # ------------------------------------------------------------------ its properties

    @property
    def properties(self) -> dict[str, str]:
        """Those that follow from its key and the options."""
        return {
            VECTORS: "true",
            KEY_COLUMNS: json.dumps(self.key_columns),
            DELETED_ROWS: "keep" if self.options.soft_delete else "remove",
            **self.options.retention.properties,
        }

    def needing(self, reason: str | None) -> dict[str, str | None] | None:
        """Properties that say why its rows have to be read again; None when they do already."""
        known = self.needs_rows
        if not reason or (known and reason in known):
            return None
        return {NEEDS_ROWS: f"{known}; {reason}"[:_LONGEST_REASON] if known else reason}

    def metadata(self, properties: Mapping[str, str | None]) -> Action:
        """The table's, with these properties; None removes one."""
        configuration = {**self.snapshot.configuration, **properties}
        kept = {name: value for name, value in configuration.items() if value is not None}
        return {**self.snapshot.metadata, "configuration": kept}

    def configure(self, properties: Mapping[str, str | None], operation: str, actions: Sequence[Action] = ()) -> None:
        """A commit that changes properties."""
        self.log.commit(self.snapshot, [*actions, {"metaData": self.metadata(properties)}], operation, {})

    # ------------------------------------------------------------------ files

    def finish(self, actions: list[Action], operation: str, gone: list[str], note: dict[str, Any]) -> None:
        """A commit. gone: files that are no part of the table after it."""
        self.log.commit(self.snapshot, actions, operation, note)
        self.forget(gone)

    def forget(self, gone: list[str]) -> None:
        """Files that are no part of the table any more."""
        self.files.forget(gone)
        self.index.remove(gone)

    def file_at(self, path: str) -> DataFile:
        """A data file, also one that is no longer part of the table, and may be gone."""
        return self.snapshot.files.get(path) or DataFile(path, 0, -1)


def key_columns_of(snapshot: Snapshot) -> tuple[str, ...]:
    """The key of a current-state table as it was when it was written last; empty for one that is not there."""
    return tuple(json.loads(snapshot.metadata.get("configuration", {}).get(KEY_COLUMNS, "[]")))
