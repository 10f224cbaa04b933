"""A driver that dies at any of its writes loses nothing and doubles nothing when the micro-batch is repeated."""

import shutil
from pathlib import Path

import pytest
from lake.debezium import part
from lake.readers import with_delta_rs
from lake.test_lake_tables import Topic, message_schema, originals

from cdc.lake.batch_id import BatchId
from cdc.lake.lake_tables import LakeTables, Messages
from cdc.lake.storage import AlreadyExists, Storage, open_storage
from cdc.lake.table_options import TableOptions

NARROW = message_schema(
    part("id", "int32"), part("name", "string"), part("day", "string", "io.debezium.time.ZonedTimestamp")
)
WIDE = message_schema(
    part("id", "int64"),
    part("name", "string"),
    part("day", "string", "io.debezium.time.ZonedTimestamp"),
    part("city", "string"),
)
SCHEMAS = {1: NARROW, 2: WIDE}
HOWS = ["before it", "after it", "its answer was lost"]


class Crash(BaseException):
    """The process ends: nothing catches that."""


class Failing(Storage):
    """Fails at the write with this number, before or after it was done."""

    writes = 0
    fatal: int | None = None
    how = ""

    def folder(self, path: str) -> Storage:
        inner = _Folder(self._store, self._path(path))
        inner.whole = self
        return inner

    def count(self, write, *, create: bool = False) -> None:
        number = self.writes
        self.writes += 1
        if number != self.fatal:
            write()
            return
        if self.how == "before it":
            raise Crash
        write()
        if self.how == "its answer was lost" and create:
            # The client asks again by itself, and the store says that the file is there.
            raise AlreadyExists("asked again")
        raise Crash


class _Folder(Storage):
    whole: Failing

    def put(self, path: str, content: bytes) -> None:
        self.whole.count(lambda: super(_Folder, self).put(path, content))

    def create(self, path: str, content: bytes) -> None:
        self.whole.count(lambda: super(_Folder, self).create(path, content), create=True)


class Driver:
    def __init__(self, folder: Path, options: TableOptions) -> None:
        self.folder, self.options = folder, options
        self.start()

    def start(self, lose_index: bool = False) -> None:
        if lose_index:
            shutil.rmtree(self.folder / "index", ignore_errors=True)
        self.storage = Failing(open_storage(f"file:{self.folder}/lake")._store)
        self.tables = LakeTables(self.storage, self.folder / "index", self.options)

    def write(self, topic: Topic, start: int, number: int) -> None:
        self.tables.write(Messages(topic.take(start), SCHEMAS, originals), BatchId("query", number))
        self.tables.maintain()

    def read(self, kind: str):
        return with_delta_rs(self.folder / "lake" / kind / "public" / "links")


def history(topic: Topic) -> tuple[int, int]:
    """Two micro-batches: where the second begins, and where a third would."""
    for number in range(6):
        topic.send("c", None, {"id": number, "name": f"text {number}", "day": None})
    topic.send("c", None, {"id": 6, "name": "too late", "day": "soon"})
    second = len(topic.rows)
    topic.send("u", None, {"id": 1, "name": "new", "day": None})
    topic.send("d", {"id": 2}, None)
    topic.send("u", {"id": 3}, {"id": 30, "name": "__debezium_unavailable_value", "day": None})
    topic.send("u", None, {"id": 4, "name": "__debezium_unavailable_value", "day": None, "city": "Bursa"}, schema_id=2)
    topic.send("c", None, {"id": 2**40, "name": "wide", "day": None, "city": None}, schema_id=2)
    topic.send("c", None, {"id": 7, "name": "too late", "day": "soon", "city": None}, schema_id=2)
    return second, len(topic.rows)


EXPECTED = {
    0: ("text 0", None),
    1: ("new", None),
    4: ("text 4", "Bursa"),
    5: ("text 5", None),
    30: ("text 3", None),
    2**40: ("wide", None),
}


@pytest.mark.parametrize("how", HOWS)
@pytest.mark.parametrize("soft_delete", [False, True])
def test_a_driver_that_dies_at_any_write_loses_and_doubles_nothing(tmp_path, monkeypatch, how, soft_delete):
    monkeypatch.setattr("cdc.lake.compaction.FAN_IN", 2)
    monkeypatch.setattr("cdc.lake.table_log._COMMITS_A_CHECKPOINT", 2)
    fatal, died = 0, True
    while died:
        driver = Driver(tmp_path / str(fatal), TableOptions(soft_delete=soft_delete))
        topic = Topic()
        second, end = history(topic)
        whole, topic.rows = topic.rows, topic.rows[:second]
        driver.write(topic, 0, 0)
        topic.rows = whole
        driver.storage.writes, driver.storage.fatal, driver.storage.how = 0, fatal, how
        try:
            driver.write(topic, second, 1)
            died = fatal < driver.storage.writes
        except Crash:
            driver.start(lose_index=fatal % 2 == 1)
        driver.storage.fatal = None
        driver.write(topic, second, 1)
        topic.send("u", None, {"id": 5, "name": "text 5", "day": None, "city": None}, schema_id=2)
        driver.write(topic, end, 2)
        live = [row for row in driver.read("tables") if not row.get("_deleted")]
        assert {row["id"]: (row["name"], row["city"]) for row in live} == EXPECTED, fatal
        assert len(live) == len(EXPECTED)
        if soft_delete:
            gone = {row["id"]: row["name"] for row in driver.read("tables") if row["_deleted"]}
            assert gone == {2: "text 2", 3: "text 3"}
        assert sorted(row["kafka.offset"] for row in driver.read("changes")) == list(range(len(topic.rows)))
        assert sorted(row["offset"] for row in driver.read("_dead_letter")) == [second - 1, end - 1]
        fatal += 1
    assert fatal > 8
