"""A micro-batch of messages becomes change logs, current states and dead letters."""

import json
import time
from pathlib import Path

import pyarrow as pa
import pytest
from deltalake import DeltaTable
from lake.debezium import part, schema_text
from lake.readers import with_delta_rs

from cdc.lake import append_table, lake_tables, state_table
from cdc.lake.append_table import AppendTable
from cdc.lake.applied import Applied
from cdc.lake.batch_id import BatchId
from cdc.lake.compaction import BUSY_ROWS
from cdc.lake.lake_tables import NO_KEY, LakeTables, Messages, MessageSchema
from cdc.lake.schema_following import SchemaChanged
from cdc.lake.source_columns import source_columns
from cdc.lake.spare_time import SpareTime
from cdc.lake.state_table import StateTable
from cdc.lake.storage import open_storage
from cdc.lake.table_options import TableOptions
from cdc.row_columns import row_columns
from cdc.source_table import SourceTable

LINKS = SourceTable("public", "links")


def message_schema(*fields, table=LINKS, key=("id",)):
    text = schema_text(fields)
    return MessageSchema(table, row_columns(text), source_columns(text), key)


PLAIN = message_schema(part("id", "int32"), part("name", "string"))


class Topic:
    def __init__(self, first=0, partition=0):
        self.rows = []
        self.first = first
        self.partition = partition
        self.lsn = 100

    def send(self, op, before=None, after=None, schema_id=1):
        self.lsn += 1
        source = {"lsn": self.lsn, "txId": 5, "ts_ms": 1_700_000_000_000}
        payload = json.dumps({"op": op, "before": before, "after": after, "source": source, "ts_ms": 12})
        self.rows.append(("s.public.links", self.partition, self.first + len(self.rows), schema_id, payload.encode()))

    def take(self, start=0):
        names = ["topic", "partition", "offset", "schema_id", "payload"]
        return pa.table(
            list(zip(*self.rows[start:], strict=True)) and list(map(pa.array, zip(*self.rows[start:], strict=True))),
            names=names,
        )


class Lake:
    def __init__(self, folder: Path, **options):
        self.path = folder / "lake"
        self.tables = LakeTables(open_storage(f"file:{self.path}"), folder / "index", TableOptions(**options))

    def write(self, messages, schemas, number=0):
        return self.tables.write(Messages(messages, schemas, originals), BatchId("query", number))

    def read(self, kind):
        rows = with_delta_rs(self.path / kind / "public" / "links")
        # Readers take a table's files in any order.
        return sorted(rows, key=lambda row: row.get("payload.source.lsn", 0))


def originals(positions):
    return dict.fromkeys(positions, (b"the key", b"the value"))


@pytest.fixture
def lake(tmp_path):
    return Lake(tmp_path)


def test_the_change_log_has_every_change_once_in_commit_order_with_its_position(lake):
    topic = Topic()
    topic.send("c", None, {"id": 1, "name": "a"})
    topic.send("u", {"id": 1, "name": "a"}, {"id": 1, "name": None})
    topic.send("d", {"id": 1, "name": None}, None)
    lake.write(topic.take(), {1: PLAIN})
    lake.write(topic.take(), {1: PLAIN})
    rows = lake.read("changes")
    assert list(rows[0]) == [
        *("payload.before.id", "payload.before.name", "payload.after.id", "payload.after.name"),
        *("payload.ts_ms", "payload.op", "payload.source.lsn", "payload.source.txId", "payload.source.ts_ms"),
        *("kafka.partition", "kafka.offset"),
    ]
    assert [tuple(row.values()) for row in rows] == [
        (None, None, "1", "a", "12", "c", 101, 5, 1_700_000_000_000, 0, 0),
        ("1", "a", "1", None, "12", "u", 102, 5, 1_700_000_000_000, 0, 1),
        ("1", None, None, None, "12", "d", 103, 5, 1_700_000_000_000, 0, 2),
    ]
    protocol = DeltaTable(str(lake.path / "changes/public/links")).protocol()
    assert (protocol.min_reader_version, protocol.min_writer_version) == (1, 2)


def test_a_table_without_a_key_has_only_its_change_log_and_says_so(lake):
    topic = Topic()
    topic.send("c", None, {"id": 1, "name": "a"})
    keyless = message_schema(part("id", "int32"), part("name", "string"), key=())
    reports = lake.write(topic.take(), {1: keyless})
    assert reports[LINKS].facts() == {"changes": 1, "problem": NO_KEY}
    assert len(lake.read("changes")) == 1
    assert not (lake.path / "tables").exists()


@pytest.mark.parametrize("cut", [False, True])
@pytest.mark.parametrize("restart", [False, True])
def test_changes_that_lost_their_key_as_it_was_renamed_are_applied_by_the_one_before(tmp_path, cut, restart):
    schemas = {
        1: PLAIN,
        2: message_schema(part("id", "int32"), part("name", "string"), key=()),
        3: message_schema(part("number", "int32"), part("name", "string"), key=("number",)),
    }
    lake, topic = Lake(tmp_path), Topic()
    topic.send("c", None, {"id": 1, "name": "a"})
    topic.send("c", None, {"id": 2, "name": "b"})
    reports = lake.write(topic.take(), schemas, 0)
    sent = len(topic.rows)
    topic.send("u", None, {"id": 1, "name": "waited"}, 2)
    topic.send("d", {"id": 2, "name": None}, None, 2)
    if cut:
        if restart:
            lake = Lake(tmp_path)
        reports = lake.write(topic.take(sent), schemas, 1)
        assert "changes came without a key, or with a part of it, and were applied by id" in reports[LINKS].needs_rows
        sent = len(topic.rows)
    topic.send("c", None, {"number": 3, "name": "c"}, 3)
    topic.send("u", None, {"number": 1, "name": "d"}, 3)
    if restart:
        lake = Lake(tmp_path)
    reports = lake.write(topic.take(sent), schemas, 2)
    assert "changes came without a key, or with a part of it, and were applied by id" in reports[LINKS].needs_rows
    assert {row["number"]: row["name"] for row in lake.read("tables")} == {1: "d", 3: "c"}


def test_a_truncate_after_the_key_was_renamed_empties_a_table_whose_changes_lost_their_key(tmp_path):
    """Its message has the columns of now, those before it have the key's old name."""
    schemas = {
        1: PLAIN,
        2: message_schema(part("id", "int32"), part("name", "string"), key=()),
        3: message_schema(part("number", "int32"), part("name", "string"), key=()),
    }
    lake, topic = Lake(tmp_path), Topic()
    topic.send("r", None, {"id": 1, "name": "a"})
    topic.send("c", None, {"id": 2, "name": "b"}, 2)
    topic.send("t", schema_id=3)
    lake.write(topic.take(), schemas)
    assert lake.read("tables") == []


@pytest.mark.parametrize("restart", [False, True])
def test_a_table_that_was_only_truncated_lacks_nothing_when_its_first_row_comes(tmp_path, restart):
    lake, topic = Lake(tmp_path), Topic()
    topic.send("t")
    keyless = message_schema(part("id", "int32"), part("name", "string"), key=())
    lake.write(topic.take(), {1: keyless}, 0)
    if restart:
        lake = Lake(tmp_path)
    topic.send("c", None, {"id": 1, "name": "a"}, 2)
    reports = lake.write(topic.take(1), {2: PLAIN}, 1)
    assert reports[LINKS].needs_rows is None
    assert [row["id"] for row in lake.read("tables")] == [1]


def test_a_table_made_of_changes_that_got_a_key_again_needs_those_that_had_none(tmp_path):
    schemas = {
        1: message_schema(part("id", "int32"), part("name", "string"), key=()),
        2: message_schema(part("number", "int32"), part("name", "string"), key=("number",)),
    }
    lake, topic = Lake(tmp_path), Topic()
    topic.send("c", None, {"id": 1, "name": "a"}, 1)
    topic.send("c", None, {"number": 2, "name": "b"}, 2)
    reports = lake.write(topic.take(), schemas)
    assert reports[LINKS].needs_rows == "changes came without a key: earlier rows are missing"


def test_changes_with_a_part_of_their_key_are_applied_by_the_whole_of_it(tmp_path):
    fields = part("id", "int32"), part("name", "string")
    schemas = {
        1: message_schema(*fields, key=("id", "name")),
        2: message_schema(*fields, key=("id",)),
        3: message_schema(part("id", "int32"), part("title", "string"), key=("id", "title")),
    }
    lake, topic = Lake(tmp_path), Topic()
    for name in "abc":
        topic.send("c", None, {"id": 1, "name": name})
    topic.send("d", {"id": 1, "name": "a"}, None, 2)
    topic.send("c", None, {"id": 1, "title": "d"}, 3)
    reports = lake.write(topic.take(), schemas)
    assert {row["title"] for row in lake.read("tables")} == {"b", "c", "d"}
    assert "or with a part of it, and were applied by id, name" in reports[LINKS].needs_rows


def test_a_key_that_grows_says_that_rows_may_have_been_taken_for_one(tmp_path):
    fields = part("id", "int32"), part("name", "string")
    schemas = {1: message_schema(*fields, key=("id",)), 2: message_schema(*fields, key=("id", "name"))}
    lake, topic = Lake(tmp_path), Topic()
    topic.send("c", None, {"id": 1, "name": "a"})
    topic.send("c", None, {"id": 1, "name": "b"}, 2)
    assert "its key was id and is id, name now" in lake.write(topic.take(), schemas)[LINKS].needs_rows


def test_a_table_without_a_primary_key_can_be_given_one(tmp_path):
    storage = open_storage(f"file:{tmp_path}/lake")
    tables = LakeTables(storage, tmp_path / "index", TableOptions(), {LINKS: ("name",)})
    topic = Topic()
    topic.send("c", None, {"id": 1, "name": "a"})
    topic.send("c", None, {"id": 2, "name": "a"})
    keyless = message_schema(part("id", "int32"), part("name", "string"), key=())
    tables.write(Messages(topic.take(), {1: keyless}, originals), BatchId("query", 0))
    assert [row["id"] for row in with_delta_rs(tmp_path / "lake/tables/public/links")] == [2]


def test_columns_that_are_added_dropped_and_widened_arrive(lake):
    topic = Topic()
    topic.send("c", None, {"id": 1, "name": "a"})
    lake.write(topic.take(), {1: PLAIN})
    widened = message_schema(part("id", "int64"), part("city", "string"))
    topic.send("c", None, {"id": 2**40, "city": "Bursa"}, schema_id=2)
    topic.send("u", None, {"id": 1, "city": "Adana"}, schema_id=2)
    reports = lake.write(topic.take(1), {1: PLAIN, 2: widened}, 1)
    assert reports[LINKS].schema_changes == ["column id integer becomes long", "column city string added"]
    rows = sorted(lake.read("tables"), key=lambda row: row["id"])
    assert [(row["id"], row["name"], row["city"]) for row in rows] == [(1, None, "Adana"), (2**40, None, "Bursa")]


def test_ignored_schema_changes_leave_the_columns_and_reject_what_does_not_fit(tmp_path):
    lake = Lake(tmp_path, on_schema_change="ignore")
    topic = Topic()
    topic.send("c", None, {"id": 1, "name": "a"})
    lake.write(topic.take(), {1: PLAIN})
    widened = message_schema(part("id", "int64"), part("name", "string"), part("city", "string"))
    topic.send("c", None, {"id": 2**40, "name": "too large", "city": "x"}, schema_id=2)
    topic.send("c", None, {"id": 2, "name": "b", "city": "x"}, schema_id=2)
    reports = lake.write(topic.take(1), {2: widened}, 1)
    assert (reports[LINKS].written, reports[LINKS].rejected) == (1, 1)
    assert [(row["id"], row["name"]) for row in sorted(lake.read("tables"), key=lambda row: row["id"])] == [
        (1, "a"),
        (2, "b"),
    ]
    assert "city" not in lake.read("tables")[0]


def test_a_schema_change_that_is_to_fail_says_what_changed(tmp_path):
    lake = Lake(tmp_path, on_schema_change="fail")
    topic = Topic()
    topic.send("c", None, {"id": 1, "name": "a"})
    lake.write(topic.take(), {1: PLAIN})
    more = message_schema(part("id", "int32"), part("name", "string"), part("city", "string"))
    topic.send("c", None, {"id": 2, "name": "b", "city": "x"}, schema_id=2)
    with pytest.raises(SchemaChanged, match="column city string added"):
        lake.write(topic.take(1), {2: more}, 1)


def test_a_value_that_does_not_fit_goes_to_the_dead_letters_and_the_rest_arrives(lake):
    topic = Topic()
    typed = message_schema(part("id", "int32"), part("at", "string", "io.debezium.time.ZonedTimestamp"))
    topic.send("c", None, {"id": 1, "at": "2024-05-06T07:08:09.123456Z"})
    topic.send("c", None, {"id": 2, "at": "soon"})
    topic.send("c", None, {"id": 3, "at": None})
    reports = lake.write(topic.take(), {1: typed})
    assert (reports[LINKS].written, reports[LINKS].rejected) == (2, 1)
    assert sorted(row["id"] for row in lake.read("tables")) == [1, 3]
    (letter,) = lake.read("_dead_letter")
    assert (letter["topic"], letter["partition"], letter["offset"]) == ("s.public.links", 0, 1)
    assert (letter["key"], letter["value"]) == (b"the key", b"the value")
    assert "column at, timestamp" in letter["reason"]
    lake.write(topic.take(), {1: typed})
    assert len(lake.read("_dead_letter")) == 1


def test_columns_with_any_name_can_be_read(lake):
    topic = Topic()
    odd = message_schema(part("first name", "string"), part("id", "int32"), part("a,b;c", "string"))
    topic.send("c", None, {"first name": "Mary", "id": 1, "a,b;c": "x"})
    lake.write(topic.take(), {1: odd})
    topic.send("u", None, {"first name": "Maria", "id": 1, "a,b;c": "__debezium_unavailable_value"})
    lake.write(topic.take(1), {1: odd}, 1)
    (row,) = lake.read("tables")
    assert (row["first name"], row["id"], row["a,b;c"]) == ("Maria", 1, "x")
    assert lake.read("changes")[0]["payload.after.first name"] == "Mary"


def test_a_day_of_small_micro_batches_leaves_few_files(lake):
    for number in range(120):
        topic = Topic(first=number)
        topic.lsn = 100 + number
        topic.send("c" if number < 60 else "u", None, {"id": number % 60, "name": f"v{number}"})
        lake.write(topic.take(), {1: PLAIN}, number)
        lake.tables.maintain()
    assert sorted((row["id"], row["name"]) for row in lake.read("tables")) == [(n, f"v{n + 60}") for n in range(60)]
    assert [row["payload.after.name"] for row in lake.read("changes")] == [f"v{n}" for n in range(120)]
    for kind in ("tables", "changes"):
        table = DeltaTable(str(lake.path / kind / "public/links"))
        assert len(table.file_uris()) < 20
        assert list((lake.path / kind / "public/links/_delta_log").glob("*.checkpoint.parquet"))


def test_tables_that_nothing_was_written_to_are_not_looked_at(lake, monkeypatch):
    looked_at = []
    for kind in (AppendTable, StateTable):
        original = kind.maintain
        monkeypatch.setattr(
            kind, "maintain", lambda table, busy, once=original: looked_at.append(table) or once(table, busy)
        )
    topic = Topic()
    topic.send("c", None, {"id": 1, "name": "a"}, 1)
    topic.send("c", None, {"id": 1, "name": "a"}, 2)
    schemas = {1: PLAIN, 2: message_schema(part("id", "int32"), table=SourceTable("public", "others"))}
    lake.write(topic.take(), schemas)
    lake.tables.maintain(busy=True)
    lake.tables.maintain()
    assert len(looked_at) == 2 * 3 * 2
    looked_at.clear()
    topic.send("c", None, {"id": 2, "name": "b"}, 1)
    lake.write(topic.take(2), schemas, 1)
    lake.tables.maintain()
    assert len(looked_at) == 3
    looked_at.clear()
    lake.tables.maintain()
    assert looked_at == []


def test_large_files_are_written_anew_also_when_nothing_comes_any_more_and_when_there_is_time(lake, monkeypatch):
    now = [100.0]
    spare = SpareTime(0.1, lambda: now[0])
    for module in (append_table, lake_tables, state_table):
        monkeypatch.setattr(module, "SPARE_TIME", spare)
    topic = Topic()
    for number in range(BUSY_ROWS + 1):
        topic.send("c", None, {"id": number, "name": "a"})
    lake.write(topic.take(), {1: PLAIN})
    lake.tables.maintain(busy=True)

    def large_files_as_written() -> int:
        found = 0
        for kind in ("tables", "changes", ""):
            newest = max((lake.path / kind / "public/links/_delta_log").glob("*.json"))
            found += '"minValues' not in newest.read_text().replace("\\", "")
        return found

    with spare.spent():
        now[0] += 1
    for _ in range(5):
        lake.tables.maintain_next()
    assert large_files_as_written() == 3
    now[0] += 100
    for _ in range(7):
        lake.tables.maintain_next()
    assert large_files_as_written() == 0
    assert not lake.tables._written


def test_an_error_that_concerns_all_tables_is_raised_when_none_is_being_written_any_more(lake, monkeypatch):
    ended, first = [], iter([True])

    def apply(table, *_given):
        if next(first, False):
            raise ConnectionError("the store is away")
        time.sleep(0.3)
        ended.append(table)
        return Applied()

    monkeypatch.setattr(StateTable, "apply", apply)
    topic = Topic()
    schemas = {1: PLAIN}
    for number in range(2, 6):
        schemas[number] = message_schema(part("id", "int32"), table=SourceTable("public", f"other{number}"))
    for number in schemas:
        topic.send("c", None, {"id": 1, "name": "a"}, number)
    with pytest.raises(ConnectionError, match="the store is away"):
        lake.write(topic.take(), schemas)
    assert len(ended) == 4
