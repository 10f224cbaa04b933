"""Flags rows of a current-state table as deleted, where deleted rows are kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from cdc.lake.column_names import DELETED, LSN
from cdc.lake.current_state import TRUNCATED, CurrentState
from cdc.lake.event import Event
from cdc.lake.fold import newest_truncate
from cdc.lake.snapshot import Action, DataFile


def flag_truncated(table: CurrentState, events: Sequence[Event]) -> None:
    """A TRUNCATE where deleted rows are kept: flags every row from before it, in a commit of its own."""
    at = newest_truncate(events, table.truncated)
    if at is None:
        return
    actions: list[Action] = [{"txn": {"appId": TRUNCATED, "version": at}}]
    actions += flagged(table, table.data_files, lambda lsns: pc.fill_null(pc.less_equal(lsns, at), True))
    table.finish(actions, "TRUNCATE", list(table.snapshot.files), {})


def flagged(
    table: CurrentState, files: Iterable[DataFile], which: Callable[[pa.ChunkedArray], Any], forget: bool = False
) -> list[Action]:
    """Actions that write files anew, with rows flagged as deleted.

    which: of their positions. forget: any later change counts over them.
    """
    names = [column.name for column in table.columns]
    actions: list[Action] = []
    for file in files:
        rows = table.files.live(file, table.columns)[0]
        lsns = pa.chunked_array([pa.nulls(rows.num_rows, pa.int64())]) if table.is_old(file) else rows.column(LSN)
        flags = pc.or_(which(lsns), pc.fill_null(rows.column(DELETED), False))
        rows = rows.set_column(names.index(DELETED), DELETED, flags)
        if forget:
            rows = rows.set_column(names.index(LSN), LSN, pa.nulls(rows.num_rows, pa.int64()))
        actions.append(file.remove())
        if rows.num_rows:
            actions.append(table.files.write([rows], table.columns).add())
    return actions
