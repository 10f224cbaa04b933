"""One table that cannot be written never stops the others; lost, damaged and repeated things are noticed."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from lake.readers import with_delta_rs
from lake.test_lake_tables import LINKS, PLAIN, Topic, message_schema, originals
from lake.test_resnapshot import CONTROL, Stream

from cdc.lake.batch_id import BatchId
from cdc.lake.lake_tables import LakeTables, Messages
from cdc.lake.positions import Topics
from cdc.lake.state_table import StateTable
from cdc.lake.storage import open_storage
from cdc.lake.table_log import UnsupportedTable
from cdc.lake.table_options import TableOptions
from cdc.source_table import SourceTable
from cdc.waiting_messages import Step, next_step

OTHERS = SourceTable("public", "others")
SCHEMAS = {1: PLAIN, 2: replace(PLAIN, table=OTHERS), 9: CONTROL}


class Lake:
    def __init__(self, folder: Path) -> None:
        self.folder, self.path = folder, folder / "lake"
        self.number = 0
        self.topics = Topics()
        self.start()

    def start(self) -> None:
        storage = open_storage(f"file:{self.path}")
        self.tables = LakeTables(storage, self.folder / "index", TableOptions(), topics=self.topics)

    def write(self, stream: Topic, first: int = 0):
        self.number += 1
        return self.tables.write(Messages(stream.take(first), SCHEMAS, originals), BatchId("query", self.number))

    def folder_of(self, kind: str, table: str = "links") -> Path:
        return self.path / kind / "public" / table

    def ids(self, kind: str = "tables", table: str = "links") -> list:
        name = "id" if kind == "tables" else "payload.after.id"
        return sorted(int(row[name]) for row in with_delta_rs(self.folder_of(kind, table)) if row[name] is not None)


@pytest.fixture
def lake(tmp_path):
    return Lake(tmp_path)


def filled(lake: Lake, count: int = 4) -> Stream:
    stream = Stream()
    for number in range(count):
        stream.send("c", None, {"id": number, "name": "n"}, schema_id=1 + number % 2)
    lake.write(stream)
    return stream


def test_a_table_that_cannot_be_written_is_set_aside_and_the_others_go_on(lake, monkeypatch):
    stream = filled(lake)
    broken = []

    def apply(self, *given):
        if not broken and "links" in self.state.log._storage.name:
            raise UnsupportedTable("it has the feature rowTracking")
        return original(self, *given)

    original = StateTable.apply
    monkeypatch.setattr(StateTable, "apply", apply)
    stream.send("c", None, {"id": 10, "name": "n"}, schema_id=1)
    stream.send("c", None, {"id": 11, "name": "n"}, schema_id=2)
    reports = lake.write(stream, 4)
    assert lake.ids("tables", "others") == [1, 3, 11]
    told = reports[LINKS].facts()["setAside"]
    assert "rowTracking" in told["reason"]
    assert "npm run resnapshot -- public.links" in told["reason"]
    stream.send("c", None, {"id": 12, "name": "n"}, schema_id=1)
    lake.start()
    assert lake.write(stream, 6)[LINKS].facts()["setAside"]["since"] == told["since"]
    assert lake.ids() == [0, 2]
    (aside,) = lake.tables.due().values()
    assert aside.offsets == {"s.public.links": {0: 4}}
    again = Messages(stream.take(4), SCHEMAS, originals)
    assert not lake.tables.write_again(LINKS, again)
    assert lake.tables.due() == {}
    broken.append("no longer")
    assert lake.tables.write_again(LINKS, again)
    lake.tables.reach(LINKS, {"s.public.links": {0: len(stream.rows)}})
    assert lake.tables.set_aside()[LINKS].offsets == {"s.public.links": {0: len(stream.rows)}}
    lake.tables.resume(LINKS)
    assert lake.ids() == [0, 2, 10, 12]
    stream.send("c", None, {"id": 13, "name": "n"}, schema_id=1)
    assert lake.write(stream, 6)[LINKS].set_aside is None
    assert lake.ids() == [0, 2, 10, 12, 13] == lake.ids("changes")


@pytest.mark.parametrize("kind", ["tables", "changes", ""])
@pytest.mark.parametrize("restarted", [False, True])
def test_a_folder_that_was_deleted_is_noticed_and_made_anew_by_reading_the_table_again(lake, kind, restarted):
    stream = filled(lake)
    shutil.rmtree(lake.folder_of(kind))
    if restarted:
        lake.start()
    stream.send("c", None, {"id": 10, "name": "n"}, schema_id=1)
    stream.send("c", None, {"id": 11, "name": "n"}, schema_id=2)
    facts = lake.write(stream, 4)[LINKS].facts()
    assert lake.ids("tables", "others") == [1, 3, 11]
    if restarted and kind == "tables":
        assert "earlier rows are missing" in facts["needsRows"]
    elif not restarted or kind == "changes":
        assert f"{kind}/public/links".lstrip("/") in facts["setAside"]["reason"]
        assert "npm run resnapshot -- public.links" in facts["setAside"]["reason"]
        assert not list(lake.folder_of(kind).glob("_delta_log/*"))
    first = len(stream.rows)
    stream.control("begin", "a")
    for number in (0, 2, 10):
        stream.read(number, "again")
    stream.control("end", "a")
    facts = lake.write(stream, first)[LINKS].facts()
    assert not {"setAside", "needsRows", "resnapshot"} & set(facts)
    assert lake.ids() == [0, 2, 10]
    rows = with_delta_rs(lake.folder_of(kind))
    if kind != "tables":
        operations = [row["payload.op"] for row in rows]
        assert operations.count("t") == 1
        assert operations.count("r") == 3
        if not restarted:
            assert len(rows) == 4


@pytest.mark.parametrize("kind", ["tables", ""])
@pytest.mark.parametrize("cut", [1, 2, 4])
@pytest.mark.parametrize("restarted", [False, True])
def test_a_table_is_made_anew_by_a_reading_that_comes_in_two_micro_batches(lake, kind, cut, restarted):
    stream = filled(lake)
    shutil.rmtree(lake.folder_of(kind))
    lake.start()
    messages = [
        lambda: stream.control("begin", "a"),
        *[lambda number=number: stream.read(number, "again") for number in (0, 2, 10)],
        lambda: stream.control("end", "a"),
    ]
    for part in (messages[:cut], messages[cut:]):
        first = len(stream.rows)
        for send in part:
            send()
        facts = lake.write(stream, first)[LINKS].facts()
        if restarted:
            lake.start()
    assert not {"setAside", "needsRows", "resnapshot"} & set(facts)
    assert lake.ids() == [0, 2, 10]


@pytest.mark.parametrize("suffix", [".parquet", ".bin"])
def test_a_missing_file_leads_to_reading_the_table_again(lake, suffix):
    stream = filled(lake, 6)
    stream.send("d", {"id": 0}, None, schema_id=1)
    lake.write(stream, 6)
    for file in lake.folder_of("tables").glob(f"*{suffix}"):
        file.unlink()
    lake.start()
    stream.send("u", None, {"id": 2, "name": "__debezium_unavailable_value"}, schema_id=1)
    reason = lake.write(stream, 7)[LINKS].facts()["setAside"]["reason"]
    assert suffix in reason
    assert "npm run resnapshot -- public.links" in reason
    stream.control("begin", "a")
    stream.read(2, "again")
    stream.control("end", "a")
    lake.write(stream, 8)
    assert lake.ids() == [2]


def test_what_concerns_all_tables_still_ends_the_micro_batch(lake, monkeypatch):
    stream = filled(lake)
    monkeypatch.setattr(StateTable, "apply", lambda *_: (_ for _ in ()).throw(ConnectionError("the store is away")))
    stream.send("c", None, {"id": 10, "name": "n"})
    with pytest.raises(ConnectionError):
        lake.write(stream, 4)
    monkeypatch.undo()
    lake.write(stream, 4)
    assert lake.ids() == [0, 2, 10] == lake.ids("changes")


def test_a_lost_checkpoint_doubles_nothing_however_the_messages_are_divided_then(lake):
    stream = filled(lake, 10)
    lake.start()
    lake.number = 0
    stream.send("c", None, {"id": 99, "name": "new"}, schema_id=1)
    for first, end in ((0, 3), (3, 8), (8, 11)):
        rows = stream.take(first).slice(0, end - first)
        lake.tables.write(Messages(rows, SCHEMAS, originals), BatchId("another query", first))
    assert lake.ids() == [0, 2, 4, 6, 8, 99] == lake.ids("changes") == lake.ids("")
    assert lake.ids("changes", "others") == [1, 3, 5, 7, 9] == lake.ids("", "others")


def test_a_topic_that_was_made_anew_begins_at_its_beginning(lake):
    filled(lake)
    lake.topics = Topics({"s.public.links": "another"})
    lake.start()
    stream = Stream()
    stream.lsn = 900
    stream.send("c", None, {"id": 50, "name": "n"}, schema_id=1)
    lake.write(stream)
    assert lake.ids() == [0, 2, 50] == lake.ids("changes")


def test_null_in_the_messages_key_leaves_the_change_log_alone_and_says_so(lake):
    stream = Stream()
    stream.send("c", None, {"id": 1, "name": "a"})
    assert lake.write(stream)[LINKS].problem is None
    stream.send("c", None, {"id": None, "name": "b"})
    stream.send("c", None, {"id": 2, "name": "c"})
    assert "id is no key, as it is NULL in a row" in lake.write(stream, 1)[LINKS].problem
    lake.start()
    stream.send("c", None, {"id": 3, "name": "d"})
    assert "NULL in a row" in lake.write(stream, 3)[LINKS].problem
    assert not list(lake.folder_of("tables").glob("_delta_log/*.json"))
    assert len(with_delta_rs(lake.folder_of("changes"))) == 4


def test_the_key_column_may_be_renamed(lake):
    """Also in the middle of a micro-batch."""
    stream = Stream()
    for number in (101, 102, 103):
        stream.send("c", None, {"id": number, "name": f"n{number}"})
    renamed = message_schema(*[{**field, "optional": True} for field in _FIELDS], key=("item_id",))
    stream.send("c", None, {"item_id": 1, "name": "new1"}, schema_id=3)
    stream.send("u", None, {"item_id": 102, "name": "__debezium_unavailable_value"}, schema_id=3)
    stream.send("d", {"item_id": 103, "name": None}, None, schema_id=3)
    report = lake.tables.write(Messages(stream.take(), {**SCHEMAS, 3: renamed}, originals), BatchId("query", 0))[LINKS]
    assert report.schema_changes == ["column id is called item_id now"]
    rows = {row["item_id"]: row["name"] for row in with_delta_rs(lake.folder_of("tables"))}
    assert rows == {1: "new1", 101: "n101", 102: "n102"}


_FIELDS = [{"field": "item_id", "type": "int32"}, {"field": "name", "type": "string"}]


def test_messages_that_wait_are_read_a_bounded_step_at_a_time():
    assert next_step({0: 5}, {0: (0, 100)}, 40) == Step({0: (5, 45)}, last=False, gone=0)
    assert next_step({0: 95}, {0: (0, 100)}, 40) == Step({0: (95, 100)}, last=True, gone=0)
    assert next_step({0: 5, 1: 7}, {0: (20, 100), 1: (0, 7)}, 40) == Step({0: (20, 40)}, last=False, gone=15)
    assert next_step({0: 5}, {0: (9, 9)}, 40) == Step({}, last=True, gone=4)
    assert next_step({0: 5}, {}, 40) == Step({}, last=True, gone=0)


def test_deleting_without_a_known_key_needs_the_rows_again(lake):
    stream = filled(lake)
    stream.send("d", {"id": None, "name": "n"}, None)
    facts = lake.write(stream, 4)[LINKS].facts()
    assert facts["rejected"] == 1
    assert "do not say which row" in facts["needsRows"]
    lake.start()
    stream.send("u", None, {"id": 0, "name": "later"})
    assert "do not say which row" in lake.write(stream, 5)[LINKS].facts()["needsRows"]
    assert json.loads(json.dumps(facts)) == facts
