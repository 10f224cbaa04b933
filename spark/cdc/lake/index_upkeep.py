"""Keeps the index of a current-state table what the table is: made again when it stands for another version."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from cdc.lake.column_names import DELETED, LSN
from cdc.lake.current_state import CurrentState
from cdc.lake.key_reader import file_keys, needed_for_keys
from cdc.lake.note import doubled_of, moving_of
from cdc.lake.snapshot import DataFile

_PLACED_AT_ONCE = 50_000
"""keys of a file that are written into the index together"""


def check_index(table: CurrentState) -> None:
    if not table.fits():
        rebuild_index(table)


def rebuild_index(table: CurrentState) -> None:
    """Reads keys and positions of the whole table: about a minute for 30 million rows."""
    if len(table.key) < len(table.key_columns):
        missing = set(table.key_columns) - {column.in_source for column in table.key}
        raise LookupError(f"the table has no column {', '.join(sorted(missing))}, which is in its key")
    table.index.begin(table.snapshot.metadata["id"], table.key_columns, table.has_whole_number_key)
    names = {LSN, *([DELETED] if table.options.soft_delete else [])}
    own = [column for column in table.columns if column.name in names]
    columns = [*needed_for_keys(table.key, table.columns), *own]
    keyless = 0
    for file in table.data_files:
        rows, positions = table.files.live(file, columns)
        keyless += place_all(table, file, rows, positions)
    _restore_notes(table)
    if keyless and table.reading is None:
        reason = f"{keyless} rows have no value in the key {', '.join(table.key_columns)}"
        if needing := table.needing(reason):
            table.configure(needing, "NEEDS ROWS", index=False)
    table.finish_index()


def place_all(table: CurrentState, file: DataFile, rows: pa.Table, positions: Sequence[int]) -> int:
    """Notes where these rows of a file are. Returns how many have no key.

    A part at a time: as Python's objects keys take ten times the memory.
    """
    number = table.index.file_number(file.path)
    keyless = 0
    for first in range(0, rows.num_rows, _PLACED_AT_ONCE):
        part = rows.slice(first, _PLACED_AT_ONCE)
        keys = list(file_keys(part, table.key))
        lsns = [None] * len(part) if table.is_old(file) else part.column(LSN).to_pylist()
        places = positions[first : first + len(part)]
        if any(None in key for key in keys):
            rest = [entry for entry in zip(keys, places, lsns, strict=True) if None not in entry[0]]
            keyless += len(keys) - len(rest)
            keys, places, lsns = map(list, zip(*rest, strict=True)) if rest else ([], [], [])
        table.index.place(number, keys, places, lsns)
        if DELETED in part.column_names and table.options.soft_delete:
            flags = part.column(DELETED).to_pylist()
            if any(flags) and len(flags) == len(keys):
                entries = zip(keys, lsns, places, flags, strict=True)
                gone = [(key, lsn, (number, row)) for key, lsn, row, flag in entries if flag]
                table.index.delete(gone, keep=True)
    return keyless


def _restore_notes(table: CurrentState) -> None:
    """What the last micro-batch left for the next one, where the index does not have it any more."""
    index, note = table.index, table.log.newest_note(table.snapshot, "queryId")
    moving = {lsn: (index.file_number(path), row) for lsn, (path, row) in moving_of(note).items()}
    doubled = [(value, tx, (index.file_number(path), row)) for value, tx, (path, row) in doubled_of(note)]
    index.go_on(moving, doubled, {tx for _, tx, _ in doubled}, [])
