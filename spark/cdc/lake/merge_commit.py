"""The commit of a micro-batch: its rows in one file, deletion vectors of what they replace, and the index after it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from pyroaring import BitMap

from cdc.lake.batch_id import BatchId
from cdc.lake.current_state import TRUNCATED, CurrentState
from cdc.lake.deleted_keys import Gone
from cdc.lake.fold import Fold, Key, Outcome, Stored
from cdc.lake.index_part import NO_POSITION, IndexPart
from cdc.lake.note import CarriedOver
from cdc.lake.outcome_rows import Group, held_in_memory
from cdc.lake.snapshot import Action


@dataclass(frozen=True)
class Merge:
    folded: Fold
    stored: Mapping[Key, Stored]
    """what the table had of the keys"""
    rows: pa.Table
    keys: Sequence[tuple[Key | None, Outcome]]
    """of each row; without a key it is only written for what comes next"""
    is_old: bool
    """whether what is written counts as older than the reading of all rows that goes on"""

    @property
    def dead(self) -> list[int]:
        """Rows that are no part of the table."""
        return [row for row, (key, _) in enumerate(self.keys) if key is None]


def keys_of_groups(groups: Sequence[Group]) -> list[tuple[Key | None, Outcome]]:
    return [(key, outcome) for group in groups for key, outcome in zip(group.keys, group.outcomes, strict=True)]


def commit_merge(
    table: CurrentState, merge: Merge, batch: BatchId, notes: list[Action], needs_rows: str | None
) -> None:
    """notes: what the table's log is to know of the micro-batch."""
    folded, emptied = merge.folded, merge.folded.truncated_at
    needing = table.needing(needs_rows)
    if not folded.outcomes and emptied is None:
        if needing:
            table.configure(needing, "NEEDS ROWS")
        return
    actions = notes
    if needing:
        actions.append({"metaData": table.metadata(needing)})
    if emptied is not None:
        actions.append({"txn": {"appId": TRUNCATED, "version": emptied}})
    removing, gone = _removing(table, _rows_gone(table, merge))
    actions += removing
    new, keys = None, None
    if merge.rows.num_rows:
        old = table.reading.cutoff if merge.is_old and table.reading else None
        new = table.files.write([merge.rows], table.columns, modified=old)
        if merge.dead:
            (new,) = table.files.with_deleted({new.path: BitMap(merge.dead)}, {new.path: new})
        actions.append(new.add())
        keys = table.index.write(new, _index_part(table, merge))
    path = new.path if new else ""
    deleted = _deleted(table, merge, path)
    carried = _carry_over(table, merge, path)
    note = {**batch.note, **carried.note, **table.index.note_deleted(deleted)}
    table.finish(actions, "MERGE", gone, note)
    if new:
        table.index.add(new, keys)
    table.index.add_deleted(deleted)
    table.index.carried = carried


def _rows_gone(table: CurrentState, merge: Merge) -> dict[str, BitMap]:
    """By data file: rows that are no longer part of the table."""
    rows: dict[str, BitMap] = defaultdict(BitMap)
    by_file: dict[str, list[int]] = defaultdict(list)
    for key, known in merge.stored.items():
        if known.place is not None and key in merge.folded.outcomes:
            by_file[known.place[0]].append(known.place[1])
    for path, of_file in by_file.items():
        rows[path] = BitMap(of_file)
    emptied = merge.folded.truncated_at
    if emptied is not None and not table.options.soft_delete:
        stay = table.index.behind(emptied)
        for path, file in table.snapshot.files.items():
            rows[path] |= BitMap(range(file.rows)) - table.files.vector(file) - stay.get(path, BitMap())
    return rows


def _removing(table: CurrentState, rows: Mapping[str, BitMap]) -> tuple[list[Action], list[str]]:
    """Actions that take these rows out of the table, and the files that are no longer part of it."""
    files = table.snapshot.files
    whole = [path for path, of_file in rows.items() if len(of_file) >= files[path].live]
    part = {path: of_file for path, of_file in rows.items() if of_file and path not in set(whole)}
    actions = [files[path].remove() for path in whole]
    for file in table.files.with_deleted(part, files):
        actions += [files[file.path].remove(), file.add()]
    return actions, whole


def _index_part(table: CurrentState, merge: Merge) -> IndexPart:
    """Where the keys are in the file that the rows are in."""
    live = [(row, key, outcome) for row, (key, outcome) in enumerate(merge.keys) if key is not None]
    positions = [NO_POSITION if outcome.lsn is None else outcome.lsn for _, _, outcome in live]
    return IndexPart.made(
        table.index.codes([key for _, key, _ in live]),
        np.array([row for row, _, _ in live], np.uint32),
        np.array(positions, np.int64),
        np.array([outcome.row is None for _, _, outcome in live], bool),
    )


def _deleted(table: CurrentState, merge: Merge, path: str) -> list[Gone]:
    """Keys that are deleted. path: of the file that the rows are in."""
    kept = {key: (path, row) for row, (key, outcome) in enumerate(merge.keys) if key and outcome.row is None}
    gone = [(key, outcome) for key, outcome in merge.folded.outcomes.items() if outcome.row is None]
    codes = table.index.codes([key for key, _ in gone]).numbers if gone else []
    return [
        (code, None if merge.is_old else outcome.lsn, kept.get(key, outcome.origin))
        for code, (key, outcome) in zip(codes, gone, strict=True)
    ]


def _carry_over(table: CurrentState, merge: Merge, path: str) -> CarriedOver:
    """Notes where the rows are that the next micro-batch may need."""
    index, folded = table.index, merge.folded
    places = dict(zip(map(id, held_in_memory(folded)), ((path, row) for row in merge.dead), strict=True))
    moving = {lsn: places.get(id(held), held.place) for lsn, held in folded.moving.items()}
    keys = list(folded.doubled)
    touched = [key for key, known in merge.stored.items() if known.doubled is not None]
    codes = index.codes([*keys, *touched]).numbers if keys or touched else []
    doubled = [
        (code, tx, places.get(id(held), held.place))
        for code, (tx, older) in zip(codes, folded.doubled.values(), strict=False)
        for held in older
    ]
    return index.carried.after(
        {lsn: place for lsn, place in moving.items() if place is not None},
        [entry for entry in doubled if entry[2] is not None],
        folded.going_on,
        codes[len(keys) :],
    )
