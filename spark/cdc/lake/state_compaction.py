"""Writes data files of a current-state table anew as one."""

from __future__ import annotations

from collections.abc import Callable

import pyarrow as pa

from cdc.lake.compaction import files_to_compact, files_to_improve
from cdc.lake.current_state import CurrentState
from cdc.lake.file_keys import FileKeys
from cdc.lake.key_order import in_key_order
from cdc.lake.snapshot import DataFile


def due_files(table: CurrentState, busy: bool) -> list[DataFile]:
    """Those of one step that should not wait, if they need not when busy."""
    return _of_one_reading(table, lambda files: files_to_compact(files, busy))


def improvable_files(table: CurrentState) -> list[DataFile]:
    """Those of one step that can wait."""
    return _of_one_reading(table, files_to_improve)


def _of_one_reading(table: CurrentState, choose: Callable[[list[DataFile]], list[DataFile]]) -> list[DataFile]:
    """Files from before a reading of all rows never become one with later ones."""
    for old in (False, True):
        files = choose([file for file in table.data_files if table.is_old(file) == old])
        if files:
            return files
    return []


def compact(table: CurrentState, files: list[DataFile]) -> None:
    gone = [file.path for file in files]
    actions = [file.remove(data_change=False) for file in files]
    if not any(file.live for file in files):
        table.finish(actions, "OPTIMIZE", gone, {})
        return
    keys = table.index.begin_file()
    modified = max(file.modified for file in files) if table.is_old(files[0]) else None
    rows = map(_collecting(keys), in_key_order(table.files.live_parts(files, table.columns), table.key))
    new = table.files.write(rows, table.columns, modified, stays=True)
    actions.append(new.add(data_change=False))
    part = table.index.write(new, keys.part())
    table.finish(actions, "OPTIMIZE", gone, {})
    table.index.add(new, part)


def _collecting(keys: FileKeys) -> Callable[[pa.Table], pa.Table]:
    def collect(part: pa.Table) -> pa.Table:
        keys.take(part)
        return part

    return collect
