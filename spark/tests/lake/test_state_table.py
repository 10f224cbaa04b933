"""The current state of a table, as other programs read it, is that of the source after the same changes."""

import random
import shutil
from pathlib import Path

import pytest
from lake.debezium import Source, columns, part
from lake.readers import with_delta_rs, with_duckdb

from cdc.lake.batch_id import BatchId
from cdc.lake.current_state import CurrentState
from cdc.lake.state_table import StateTable
from cdc.lake.storage import open_storage
from cdc.lake.table_options import TableOptions

FIELDS = [part("id", "int64"), part("name", "string"), part("amount", "int32")]
SCHEMAS = {1: columns(FIELDS)}


class Lake:
    """A table in a folder; can be opened again, as after a restart, with or without its index."""

    def __init__(self, folder: Path, key: tuple[str, ...] = ("id",), options: TableOptions | None = None) -> None:
        self.path = folder / "table"
        self.index = folder / "index"
        self.key = key
        self.options = options or TableOptions()
        self.batch = 0
        self.table = self._open()

    def _open(self) -> StateTable:
        return StateTable(CurrentState(open_storage(f"file:{self.path}"), self.index, self.key, self.options))

    def restart(self, lose_index: bool = False) -> None:
        self.table.close()
        if lose_index:
            shutil.rmtree(self.index, ignore_errors=True)
        self.table = self._open()

    def apply(self, events, schemas=SCHEMAS, number=None):
        number = self.batch if number is None else number
        self.batch = number + 1
        return self.table.apply(events, schemas, BatchId("query", number))

    def rows(self):
        return {row["id"]: (row["name"], row["amount"]) for row in with_delta_rs(self.path)}


@pytest.fixture
def lake(tmp_path):
    return Lake(tmp_path)


def row(number, name="n", amount=1):
    return {"id": number, "name": name, "amount": amount}


def test_inserts_updates_and_deletes_leave_one_row_a_key(lake):
    source = Source()
    for number in range(10):
        source.emit("c", None, row(number))
    lake.apply(source.take())
    source.emit("u", None, row(3, "new", 5))
    source.emit("d", {"id": 4, "name": None, "amount": None})
    source.emit("u", None, row(3, "newer", 6))
    applied = lake.apply(source.take())
    assert (applied.written, applied.deleted, applied.skipped) == (1, 1, 0)
    assert lake.rows() == {n: ("n", 1) for n in range(10) if n not in (3, 4)} | {3: ("newer", 6)}
    assert with_duckdb(lake.path, "select count(*), sum(amount) from rows") == [(9, 14)]


def test_a_repeated_micro_batch_changes_nothing(lake):
    source = Source()
    source.emit("c", None, row(1))
    source.emit("c", None, row(2))
    events = source.take()
    lake.apply(events, number=5)
    version = lake.table.version
    lake.apply(events, number=5)
    lake.restart()
    lake.apply(events, number=5)
    assert lake.table.version == version


def test_repeated_and_late_changes_do_not_overwrite_newer_ones_nor_bring_rows_back(lake):
    source = Source()
    old = [source.emit("c", None, row(1, "first")), source.emit("c", None, row(2, "first"))]
    source.emit("u", None, row(1, "second"))
    source.emit("d", {"id": 2})
    lake.apply(source.take())
    for event in old:
        source.again(event)
    assert lake.apply(source.take()).skipped == 2
    assert lake.rows() == {1: ("second", 1)}


def test_a_change_from_before_the_snapshots_position_counts_over_the_snapshots_row(lake):
    source = Source()
    source.emit("r", None, row(1, "snapshot"), lsn=9000)
    lake.apply(source.take())
    source.emit("u", None, row(1, "open at the time"), lsn=8990)
    lake.apply(source.take())
    source.emit("r", None, row(1, "older snapshot"), lsn=8000)
    lake.apply(source.take())
    assert lake.rows() == {1: ("open at the time", 1)}


def test_a_row_whose_key_changes_is_there_once(lake):
    source = Source()
    source.emit("c", None, row(1, "moves"))
    lake.apply(source.take())
    lsn = source.lsn + 10
    source.emit("d", {"id": 1}, lsn=lsn)
    source.emit("c", None, {"id": 2, "name": "__debezium_unavailable_value", "amount": 2}, lsn=lsn)
    lake.apply(source.take())
    assert lake.rows() == {2: ("moves", 2)}
    source.emit("u", row(2, "moves", 2), row(3, "again", 3))
    lake.apply(source.take())
    assert lake.rows() == {3: ("again", 3)}


def test_values_that_were_not_logged_keep_what_they_were(lake):
    source = Source()
    for number in range(3):
        source.emit("c", None, row(number, f"long text {number}"))
    lake.apply(source.take())
    source.emit("u", None, row(1, "__debezium_unavailable_value", 7))
    source.emit("u", None, row(2, "changed", 8))
    source.emit("u", None, row(2, "__debezium_unavailable_value", 9))
    lake.apply(source.take())
    assert lake.rows() == {0: ("long text 0", 1), 1: ("long text 1", 7), 2: ("changed", 9)}


def test_a_truncate_empties_the_table_of_what_was_there_before_it(lake):
    source = Source()
    first = source.emit("c", None, row(1))
    lake.apply(source.take())
    source.emit("c", None, row(2))
    truncate = source.emit("t")
    source.emit("c", None, row(3))
    lake.apply(source.take())
    assert lake.rows() == {3: ("n", 1)}
    source.again(first)
    source.again(truncate)
    lake.restart(lose_index=True)
    lake.apply(source.take())
    assert lake.rows() == {3: ("n", 1)}


def test_soft_deletion_keeps_deleted_rows_with_a_flag(tmp_path):
    lake = Lake(tmp_path, options=TableOptions(soft_delete=True))
    source = Source()
    for number in range(3):
        source.emit("c", None, row(number, f"text {number}"))
    lake.apply(source.take())
    source.emit("d", {"id": 1, "name": None, "amount": None})
    source.emit("c", None, row(8, "came and went"))
    source.emit("d", {"id": 8, "name": None, "amount": None})
    lake.apply(source.take())
    assert lake.rows()[1] == ("text 1", 1)
    flags = lambda: {row["id"]: row["_deleted"] for row in with_delta_rs(lake.path)}  # noqa: E731
    assert flags() == {0: False, 1: True, 2: False, 8: True}
    assert lake.rows()[8] == ("came and went", 1)
    source.emit("c", None, row(1, "back"))
    source.emit("t")
    source.emit("c", None, row(2, "after"))
    lake.apply(source.take())
    assert flags() == {0: True, 1: True, 2: False, 8: True}
    assert lake.rows()[2] == ("after", 1)


def test_a_key_of_several_columns_and_of_text(tmp_path):
    lake = Lake(tmp_path, key=("name", "amount"))
    source = Source()
    source.emit("c", None, row(1, "a", 1))
    source.emit("c", None, row(2, "a", 2))
    source.emit("u", None, row(3, "a", 1))
    lake.apply(source.take())
    lake.restart(lose_index=True)
    source.emit("u", None, row(4, "a", 2))
    lake.apply(source.take())
    assert sorted(lake.rows()) == [3, 4]


def test_a_change_without_its_key_is_rejected_with_the_reason_and_the_others_apply(lake):
    source = Source()
    source.emit("c", None, row(1))
    source.emit("d", None)
    source.emit("c", None, row(None))
    kept = []
    applied = lake.table.apply(source.take(), SCHEMAS, BatchId("query", 0), kept.extend)
    assert [(item.event.offset, "REPLICA IDENTITY" in item.reason) for item in applied.rejected] == [
        (1, True),
        (2, False),
    ]
    assert kept == applied.rejected
    assert lake.rows() == {1: ("n", 1)}


def test_another_writers_commit_is_noticed_and_kept(lake):
    source = Source()
    for number in range(20):
        source.emit("c", None, row(number))
    lake.apply(source.take())
    storage, index = open_storage(f"file:{lake.path}"), lake.index.parent / "other"
    other = StateTable(CurrentState(storage, index, lake.key, lake.options))
    source.emit("u", None, row(1, "by the other"))
    other.apply(source.take(), SCHEMAS, BatchId("another query", 0))
    source.emit("u", None, row(2, "by us"))
    lake.apply(source.take())
    rows = lake.rows()
    assert len(rows) == 20
    assert (rows[1][0], rows[2][0]) == ("by the other", "by us")


class Crash(Exception):
    pass


@pytest.mark.parametrize("where", ["before the vectors", "before the data", "before the commit", "after the commit"])
def test_a_driver_that_dies_between_two_steps_loses_and_doubles_nothing(lake, where, monkeypatch):
    source = Source()
    for number in range(5):
        source.emit("c", None, row(number))
    lake.apply(source.take())
    source.emit("u", None, row(1, "new"))
    source.emit("d", {"id": 2})
    events = source.take()

    def die(*_args, **_kwargs):
        raise Crash

    target, name = {
        "before the vectors": (lake.table.state.files, "with_deleted"),
        "before the data": (lake.table.state.files, "write"),
        "before the commit": (lake.table.state.log, "commit"),
        "after the commit": (lake.table.state, "forget"),
    }[where]
    with monkeypatch.context() as patch:
        patch.setattr(target, name, die)
        with pytest.raises(Crash):
            lake.apply(events, number=1)
    lake.restart()
    lake.apply(events, number=1)
    source.emit("u", None, row(3, "later"))
    lake.apply(source.take(), number=2)
    assert lake.rows() == {0: ("n", 1), 1: ("new", 1), 3: ("later", 1), 4: ("n", 1)}


def change_at_random(chance: random.Random, source: Source, model: dict) -> None:
    """One statement, to the source and to the model of its rows."""
    number = chance.randrange(80)
    after = {**row(number, f"v{source.lsn}", chance.randrange(100)), "kind": "k"}
    what = chance.random()
    if what < 0.003:
        source.emit("t")
        model.clear()
    elif number not in model:
        source.emit("c", None, after)
        model[number] = after
    elif what < 0.25:
        source.emit("d", {"id": number, "kind": "k"})
        del model[number]
    elif what < 0.3 and (other := number + 1000) not in model:
        lsn = source.lsn + 10
        source.emit("d", {"id": number, "kind": "k"}, lsn=lsn)
        moved = {**after, "id": other, "name": "__debezium_unavailable_value"}
        source.emit("c", None, moved, lsn=lsn)
        model[other] = {**moved, "name": model.pop(number)["name"]}
    elif what < 0.4:
        source.emit("u", None, {**after, "name": "__debezium_unavailable_value"})
        model[number] = {**after, "name": model[number]["name"]}
    else:
        source.emit("u", None, after)
        model[number] = after


@pytest.mark.parametrize("seed", range(8))
def test_any_history_leaves_the_table_as_a_plain_dict_has_it(tmp_path, seed, monkeypatch):
    """Inserts, updates, deletes, key changes, truncates; repeats, restarts, a lost index, crashes, compaction."""
    monkeypatch.setattr("cdc.lake.compaction.FAN_IN", 3)
    compacted = 0
    chance = random.Random(seed)
    lake = Lake(tmp_path, key=("id",) if seed % 2 else ("id", "kind"))
    schemas = {1: columns([*FIELDS, part("kind", "string")])}
    source, model, history = Source(), {}, []
    for batch in range(60):
        for _ in range(chance.randrange(1, 40)):
            change_at_random(chance, source, model)
        new = source.take()
        history += new
        # A connector that could not note how far it was repeats everything from there on.
        repeats = [source.again(event) for event in history[-chance.choice([1, 5, 100]) :]]
        source.take()
        events = new + repeats
        fate = chance.random()
        if fate < 0.1:
            name = chance.choice(["commit", "forget"])
            target = lake.table.state.log if name == "commit" else lake.table.state
            original = getattr(target, name)
            setattr(target, name, lambda *_a, **_k: (_ for _ in ()).throw(Crash()))
            with pytest.raises(Crash):
                lake.apply(events, schemas, batch)
            setattr(target, name, original)
        if fate < 0.2:
            lake.restart(lose_index=False)
        lake.apply(events, schemas, batch)
        if fate > 0.6:
            compacted += lake.table.maintain()
        if batch % 20 == 19:
            assert lake.rows() == {key: (value["name"], value["amount"]) for key, value in model.items()}
    lake.restart(lose_index=True)
    lake.apply([source.emit("c", None, {**row(5000), "kind": "k"})], schemas, 60)
    model[5000] = row(5000)
    assert lake.rows() == {key: (value["name"], value["amount"]) for key, value in model.items()}
    assert len(list(lake.table.state.index.entries())) == len(model)
    assert compacted > 3


@pytest.mark.parametrize("cut", [1, 2, 3])
@pytest.mark.parametrize("again", [False, True])
@pytest.mark.parametrize("soft_delete", [False, True])
def test_rows_read_in_chunks_before_a_truncate_are_gone(tmp_path, cut, again, soft_delete):
    """They have no position that could be compared with that of the TRUNCATE."""
    lake, source = Lake(tmp_path, options=TableOptions(soft_delete=soft_delete)), Source()
    events = [source.emit("r", None, row(1)), source.emit("t"), source.emit("r", None, row(2))]
    for event in events:
        event.lsn = None if event.op == "r" else event.lsn
    source.take()
    for some in filter(None, (events[:cut], events[cut:])):
        lake.apply(some)
    if again:
        repeated = [source.again(event) for event in events]
        for some in filter(None, (repeated[:cut], repeated[cut:])):
            lake.apply(some)
    rows = with_delta_rs(lake.path)
    assert {each["id"] for each in rows if not each.get("_deleted")} == {2}
    # Debezium may have read the second one before the TRUNCATE, too.
    assert "truncated while its rows were read" in lake.table.needs_rows
