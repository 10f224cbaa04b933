"""The commit of a micro-batch: its rows in one file, deletion vectors of what they replace, and the index after it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
from pyroaring import BitMap

from cdc.lake.batch_id import BatchId
from cdc.lake.current_state import TRUNCATED, CurrentState
from cdc.lake.fold import Fold, Key, Outcome, Stored
from cdc.lake.note import carried_over
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
    number = -1
    if merge.rows.num_rows:
        old = table.reading.cutoff if merge.is_old and table.reading else None
        new = table.files.write([merge.rows], table.columns, modified=old)
        if merge.dead:
            (new,) = table.files.with_deleted({new.path: BitMap(merge.dead)}, {new.path: new})
        actions.append(new.add())
        number = table.index.file_number(new.path)
    _update_index(table, merge, number)
    carried = _carry_over(table, merge, number)
    table.finish(actions, "MERGE", gone, {**batch.note, **carried})


def _rows_gone(table: CurrentState, merge: Merge) -> dict[str, BitMap]:
    """By data file: rows that are no longer part of the table."""
    rows: dict[str, BitMap] = defaultdict(BitMap)
    by_file: dict[int, list[int]] = defaultdict(list)
    for key, known in merge.stored.items():
        if known.place is not None and key in merge.folded.outcomes:
            by_file[known.place[0]].append(known.place[1])
    for number, of_file in by_file.items():
        rows[table.path(number)] = BitMap(of_file)
    emptied = merge.folded.truncated_at
    if emptied is not None and not table.options.soft_delete:
        stay: dict[str, BitMap] = defaultdict(BitMap)
        for number, row in table.index.behind(emptied):
            stay[table.path(number)].add(row)
        for path, file in table.snapshot.files.items():
            rows[path] |= BitMap(range(file.rows)) - table.files.vector(file) - stay[path]
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


def _update_index(table: CurrentState, merge: Merge, number: int) -> None:
    """number: of the file that the rows are in."""
    index, folded, keeps = table.index, merge.folded, table.options.soft_delete
    if folded.truncated_at is not None and not keeps:
        index.delete_all(folded.truncated_at)
    kept = {key: (number, row) for row, (key, outcome) in enumerate(merge.keys) if key and outcome.row is None}
    deleted = [
        (key, None if merge.is_old else outcome.lsn, kept.get(key, outcome.origin))
        for key, outcome in folded.outcomes.items()
        if outcome.row is None
    ]
    if deleted:
        index.delete(deleted, keep=keeps)
    back = [key for key, known in merge.stored.items() if known.deleted and _is_there(folded.outcomes.get(key))]
    if back:
        index.revive(back)
    if number >= 0:
        live = [(row, key, outcome) for row, (key, outcome) in enumerate(merge.keys) if key is not None]
        index.place(
            number,
            (key for _, key, _ in live),
            (row for row, _, _ in live),
            (None if merge.is_old else outcome.lsn for _, _, outcome in live),
        )


def _carry_over(table: CurrentState, merge: Merge, number: int) -> dict[str, Any]:
    """Notes where the rows are that the next micro-batch may need."""
    index, folded = table.index, merge.folded
    places = dict(zip(map(id, held_in_memory(folded)), ((number, row) for row in merge.dead), strict=True))
    moving = {lsn: places.get(id(held), held.place) for lsn, held in folded.moving.items()}
    doubled = [
        (index.value_of(key), tx, places.get(id(held), held.place))
        for key, (tx, older) in folded.doubled.items()
        for held in older
    ]
    moving = {lsn: place for lsn, place in moving.items() if place is not None}
    doubled = [entry for entry in doubled if entry[2] is not None]
    touched = [key for key, known in merge.stored.items() if known.doubled is not None]
    doubled = index.go_on(moving, doubled, folded.going_on, touched)
    return carried_over(
        {lsn: (table.path(file), row) for lsn, (file, row) in moving.items()},
        [(value, tx, (table.path(file), row)) for value, tx, (file, row) in doubled],
    )


def _is_there(outcome: Outcome | None) -> bool:
    return outcome is not None and outcome.row is not None
