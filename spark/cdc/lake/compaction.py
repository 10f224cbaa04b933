"""Which data files of a table to write anew as one. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from cdc.lake.snapshot import DataFile

FAN_IN = 16
"""files of about one size that become one: each row is written anew once for each power of it"""
MOST_ROWS = 500_000
"""rows of a compacted file; bounds the work of one step and the size of a deletion vector"""
MOST_BYTES = 64 * 1024**2
"""of its compressed data, which bounds the memory of one step where rows are wide"""
BUSY_ROWS = 10_000
"""a micro-batch of so many changes says that there is a backlog: compaction can wait, those who wait for rows cannot"""
BUSY_FAN_IN = 4 * FAN_IN
"""files of about one size that do not wait"""
_DEAD_SHARE = 0.5
_LEAST = 1_000
"""files with fewer rows count as having that many"""


def files_to_compact(files: Iterable[DataFile], busy: bool = False) -> list[DataFile]:
    """The files of one bounded step; none when nothing is worth it.

    First as many files of about one size, then those of which half is deleted: rows that are written anew all the time
    empty files faster than one step a micro-batch could follow if it looked at those first. So a table has at most
    FAN_IN files for each power of FAN_IN that its rows have over 1,000, and full ones; while the stream is busy,
    BUSY_FAN_IN.
    """
    files = list(files)
    tiers: dict[int, list[DataFile]] = defaultdict(list)
    for file in files:
        if file.live < MOST_ROWS / 2 and _live_bytes(file) < MOST_BYTES / 2:
            tiers[_tier(file)].append(file)
    for _, tier in sorted(tiers.items()):
        if len(tier) >= (BUSY_FAN_IN if busy else FAN_IN):
            return _bounded(_as_written(tier))
    if busy:
        return []
    dead = [file for file in files if file.deleted >= file.rows * _DEAD_SHARE and file.rows > _LEAST]
    return _bounded(sorted(dead, key=lambda file: file.deleted, reverse=True))


def files_to_improve(files: Iterable[DataFile]) -> list[DataFile]:
    """Large files as micro-batches write them, such as a snapshot leaves, for one bounded step.

    They are too few to be put together for their number, but any query has to read them as a whole.
    """
    fresh = [file for file in files if not file.statistics and file.rows > BUSY_ROWS]
    bounded = [file for file in fresh if file.live <= MOST_ROWS and _live_bytes(file) <= MOST_BYTES]
    return _bounded(_as_written(bounded))


def _as_written(files: list[DataFile]) -> list[DataFile]:
    """Rows that came together often have keys and times near each other, so that few files have those of a query."""
    return sorted(files, key=lambda file: file.modified)


def _tier(file: DataFile) -> int:
    tier, rows = 0, _LEAST
    while file.live > rows:
        tier, rows = tier + 1, rows * FAN_IN
    return tier


def _bounded(files: list[DataFile]) -> list[DataFile]:
    chosen: list[DataFile] = []
    rows, size = 0, 0.0
    for file in files:
        rows, size = rows + file.live, size + _live_bytes(file)
        if (rows > MOST_ROWS or size > MOST_BYTES) and len(chosen) > 1:
            break
        chosen.append(file)
    return chosen


def _live_bytes(file: DataFile) -> float:
    return file.size * file.live / file.rows if file.rows > 0 else file.size
