"""The index lies in the table: it is read from files beside the data, made again where these are lost, damaged or of
another program's data, and tells nobody else anything."""

import logging
import shutil
import struct
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
from deltalake import DeltaTable
from lake.debezium import Source, columns, part
from lake.readers import with_delta_rs
from lake.test_state_table import Lake, row

from cdc.lake import deleted_keys
from cdc.lake.current_state import CurrentState
from cdc.lake.data_files import DataFiles
from cdc.lake.deleted_keys import deleted_path
from cdc.lake.index_files import FOLDER, index_path
from cdc.lake.index_part import HEADER_BYTES
from cdc.lake.key_index import KeyIndex
from cdc.lake.retention import Retention
from cdc.lake.snapshot import DataFile
from cdc.lake.storage import open_storage
from cdc.lake.table_options import TableOptions


@pytest.fixture(autouse=True)
def _each_file_has_an_index(monkeypatch):
    monkeypatch.setattr("cdc.lake.key_index.LEAST_ROWS", 10)
    monkeypatch.setattr("cdc.lake.compaction.FAN_IN", 2)


@pytest.fixture
def made(monkeypatch) -> list[str]:
    """Data files of which the index was made again."""
    paths: list[str] = []
    make = KeyIndex._make

    def noted(index: KeyIndex, file: DataFile) -> Any:
        paths.append(file.path)
        return make(index, file)

    monkeypatch.setattr(KeyIndex, "_make", noted)
    return paths


def filled(folder: Path, options: TableOptions | None = None) -> tuple[Lake, Source]:
    """Twenty rows in two files."""
    lake, source = Lake(folder, options=options), Source()
    for first in (0, 10):
        for number in range(first, first + 10):
            source.emit("c", None, row(number))
        lake.apply(source.take())
    return lake, source


def index_files(lake: Lake) -> list[Path]:
    return sorted((lake.path / FOLDER).glob("*.keys"))


def change(lake: Lake, source: Source) -> None:
    """An update, a delete, an insert and a late change, and what the table is after them."""
    source.emit("u", None, row(1, "last"))
    source.emit("d", {"id": 12})
    source.emit("c", None, row(100))
    source.emit("u", None, row(2, "late"), lsn=5)
    assert lake.apply(source.take()).skipped == 1
    expected = {n: ("last" if n == 1 else "n", 1) for n in (*range(20), 100) if n != 12}
    assert lake.rows() == expected
    assert len(list(lake.table.state.index.entries())) == len(expected)


def test_a_restart_without_the_local_disk_reads_index_files_and_no_data(tmp_path, monkeypatch, made):
    lake, source = filled(tmp_path)
    assert [file.name for file in index_files(lake)] == sorted(Path(index_path(f.path)).name for f in lake.table.files)
    lake.restart(lose_index=True)
    monkeypatch.setattr(DataFiles, "read", pytest.fail)
    change(lake, source)
    assert made == []


def test_a_restart_with_the_local_disk_reads_nothing_of_the_index_from_the_table(tmp_path, made):
    lake, source = filled(tmp_path)
    lake.restart()
    shutil.rmtree(lake.path / FOLDER)
    change(lake, source)
    assert made == []


def test_of_files_that_have_only_other_keys_nothing_but_the_header_is_read(tmp_path):
    lake, source = filled(tmp_path)
    lake.restart(lose_index=True)
    source.emit("u", None, row(13, "new"))
    source.emit("c", None, row(50))
    lake.apply(source.take())
    kept = sorted(file.name.rpartition(".keys.")[2] for file in lake.index.glob("*.keys.*"))
    assert kept == ["0", "1", "header", "header"]
    assert lake.rows()[13] == ("new", 1)


def test_a_table_that_is_not_written_to_costs_nothing(tmp_path, monkeypatch):
    lake, _ = filled(tmp_path)
    monkeypatch.setattr(KeyIndex, "_ask", pytest.fail)
    monkeypatch.setattr(KeyIndex, "_read_notes", pytest.fail)
    lake.restart(lose_index=True)
    lake.table.maintain()


def test_small_files_have_none_and_compacted_ones_do(tmp_path):
    lake, source = Lake(tmp_path), Source()
    for number in range(22):
        source.emit("c", None, row(number))
        if number % 2:
            lake.apply(source.take())
            lake.table.maintain()
    source.emit("c", None, row(22))
    lake.apply(source.take())
    sizes = {index_path(file.path): file.rows for file in lake.table.files}
    assert {rows >= 10 for rows in sizes.values()} == {False, True}
    kept = {f"{FOLDER}/{file.name}" for file in index_files(lake)}
    assert {path for path, rows in sizes.items() if rows >= 10} == kept & set(sizes)
    assert {path for path, rows in sizes.items() if rows < 10}.isdisjoint(kept)


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-7])


def empty(file: Path) -> None:
    file.write_bytes(b"")


def damage(at: int):
    def damage(file: Path) -> None:
        content = bytearray(file.read_bytes())
        content[at] ^= 4
        file.write_bytes(content)

    return damage


def become_older(file: Path) -> None:
    content = bytearray(file.read_bytes())
    struct.pack_into("<I", content, 8, 0)
    file.write_bytes(content)


HARMS = {
    "removed": Path.unlink,
    "cut": cut,
    "empty": empty,
    "header": damage(20),
    "keys": damage(HEADER_BYTES + 3),
    "rows": damage(HEADER_BYTES + 83),
    "positions": damage(-3),
    "older": become_older,
}


@pytest.mark.parametrize("harm", HARMS)
def test_a_lost_or_damaged_index_file_is_made_again_once(tmp_path, harm, made, caplog):
    lake, source = filled(tmp_path)
    victim, other = index_files(lake)
    whole = victim.read_bytes()
    HARMS[harm](victim)
    lake.restart(lose_index=True)
    with caplog.at_level(logging.WARNING):
        change(lake, source)
    assert len(made) == 1
    assert victim.read_bytes() == whole
    said = [record for record in caplog.records if "is not used any more" in record.getMessage()]
    assert len(said) == (0 if harm == "removed" else 1)
    assert other.exists()


@pytest.mark.parametrize("what", ["header", "0", "1", "2"])
@pytest.mark.parametrize("harm", ["removed", "cut", "empty", "bit"])
def test_a_damaged_local_file_is_read_from_the_table_again(tmp_path, what, harm, made):
    lake, source = filled(tmp_path)
    lake.restart()
    files = list(lake.index.glob(f"*.keys.{what}"))
    assert len(files) == 2
    for file in files:
        {**HARMS, "bit": damage(3)}[harm](file)
    change(lake, source)
    assert made == []


def test_index_files_of_another_key_are_made_again(tmp_path, made):
    lake, source = filled(tmp_path)
    lake.key = ("id", "name")
    lake.restart()
    source.emit("u", None, row(1, "n", 7))
    lake.apply(source.take())
    assert len(made) == 2
    assert lake.rows() == {number: ("n", 7 if number == 1 else 1) for number in range(20)}


def test_a_changed_retention_is_noted_in_the_table_and_makes_no_index(tmp_path, made):
    lake, source = filled(tmp_path)
    lake.options = TableOptions(retention=Retention(86_400))
    lake.restart()
    source.emit("u", None, row(1, "later"))
    assert lake.apply(source.take()).schema_changes == ()
    configuration = lake.table.state.snapshot.configuration
    assert configuration["delta.deletedFileRetentionDuration"] == "interval 86400 seconds"
    assert configuration["delta.logRetentionDuration"] == "interval 86400 seconds"
    assert made == []
    version = lake.table.version
    source.emit("u", None, row(1, "last"))
    lake.apply(source.take())
    assert lake.table.version == version + 1
    assert lake.rows()[1] == ("last", 1)


# ---------------------------------------------------------------------- other programs


def test_only_files_that_another_program_wrote_are_read(tmp_path, made):
    lake, source = filled(tmp_path)
    before = {file.path for file in lake.table.files}
    DeltaTable(str(lake.path)).update(updates={"name": "'by hand'"}, predicate="id = 3")
    source.emit("u", None, row(1, "last"))
    lake.apply(source.take())
    assert set(made).isdisjoint(before)
    assert len(made) == 1
    rows = lake.rows()
    assert (rows[1][0], rows[3][0], len(rows)) == ("last", "by hand", 20)


@pytest.mark.parametrize("lose", [False, True])
def test_it_survives_the_vacuum_of_delta_rs(tmp_path, made, lose):
    lake, source = filled(tmp_path)
    kept = index_files(lake)
    for full in (False, True):
        DeltaTable(str(lake.path)).vacuum(0, dry_run=False, enforce_retention_duration=False, full=full)
    assert index_files(lake) == kept
    lake.restart(lose_index=lose)
    change(lake, source)
    assert made == []


def test_what_delta_rs_put_together_is_indexed_again(tmp_path, made):
    lake, source = filled(tmp_path)
    DeltaTable(str(lake.path)).optimize.compact()
    change(lake, source)
    assert len(made) == 1


def test_what_an_update_left_alone_is_taken_from_a_file_of_another_program(tmp_path):
    lake, source = filled(tmp_path)
    DeltaTable(str(lake.path)).update(updates={"name": "'by hand'"}, predicate="id = 3")
    source.emit("u", None, row(3, "__debezium_unavailable_value", 7))
    assert lake.apply(source.take()).rejected == []
    assert lake.rows()[3] == ("by hand", 7)


@pytest.mark.parametrize("next_step", ["a change", "compaction"])
def test_files_that_another_program_replaced_and_removed_are_no_damage(tmp_path, next_step):
    lake, source = filled(tmp_path)
    table = DeltaTable(str(lake.path))
    table.optimize.compact()
    table.vacuum(0, dry_run=False, enforce_retention_duration=False)
    if next_step == "compaction":
        lake.table.maintain()
    source.emit("u", None, row(3, "__debezium_unavailable_value", 7))
    lake.apply(source.take())
    assert lake.rows()[3] == ("n", 7)


def test_a_truncate_alone_asks_for_no_keys(tmp_path, monkeypatch):
    monkeypatch.setattr(deleted_keys, "_MOST_IN_NOTE", 0)
    lake, source = filled(tmp_path)
    source.emit("d", {"id": 5})
    lake.apply(source.take())
    source.emit("t")
    lake.apply(source.take())
    assert lake.rows() == {}


def test_a_table_that_was_put_back_has_the_rows_of_then(tmp_path, made):
    lake, source = filled(tmp_path)
    version = lake.table.version
    source.emit("u", None, row(1, "later"))
    lake.apply(source.take())
    DeltaTable(str(lake.path)).restore(version)
    lake.restart(lose_index=True)
    change(lake, source)
    assert made == []


def test_other_readers_do_not_see_it(tmp_path):
    lake, source = filled(tmp_path)
    change(lake, source)
    expected = {(number, *values) for number, values in lake.rows().items()}
    assert set(pl.scan_delta(str(lake.path)).select("id", "name", "amount").collect().iter_rows()) == expected
    try:
        duckdb.sql("LOAD delta")
    except duckdb.Error:
        return  # its extension is not on this machine
    assert set(duckdb.sql(f"select id, name, amount from delta_scan('{lake.path}')").fetchall()) == expected


# ---------------------------------------------------------------------- deleted keys


@pytest.mark.parametrize("how", ["in the note", "in a file", "in a checkpoint", "in both"])
@pytest.mark.parametrize("soft_delete", [False, True])
def test_a_late_change_does_not_bring_a_deleted_key_back_after_the_local_disk_was_lost(
    tmp_path, how, soft_delete, monkeypatch
):
    lake, source = filled(tmp_path, TableOptions(soft_delete=soft_delete))
    if how == "in a file":
        monkeypatch.setattr(deleted_keys, "_MOST_IN_NOTE", 0)
    late = source.emit("u", None, row(5, "late"))
    source.take()
    source.emit("d", {"id": 5})
    lake.apply(source.take())
    if how in ("in a checkpoint", "in both"):
        monkeypatch.setattr("cdc.lake.table_log._COMMITS_A_CHECKPOINT", 1)
        lake.table.maintain()
        monkeypatch.undo()
    if how == "in both":
        source.emit("d", {"id": 6})
        lake.apply(source.take())
    lake.restart(lose_index=True)
    source.again(late)
    assert lake.apply(source.take()).skipped == 1
    gone = {5, 6} if how == "in both" else {5}
    live = {each["id"] for each in with_delta_rs(lake.path) if not each.get("_deleted")}
    assert live == set(range(20)) - gone


def test_a_key_that_was_deleted_comes_back_with_a_newer_change(tmp_path, monkeypatch):
    monkeypatch.setattr(deleted_keys, "_MOST_IN_NOTE", 0)
    lake, source = filled(tmp_path)
    source.emit("d", {"id": 5})
    lake.apply(source.take())
    source.emit("c", None, row(5, "again"))
    lake.apply(source.take())
    lake.restart(lose_index=True)
    late = source.emit("u", None, row(5, "late"), lsn=source.lsn - 5)
    source.take()
    source.again(late)
    assert lake.apply(source.take()).skipped == 1
    source.emit("u", None, row(5, "last"))
    lake.apply(source.take())
    assert lake.rows()[5] == ("last", 1)


def test_the_newest_deleted_keys_are_remembered(tmp_path, monkeypatch):
    monkeypatch.setattr(deleted_keys, "MOST", 4)
    monkeypatch.setattr(deleted_keys, "_MOST_RECENT", 0)
    lake, source = filled(tmp_path)
    late = [source.emit("u", None, row(number, "late")) for number in range(10)]
    source.take()
    for number in range(10):
        source.emit("d", {"id": number})
        lake.apply(source.take())
    lake.restart(lose_index=True)
    for event in late:
        source.again(event)
    lake.apply(source.take())
    assert set(lake.rows()) == {*range(10, 20), *range(6)}


def test_a_lost_file_of_deleted_keys_is_no_error(tmp_path, monkeypatch, caplog):
    monkeypatch.setattr(deleted_keys, "_MOST_IN_NOTE", 0)
    lake, source = filled(tmp_path)
    source.emit("d", {"id": 5})
    lake.apply(source.take())
    file = lake.path / deleted_path(lake.table.version)
    for harm in (damage(-1), Path.unlink):
        harm(file)
        lake.restart(lose_index=True)
        source.emit("u", None, row(1, "x"), lsn=5)
        lake.apply(source.take())
    assert lake.rows() == {number: ("n", 1) for number in range(20) if number != 5}


def test_deleted_keys_of_a_table_that_was_made_anew_count_no_more(tmp_path, monkeypatch):
    monkeypatch.setattr(deleted_keys, "_MOST_IN_NOTE", 0)
    lake, source = filled(tmp_path)
    source.emit("d", {"id": 5})
    lake.apply(source.take())
    lake.table.make_anew()
    source.emit("c", None, row(5, "of a source put back"), lsn=3)
    lake.apply(source.take())
    assert lake.rows() == {5: ("of a source put back", 1)}


# ---------------------------------------------------------------------- kinds of keys


def test_keys_of_texts_and_of_several_columns(tmp_path, made):
    fields = [part("id", "string"), part("n", "int32"), part("name", "string"), part("amount", "int32")]
    schemas = {1: columns(fields)}
    lake, source = Lake(tmp_path, key=("id", "n")), Source()
    for number in range(30):
        source.emit("c", None, {"id": f"key {number // 2}", "n": number % 2, "name": "n", "amount": number})
    lake.apply(source.take(), schemas)
    lake.restart(lose_index=True)
    source.emit("d", {"id": "key 3", "n": 1})
    source.emit("u", None, {"id": "key 3", "n": 0, "name": "new", "amount": 6})
    lake.apply(source.take(), schemas)
    rows = {(each["id"], each["n"]): each["name"] for each in with_delta_rs(lake.path)}
    assert len(rows) == 29
    assert rows["key 3", 0] == "new"
    assert made == []


def test_opening_a_table_leaves_no_file_open(tmp_path):
    lake, source = filled(tmp_path)
    lake.restart(lose_index=True)
    opened = set(Path("/proc/self/fd").iterdir())
    change(lake, source)
    assert not [file for file in set(Path("/proc/self/fd").iterdir()) - opened if str(tmp_path) in str(file.resolve())]


def test_another_table_in_the_same_place_is_no_concern(tmp_path):
    """Somebody removed the table and another one was made: its id is another one."""
    lake, source = filled(tmp_path)
    kept = {file: file.read_bytes() for file in index_files(lake)}
    shutil.rmtree(lake.path)
    lake.restart()
    for number in range(10):
        source.emit("c", None, row(number, "new"))
    lake.apply(source.take())
    for file, content in kept.items():
        file.write_bytes(content)
    lake.restart()
    source.emit("u", None, row(1, "newer"))
    lake.apply(source.take())
    assert {number: name for number, (name, _) in lake.rows().items()} == {
        number: "newer" if number == 1 else "new" for number in range(10)
    }


def test_the_state_is_opened_where_the_local_disk_cannot_be_written(tmp_path):
    lake, source = filled(tmp_path)
    lake.restart(lose_index=True)
    lake.index.write_text("no folder")
    lake.table = type(lake.table)(CurrentState(open_storage(f"file:{lake.path}"), lake.index, lake.key, TableOptions()))
    change(lake, source)
