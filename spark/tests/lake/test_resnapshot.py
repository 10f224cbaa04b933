"""All rows of a table read again while changes go on: what the source no longer has is gone at the end."""

import json
import random
import shutil
from pathlib import Path

import pytest
from lake.readers import with_delta_rs
from lake.test_lake_tables import LINKS, PLAIN, Topic, message_schema, originals

from cdc.lake.batch_id import BatchId
from cdc.lake.lake_tables import LakeTables, Messages, MessageSchema
from cdc.lake.resnapshot import NEEDS_ROWS, PROPERTY
from cdc.lake.storage import open_storage
from cdc.lake.table_log import TableLog
from cdc.lake.table_options import TableOptions
from cdc.row_columns import RowColumns

CONTROL = MessageSchema(LINKS, RowColumns((), ()), (), ())
SCHEMAS = {1: PLAIN, 9: CONTROL}


class Stream(Topic):
    """A topic's partition, and what a connector and `npm run resnapshot` write into it."""

    def control(self, step: str, identity: str, partitions: int = 1) -> None:
        asked = {"step": step, "id": identity, "partitions": partitions}
        source = {"schema": "public", "table": "links", "lsn": self.lsn, "ts_ms": 1}
        payload = {"before": None, "after": None, "op": "t" if step == "begin" else "m", "ts_ms": 1, "source": source}
        self.rows.append(
            (
                "s.public.links",
                self.partition,
                self.first + len(self.rows),
                9,
                json.dumps({**payload, "resnapshot": asked}).encode(),
            )
        )

    def read(self, key: int, name: str, lsn: int | None = None) -> None:
        """A row of the snapshot."""
        known, self.lsn = self.lsn, (lsn or self.lsn) - 1
        self.send("r", None, {"id": key, "name": name})
        self.lsn = known


class Lake:
    def __init__(self, folder: Path, **options) -> None:
        self.folder, self.options = folder, TableOptions(**options)
        self.path = folder / "lake"
        self.number = 0
        self.start()

    def start(self, lose_index: bool = False) -> None:
        if lose_index:
            shutil.rmtree(self.folder / "index", ignore_errors=True)
        self.tables = LakeTables(open_storage(f"file:{self.path}"), self.folder / "index", self.options)

    def write(self, stream: Topic, first: int = 0, end: int | None = None, schemas=SCHEMAS):
        count = (end if end is not None else len(stream.rows)) - first
        if not count:
            return None
        rows = stream.take(first).slice(0, count)
        self.number += 1
        found = self.tables.write(Messages(rows, schemas, originals), BatchId("query", self.number))
        self.tables.maintain()
        return found[LINKS]

    def rows(self) -> dict:
        rows = with_delta_rs(self.path / "tables/public/links")
        assert len({row["id"] for row in rows}) == len(rows)
        return {row["id"]: row["name"] for row in rows if not row.get("_deleted")}

    def changes(self) -> list[str]:
        rows = with_delta_rs(self.path / "changes/public/links")
        return [row["payload.op"] for row in sorted(rows, key=lambda row: row["kafka.offset"])]

    def tables_need_rows(self) -> str | None:
        return self.configuration().get(NEEDS_ROWS)

    def configuration(self) -> dict:
        return TableLog(open_storage(f"file:{self.path}/tables/public/links")).snapshot().configuration


@pytest.fixture(params=[False, True], ids=["removes", "keeps"])
def lake(tmp_path, request):
    return Lake(tmp_path, soft_delete=request.param)


def filled(lake: Lake, count: int = 5) -> Stream:
    stream = Stream()
    for number in range(count):
        stream.send("c", None, {"id": number, "name": "old"})
    lake.write(stream)
    return stream


def test_rows_that_were_not_read_again_are_gone_at_the_end(lake):
    stream = filled(lake)
    start = len(stream.rows)
    stream.control("begin", "a")
    report = lake.write(stream, start)
    assert report.facts()["resnapshot"]["id"] == "a"
    assert lake.rows() == dict.fromkeys(range(5), "old")
    stream.read(1, "new")
    stream.read(2, "new")
    stream.send("u", None, {"id": 2, "name": "newer"})
    stream.send("c", None, {"id": 7, "name": "came"})
    lake.write(stream, start + 1)
    assert lake.rows() == {0: "old", 1: "new", 2: "newer", 3: "old", 4: "old", 7: "came"}
    lake.start(lose_index=True)
    stream.control("end", "a")
    report = lake.write(stream, len(stream.rows) - 1)
    assert "resnapshot" not in report.facts()
    assert lake.rows() == {1: "new", 2: "newer", 7: "came"}
    assert PROPERTY not in lake.configuration()
    assert lake.changes() == ["c"] * 5 + ["t", "r", "r", "u", "c"]
    stream.send("d", {"id": 1}, None)
    stream.send("c", None, {"id": 0, "name": "back"})
    lake.write(stream, len(stream.rows) - 2)
    assert lake.rows() == {0: "back", 2: "newer", 7: "came"}


def test_positions_may_be_lower_than_before(lake):
    """A source that was restored: what the table had counts as older than anything."""
    stream = filled(lake)
    stream.lsn = 90_000
    stream.send("u", None, {"id": 0, "name": "far ahead"})
    stream.send("d", {"id": 1}, None)
    stream.send("t")
    for number in (0, 3):
        stream.send("c", None, {"id": number, "name": "far ahead"})
    lake.write(stream, 5)
    start = len(stream.rows)
    stream.lsn = 10
    stream.control("begin", "a")
    stream.send("u", None, {"id": 0, "name": "restored"})
    stream.send("c", None, {"id": 1, "name": "restored"})
    stream.read(3, "read")
    stream.control("end", "a")
    stream.send("d", {"id": 3}, None)
    stream.send("c", None, {"id": 4, "name": "after"})
    lake.write(stream, start)
    assert lake.rows() == {0: "restored", 1: "restored", 4: "after"}


def test_it_ends_when_all_partitions_have_ended(lake):
    filled(lake)
    one, two = Stream(first=5), Stream(partition=1)
    for stream in (one, two):
        stream.lsn = 500
        stream.control("begin", "a", 2)
    lake.write(one)
    one.read(1, "new")
    one.control("end", "a", 2)
    lake.write(one, 1)
    assert set(lake.rows()) == set(range(5))
    two.read(2, "new")
    two.control("end", "a", 2)
    lake.start()
    lake.write(two)
    assert lake.rows() == {1: "new", 2: "new"}


def test_a_new_begin_starts_over(lake):
    stream = filled(lake)
    start = len(stream.rows)
    stream.control("begin", "killed")
    stream.read(1, "first")
    stream.control("begin", "second")
    stream.control("end", "killed")
    stream.read(2, "second")
    lake.write(stream, start)
    assert lake.rows() == {0: "old", 1: "first", 2: "second", 3: "old", 4: "old"}
    stream.control("end", "second")
    lake.write(stream, len(stream.rows) - 1)
    assert lake.rows() == {2: "second"}


def test_values_that_were_not_logged_come_from_rows_of_before(lake):
    stream = filled(lake)
    start = len(stream.rows)
    stream.control("begin", "a")
    stream.send("u", None, {"id": 1, "name": "__debezium_unavailable_value"})
    stream.control("end", "a")
    lake.write(stream, start)
    assert lake.rows() == {1: "old"}


def test_needed_rows_were_read(lake):
    stream = filled(lake)
    more = message_schema(*_fields("id", "name", "city="))
    stream.send("c", None, {"id": 9, "name": "n", "city": "x"}, schema_id=2)
    report = lake.write(stream, 5, schemas={**SCHEMAS, 2: more})
    assert "DEFAULT" in report.facts()["needsRows"]
    lake.start()
    start = len(stream.rows)
    stream.control("begin", "a")
    stream.send("r", None, {"id": 9, "name": "n", "city": "x"}, schema_id=2)
    report = lake.write(stream, start, schemas={**SCHEMAS, 2: more})
    assert "DEFAULT" in report.facts()["needsRows"]
    stream.control("end", "a")
    report = lake.write(stream, len(stream.rows) - 1)
    assert "needsRows" not in report.facts()
    assert NEEDS_ROWS not in lake.configuration()


def _fields(*names: str) -> list[dict]:
    found = []
    for name in names:
        kind = "int32" if name == "id" else "string"
        parameters = {"parameters": {"default": "true"}} if name.endswith("=") else {}
        found.append({"field": name.removesuffix("="), "type": kind, "optional": True, **parameters})
    return found


class World:
    """A source and its connector, of which changes may be lost, and its topic's partitions."""

    def __init__(self, lake: Lake, chance: random.Random, partitions: int) -> None:
        self.lake, self.chance, self.partitions = lake, chance, partitions
        self.streams = [Stream(partition=number) for number in range(partitions)]
        self.written = [0] * partitions
        self.model: dict[int, str] = {}
        self.position = 1000

    def send(self, op: str, key: int, name: str | None = None) -> None:
        self.position += 10
        stream = self.streams[key % self.partitions]
        stream.lsn = self.position
        stream.send(op, {"id": key} if op == "d" else None, None if op == "d" else {"id": key, "name": name})

    def change(self) -> None:
        key = self.chance.randrange(12)
        if key in self.model and self.chance.random() < 0.4:
            self.send("d", key)
            del self.model[key]
        elif key in self.model and self.chance.random() < 0.3:
            self.send("u", key, "__debezium_unavailable_value")
        else:
            name = f"{key} at {self.position}"
            self.send("u" if key in self.model else "c", key, name)
            self.model[key] = name

    def lose_changes(self) -> None:
        """Nobody captured deletes, as with a slot that was given up; or the source was restored."""
        for key in list(self.model):
            if self.chance.random() < 0.3:
                del self.model[key]
        self.position = self.chance.choice([self.position, 100])

    def control(self, step: str, identity: str) -> None:
        for stream in self.streams:
            stream.control(step, identity, self.partitions)

    def read_rows(self, share: int) -> None:
        """Of so many rows one, while changes go on."""
        keys = list(self.model)
        self.chance.shuffle(keys)
        for key in keys[: len(keys) // share]:
            if self.chance.random() < 0.3:
                self.change()
            if key in self.model:
                stream = self.streams[key % self.partitions]
                stream.lsn = self.position
                stream.read(key, self.model[key], self.chance.choice([None, self.position]))
            if self.chance.random() < 0.2:
                self.flush()

    def flush(self, all_of_it: bool = False) -> None:
        for number, stream in enumerate(self.streams):
            first, end = self.written[number], len(stream.rows)
            end = end if all_of_it else self.chance.randrange(first, end + 1)
            self.lake.write(stream, first, end)
            self.written[number] = end
        if self.chance.random() < 0.3:
            self.lake.start(lose_index=self.chance.random() < 0.5)


@pytest.mark.parametrize("seed", range(16))
def test_any_history_with_readings_anywhere_leaves_the_sources_rows(tmp_path, seed, monkeypatch):
    """Two partitions, readings that are killed, lower positions, restarts, a lost index, compaction."""
    monkeypatch.setattr("cdc.lake.compaction.FAN_IN", 3)
    chance = random.Random(seed)
    lake = Lake(tmp_path, soft_delete=seed % 2 == 0)
    world = World(lake, chance, 1 + seed % 3 // 2)
    for number in range(6):
        for _ in range(chance.randrange(20)):
            world.change()
        world.flush()
        if chance.random() < 0.5:
            world.lose_changes()
        if chance.random() < 0.4:
            world.control("begin", f"killed {number}")
            world.read_rows(share=2)
        world.control("begin", f"whole {number}")
        world.read_rows(share=1)
        world.control("end", f"whole {number}")
        world.flush()
        world.flush(all_of_it=True)
        assert lake.rows() == world.model, number
        assert PROPERTY not in lake.configuration()


def test_a_second_snapshot_that_nobody_announced_is_told(lake):
    """A connector that fails before its first change takes its first snapshot again."""
    stream = Stream()
    for key in (1, 2):
        stream.read(key, "first", lsn=50)
    lake.write(stream)
    assert lake.tables_need_rows() is None
    sent = len(stream.rows)
    stream.read(2, "again", lsn=90)
    lake.write(stream, sent)
    assert "second snapshot" in lake.tables_need_rows()
    sent = len(stream.rows)
    stream.control("begin", "a")
    stream.read(2, "again", lsn=120)
    stream.control("end", "a")
    lake.write(stream, sent)
    assert lake.tables_need_rows() is None
    assert lake.rows() == {2: "again"}
