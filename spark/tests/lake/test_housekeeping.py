"""What a table no longer uses goes after the retention, and nothing else does."""

from pathlib import Path

import pyarrow as pa
import pytest
from deltalake import DeltaTable, QueryBuilder
from lake.clock import Clock
from lake.debezium import Source
from lake.readers import delta_rs_arrow, with_delta_rs, with_duckdb
from lake.test_state_table import SCHEMAS, row

from cdc.lake import housekeeping as housekeeping_module
from cdc.lake.append_table import AppendTable
from cdc.lake.batch_id import BatchId
from cdc.lake.column_type import LONG
from cdc.lake.current_state import CurrentState
from cdc.lake.deleted_keys import deleted_path
from cdc.lake.deletion_vectors import stored_at
from cdc.lake.housekeeping import Housekeeping
from cdc.lake.index_files import FOLDER, index_path
from cdc.lake.log_cleanup import unneeded_log_files
from cdc.lake.retention import DEFAULT
from cdc.lake.snapshot import DataFile, Snapshot
from cdc.lake.state_table import StateTable
from cdc.lake.storage import StoredFile
from cdc.lake.table_log import TableLog, UnsupportedTable
from cdc.lake.table_options import TableOptions
from cdc.lake.vacuum import unused_files, unused_since

HOUR = 3600
TABLE = "tables/public/t"


@pytest.fixture
def clock(monkeypatch):
    return Clock().rule(monkeypatch)


class World:
    """A lake with one state table, its clock and its housekeeping."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self.clock = clock
        self.path = folder / "lake" / TABLE
        self.storage = clock.storage(folder / "lake")
        self.state = StateTable(CurrentState(self.storage.folder(TABLE), folder / "index", ("id",), TableOptions()))
        self.housekeeping = Housekeeping(self.storage, DEFAULT)
        self.source = Source()
        self.batch = 0

    def apply(self, *, maintain: bool = True) -> None:
        self.state.apply(self.source.take(), SCHEMAS, BatchId("query", self.batch))
        self.batch += 1
        if maintain:
            self.state.maintain()

    def keep_order(self):
        self.housekeeping.round([TABLE])
        return self.housekeeping.seen.get(TABLE)

    def names(self, pattern: str) -> set[str]:
        return {path.name for path in self.path.glob(pattern)}

    def rows(self):
        return {row["id"]: (row["name"], row["amount"]) for row in with_delta_rs(self.path)}


@pytest.fixture
def world(tmp_path, clock):
    return World(tmp_path, clock)


def used_files(world: World) -> set[str]:
    return {
        name
        for file in world.state.files
        for name in (file.path, *([stored_at(file.vector)[0]] if file.vector else []))
    }


def test_replaced_files_and_vectors_stay_for_the_retention_and_then_go(world):
    for number in range(10):
        world.source.emit("c", None, row(number))
    world.apply()
    for name in ("a", "b", "c"):
        world.clock.pass_by(60)
        world.source.emit("u", None, row(3, name))
        world.apply()
    all_files = world.names("*.parquet") | world.names("*.bin")
    world.clock.pass_by(HOUR - 30)
    world.keep_order()
    old = world.names("*.parquet") | world.names("*.bin")
    assert used_files(world) < old < all_files
    world.clock.pass_by(HOUR)
    seen = world.keep_order()
    assert world.names("*.parquet") | world.names("*.bin") == used_files(world)
    assert (seen.files, seen.unused_files, seen.removed) == (2, 0, len(all_files) - len(used_files(world)))
    assert seen.vacuumed_at == "2025-06-15T17:09:10+00:00"
    assert world.rows() == {number: ("c" if number == 3 else "n", 1) for number in range(10)}


def test_an_older_version_within_the_retention_can_be_read(world):
    world.source.emit("c", None, row(1, "old"))
    world.apply()
    version = world.state.version
    world.clock.pass_by(5 * HOUR)
    world.source.emit("u", None, row(1, "new"))
    world.apply()
    world.clock.pass_by(HOUR - 1)
    world.keep_order()

    def names():
        table = DeltaTable(str(world.path), version=version)
        return pa.table(QueryBuilder().register("t", table).execute("select name from t").read_all())

    assert names().to_pylist() == [{"name": "old"}]
    world.clock.pass_by(2)
    world.keep_order()
    with pytest.raises(Exception, match=r"(?i)not found|no such file"):
        names()
    assert world.rows() == {1: ("new", 1)}


def test_index_files_go_with_their_data_files(world, monkeypatch):
    monkeypatch.setattr("cdc.lake.key_index.LEAST_ROWS", 2)
    monkeypatch.setattr("cdc.lake.deleted_keys._MOST_IN_NOTE", 0)
    for first in (0, 10, 20):
        for number in range(first, first + 5):
            world.source.emit("c", None, row(number))
        world.apply()
    world.source.emit("d", {"id": 21})
    world.apply()
    monkeypatch.setattr("cdc.lake.compaction.FAN_IN", 2)
    world.source.emit("d", {"id": 22})
    world.apply()
    storage = world.storage.folder(TABLE)
    storage.put(f"{FOLDER}/part-died.parquet.keys", b"x")
    storage.put(f"{FOLDER}/notes.txt", b"somebody else's")
    world.clock.pass_by(HOUR - 1)
    world.keep_order()
    assert len(world.names(f"{FOLDER}/part*")) == 5
    world.clock.pass_by(2)
    world.keep_order()
    used = {Path(index_path(file.path)).name for file in world.state.files}
    deleted = Path(deleted_path(world.state.version - 1)).name
    assert len(used) == 1
    assert world.names(f"{FOLDER}/*") == {*used, deleted, "notes.txt"}
    assert len(world.rows()) == 13


def test_files_of_a_write_that_died_go_and_those_of_one_that_goes_on_stay(world):
    world.source.emit("c", None, row(1))
    world.apply()
    storage = world.storage.folder(TABLE)
    storage.put("part-died.parquet", b"x")
    storage.put("deletion_vector_died.bin", b"x")
    storage.put("notes.txt", b"somebody else's")
    world.clock.pass_by(HOUR - 10)
    storage.put("part-going-on.parquet", b"x")
    world.clock.pass_by(11)
    world.keep_order()
    assert world.names("*") == {
        *used_files(world),
        *("part-going-on.parquet", "notes.txt", "_delta_log"),
    }


def test_a_folder_without_a_table_is_left_alone(world):
    world.storage.folder(TABLE).put("part-1.parquet", b"x")
    world.clock.pass_by(9 * HOUR)
    assert world.keep_order() is None
    assert world.names("*") == {"part-1.parquet"}


def test_a_step_is_bounded_and_the_next_one_goes_on(world, monkeypatch):
    monkeypatch.setattr(housekeeping_module, "MOST_DELETES", 3)
    for number in range(8):
        world.source.emit("c" if number == 0 else "u", None, row(1, f"v{number}"))
        world.apply(maintain=False)
    world.clock.pass_by(2 * HOUR)
    assert [world.keep_order().unused_files for _ in range(3)] == [4, 1, 0]
    assert world.rows() == {1: ("v7", 1)}


def test_a_quiet_table_is_cleaned_too_and_then_only_looked_at_when_it_changed(world, monkeypatch):
    world.source.emit("c", None, row(1))
    world.apply()
    world.source.emit("u", None, row(1, "new"))
    world.apply()
    assert world.keep_order().unused_files == 1
    # Not read again before the file is as old as the retention.
    seen = world.housekeeping.seen[TABLE]
    world.clock.pass_by(HOUR - 10)
    world.keep_order()
    assert world.housekeeping.seen[TABLE] is seen
    world.clock.pass_by(11)
    assert world.keep_order().unused_files == 0
    seen = world.housekeeping.seen[TABLE]
    world.keep_order()
    assert world.housekeeping.seen[TABLE] is seen
    world.source.emit("u", None, row(1, "newer"))
    world.apply()
    assert world.keep_order().version == world.state.version


def test_a_table_that_cannot_be_read_does_not_keep_the_others_from_their_turn(world, caplog):
    world.source.emit("c", None, row(1))
    world.apply()
    world.storage.folder("changes/public/t").put("_delta_log/00000000000000000007.json", b"{}\n")
    world.housekeeping.round(["changes/public/t", TABLE])
    assert list(world.housekeeping.seen) == [TABLE]
    assert "housekeeping of changes/public/t: the table's log lacks version 0" in caplog.text


def test_a_day_of_a_change_a_second_leaves_few_files(world):
    """A thousand commits with their time, then a quiet hour; also the log's files."""
    appended = AppendTable(world.storage.folder("changes/public/t"))
    folders = [TABLE, "changes/public/t"]
    most = 0
    for second in range(1000):
        world.clock.pass_by(20)  # so that the retention passes several times
        number = second % 50
        world.source.emit("c" if second < 50 else "u", None, row(number, f"v{second}"))
        world.apply()
        appended.append({"second": (LONG, pa.array([second], pa.int64()))}, BatchId("query", second))
        appended.maintain()
        if second % 20 == 0:
            world.housekeeping.round(folders)
            most = max(most, len(list(world.path.rglob("*"))))
    # An hour has 180 of these commits: up to two new files, a merged one every 15, and two files of the log each.
    assert most < 1000
    world.clock.pass_by(2 * HOUR)
    for _ in range(3):
        world.housekeeping.round(folders)
    seen = world.housekeeping.seen
    for folder in folders:
        path = world.path.parents[2] / folder
        assert seen[folder].files <= 40
        assert seen[folder].unused_files == 0
        assert len(list((path / "_delta_log").iterdir())) < 110
        assert len([file for file in path.iterdir() if file.is_file()]) <= 80
    assert world.rows() == {number: (f"v{950 + number}", 1) for number in range(50)}
    changes = delta_rs_arrow(world.path.parents[2] / "changes/public/t", "select second from t")
    assert sorted(changes.column("second").to_pylist()) == list(range(1000))
    assert with_duckdb(world.path, "select count(*) from rows") == [(50,)]
    assert DeltaTable(str(world.path.parents[2] / "changes/public/t")).to_pandas()["second"].sum() == 499_500
    # Whoever opens the table anew goes on where it was.
    assert not AppendTable(world.storage.folder("changes/public/t")).append(
        {"second": (LONG, pa.array([999], pa.int64()))}, BatchId("query", 999)
    )


# ---------------------------------------------------------------- decisions


def at(name: str, modified: int) -> StoredFile:
    return StoredFile(name, modified, 1)


def commit(version: int) -> str:
    return f"{version:020d}.json"


def checkpoint(version: int) -> str:
    return f"{version:020d}.checkpoint.parquet"


def test_the_log_before_the_newest_checkpoint_that_is_old_enough_goes():
    files = [at(commit(version), version) for version in range(35)]
    files += [at(checkpoint(version), version) for version in (10, 20, 30)]
    files += [at("_last_checkpoint", 30), at(f"{5:020d}.crc", 5), at(f"{3:020d}.{9:020d}.compacted.json", 9)]
    gone = unneeded_log_files(files, before=25, hint=30)
    assert set(gone) == {
        *(commit(version) for version in range(20)),
        *(checkpoint(10), f"{5:020d}.crc", f"{3:020d}.{9:020d}.compacted.json"),
    }
    assert unneeded_log_files(files, before=10, hint=30) == []


def test_the_checkpoint_that_readers_are_told_to_start_from_stays():
    files = [at(commit(version), 0) for version in range(25)] + [at(checkpoint(10), 0), at(checkpoint(20), 0)]
    assert checkpoint(10) not in unneeded_log_files(files, before=1, hint=10)


def test_a_log_without_a_checkpoint_stays_whole():
    assert unneeded_log_files([at(commit(version), 0) for version in range(90)], before=9, hint=0) == []
    # One that Spark splits has parts that may be missing.
    parts = f"{80:020d}.checkpoint.0000000001.0000000002.parquet"
    files = [at(parts, 0), *(at(commit(version), 0) for version in range(90))]
    assert unneeded_log_files(files, before=9, hint=80) == []


def test_a_file_counts_by_its_removal_not_by_its_age():
    snapshot = Snapshot()
    snapshot.apply(0, [DataFile("a.parquet", 1, 1).add(), DataFile("b.parquet", 1, 1).add()])
    removal = DataFile("a.parquet", 1, 1).remove()
    removal["remove"]["deletionTimestamp"] = 500
    snapshot.apply(1, [removal])
    files = [at("a.parquet", 5), at("b.parquet", 5), at("c.parquet", 400), at("_x.parquet", 5)]
    unused = unused_files(files, snapshot)
    assert [file.name for file in unused] == ["a.parquet", "c.parquet"]
    assert unused_since(unused, snapshot) == {"a.parquet": 500, "c.parquet": 400}


def test_a_table_with_a_feature_that_this_program_does_not_know_is_not_written(world):
    world.source.emit("c", None, row(1))
    world.apply()
    protocol = world.state.state.snapshot.protocol
    features = {**protocol, "writerFeatures": [*protocol["writerFeatures"], "rowTracking"]}
    log = TableLog(world.storage.folder(TABLE))
    log.commit(log.snapshot(), [{"protocol": features}], "SET TBLPROPERTIES", {})
    with pytest.raises(UnsupportedTable, match=r"rowTracking.*DROP FEATURE"):
        log.snapshot()
