"""However many small micro-batches there were, a table has few files."""

import random
from dataclasses import replace

import pytest

from cdc.lake.compaction import (
    BUSY_FAN_IN,
    BUSY_ROWS,
    FAN_IN,
    MOST_BYTES,
    MOST_ROWS,
    files_to_compact,
    files_to_improve,
)
from cdc.lake.snapshot import DataFile

DAY = 86_400
BYTES_A_ROW = 100


def test_a_day_of_one_row_a_second_leaves_few_files_of_an_append_only_table():
    files: dict[str, DataFile] = {}
    most, rewritten = 0, 0
    for second in range(DAY):
        files[str(second)] = DataFile(str(second), BYTES_A_ROW, 1)
        chosen = files_to_compact(files.values())
        if chosen:
            rewritten += merge(files, chosen, f"merged-{second}")
        most = max(most, len(files))
    assert sum(file.live for file in files.values()) == DAY
    assert most <= 3 * FAN_IN
    # Each row was written anew less than a hundred times, most often in a file of a few hundred rows.
    assert rewritten < 100 * DAY


@pytest.mark.parametrize("which", ["the newest row", "a row of the large files", "any row"])
def test_a_day_of_one_change_a_second_leaves_few_files_of_a_current_state(which):
    """A table of a million rows; each change writes a row anew, and deletes the old one where it was."""
    chance = random.Random(which)
    files = {f"large-{n}": compacted(f"large-{n}", 500_000) for n in range(2)}
    most = 0
    for second in range(DAY):
        names = list(files)
        if which == "the newest row":
            old = names[-1]
        elif which == "any row":
            (old,) = chance.choices(names, [file.live for file in files.values()])
        else:
            old = names[chance.randrange(2)]
        deleted = replace(files[old], vector={"cardinality": files[old].deleted + 1})
        if deleted.live:
            files[old] = deleted
        else:
            del files[old]
        files[f"{second}"] = DataFile(f"{second}", BYTES_A_ROW, 1)
        if chosen := files_to_compact(files.values()):
            merge(files, chosen, f"merged-{second}")
        most = max(most, len(files))
    assert sum(file.live for file in files.values()) == 1_000_000
    assert most <= 2 + 3 * FAN_IN


def test_rows_that_are_written_anew_all_the_time_leave_few_files():
    """Micro-batches of 5,000 changes to a table that begins small: files lose half of their rows one after another."""
    chance = random.Random(5)
    rows_of: dict[str, set[int]] = {"first": set(range(10_000))}
    written = {"first": 10_000}
    file_of = dict.fromkeys(range(10_000), "first")
    keys = list(range(10_000))
    most = 0

    def lose(key: int) -> None:
        file = file_of.pop(key)
        rows_of[file].discard(key)
        if not rows_of[file]:
            del rows_of[file]

    def write(name: str, fresh: set[int]) -> None:
        rows_of[name], written[name] = fresh, len(fresh)
        file_of.update(dict.fromkeys(fresh, name))

    for number in range(300):
        for _ in range(1_000):
            at = chance.randrange(len(keys))
            keys[at], keys[-1] = keys[-1], keys[at]
            lose(keys.pop())
        updated = set(chance.choices(keys, k=2_000))
        inserted = range(10_000 + 2_000 * number, 12_000 + 2_000 * number)
        for key in updated:
            lose(key)
        keys += inserted
        write(f"{number}", updated | set(inserted))
        files = [
            DataFile(name, written[name], written[name], vector={"cardinality": written[name] - len(live)})
            for name, live in rows_of.items()
        ]
        if chosen := files_to_compact(files):
            write(f"merged-{number}", set().union(*(rows_of.pop(file.path) for file in chosen)))
        most = max(most, len(rows_of))
    assert most <= 3 * FAN_IN


def merge(files: dict[str, DataFile], chosen: list[DataFile], name: str) -> int:
    rows = sum(file.live for file in chosen)
    for file in chosen:
        del files[file.path]
    if rows:
        files[name] = compacted(name, rows)
    return rows


def compacted(name: str, rows: int, deleted: int = 0) -> DataFile:
    vector = {"cardinality": deleted} if deleted else None
    return DataFile(name, rows * BYTES_A_ROW, rows, vector, statistics='"nullCount":{}')


def test_one_step_is_bounded_in_rows_and_bytes():
    many = [DataFile(str(n), BYTES_A_ROW, 200_000) for n in range(20)]
    assert sum(file.live for file in files_to_compact(many)) <= MOST_ROWS
    wide = [DataFile(str(n), MOST_BYTES // 6, 100) for n in range(40)]
    chosen = files_to_compact(wide)
    assert len(chosen) > 1
    assert sum(file.size for file in chosen) <= MOST_BYTES
    # Files that are large already count as full, however few their rows.
    assert files_to_compact([DataFile(str(n), MOST_BYTES // 2, 100) for n in range(40)]) == []


def test_a_file_of_which_half_is_deleted_is_written_anew():
    half = DataFile("half", BYTES_A_ROW, 2_000, vector={"cardinality": 1_000})
    assert files_to_compact([DataFile("whole", BYTES_A_ROW, 2_000), half]) == [half]


def test_large_files_of_a_snapshot_are_written_anew_once_a_bounded_step_at_a_time():
    files = {str(n): DataFile(str(n), 40_000 * BYTES_A_ROW, 40_000) for n in range(FAN_IN - 1)}
    assert files_to_compact(files.values()) == []
    steps = 0
    while chosen := files_to_improve(files.values()):
        merged = DataFile(f"merged-{steps}", 1, sum(file.live for file in chosen), statistics='"nullCount":{}')
        assert merged.rows <= MOST_ROWS
        files = {path: file for path, file in files.items() if file not in chosen} | {merged.path: merged}
        steps += 1
    assert sum(file.live for file in files.values()) == 40_000 * (FAN_IN - 1)
    assert len(files) == steps == 2
    too_large = [DataFile("rows", 1, MOST_ROWS + 1), DataFile("bytes", MOST_BYTES + 1, BUSY_ROWS + 1)]
    assert files_to_improve([*too_large, DataFile("few", 1, BUSY_ROWS)]) == []


def test_compaction_waits_while_the_stream_is_busy_but_not_for_ever():
    files = [DataFile(str(n), BYTES_A_ROW, 20_000) for n in range(BUSY_FAN_IN - 1)]
    half = DataFile("half", BYTES_A_ROW, 600_000, vector={"cardinality": 300_000})
    assert files_to_compact([*files, half])
    assert files_to_compact([half])
    assert files_to_compact([*files, half], busy=True) == []
    assert len(files_to_compact([*files, DataFile("one more", BYTES_A_ROW, 20_000)], busy=True)) > FAN_IN


def test_a_backlog_of_large_micro_batches_leaves_a_bounded_number_of_files():
    files: dict[str, DataFile] = {}
    most = 0
    for number in range(400):
        files[str(number)] = DataFile(str(number), 50_000 * BYTES_A_ROW, 50_000)
        if chosen := files_to_compact(files.values(), busy=True):
            merge(files, chosen, f"merged-{number}")
        most = max(most, sum(file.live < MOST_ROWS / 2 for file in files.values()))
    assert most <= BUSY_FAN_IN
