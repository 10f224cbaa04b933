"""Writes data files of a current-state table anew as one."""

from __future__ import annotations

from collections.abc import Callable

import pyarrow as pa

from cdc.lake.column_names import DELETED, LSN
from cdc.lake.compaction import files_to_compact, files_to_improve
from cdc.lake.current_state import CurrentState
from cdc.lake.index_upkeep import check_index, place_all
from cdc.lake.key_order import in_key_order
from cdc.lake.key_reader import needed_for_keys
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
    check_index(table)
    actions = [file.remove(data_change=False) for file in files]
    if any(file.live for file in files):
        keys: list[pa.Table] = []
        modified = max(file.modified for file in files) if table.is_old(files[0]) else None
        rows = map(_remembering(table, keys), in_key_order(table.files.live_parts(files, table.columns), table.key))
        new = table.files.write(rows, table.columns, modified, stays=True)
        actions.append(new.add(data_change=False))
        place_all(table, new, pa.concat_tables(keys), range(new.rows))
    table.finish(actions, "OPTIMIZE", [file.path for file in files], {})


def _remembering(table: CurrentState, keys: list[pa.Table]) -> Callable[[pa.Table], pa.Table]:
    """Keeps of each part what the index needs."""
    own = {LSN, DELETED} if table.options.soft_delete else {LSN}
    needed = [column.name for column in needed_for_keys(table.key, table.columns)]
    needed += [column.name for column in table.columns if column.name in own and column.name not in needed]

    def remember(part: pa.Table) -> pa.Table:
        keys.append(part.select(needed))
        return part

    return remember
