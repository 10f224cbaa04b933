"""A micro-batch's file is cheap to write; one that was made of many is good to query."""

import json
import random
from itertools import pairwise

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from lake.debezium import Source, columns, part
from lake.readers import with_delta_rs
from lake.test_state_table import Lake, row

from cdc.lake.append_table import AppendTable
from cdc.lake.batch_id import BatchId
from cdc.lake.column_type import LONG, STRING, ColumnType
from cdc.lake.compaction import FAN_IN
from cdc.lake.file_layout import BYTES_A_GROUP, ROWS_A_GROUP, lasting, row_groups
from cdc.lake.key_order import in_key_order
from cdc.lake.snapshot import DataFile, Snapshot
from cdc.lake.storage import open_storage
from cdc.lake.table_log import TableLog
from cdc.lake.table_schema import Column

UUID = {1: columns([part("id", "string"), part("name", "string"), part("amount", "int32")])}


@pytest.fixture
def lake(tmp_path):
    return Lake(tmp_path)


def stats_of(file: DataFile) -> dict:
    return json.loads(file.add()["add"]["stats"])


def chunks(lake: Lake, file: DataFile) -> dict[str, pq.ColumnChunkMetaData]:
    group = pq.ParquetFile(lake.path / file.path).metadata.row_group(0)
    return {(one := group.column(number)).path_in_schema: one for number in range(group.num_columns)}


def batch(source: Source, lake: Lake, rows, schemas=None) -> None:
    for values in rows:
        source.emit("c", None, values)
    lake.apply(source.take(), **({"schemas": schemas} if schemas else {}))


def test_the_file_of_a_micro_batch_has_neither_dictionaries_nor_statistics(lake):
    batch(Source(), lake, [row(number) for number in range(100)])
    (file,) = lake.table.files
    assert stats_of(file) == {"numRecords": 100, "tightBounds": False}
    for chunk in chunks(lake, file).values():
        assert not chunk.has_dictionary_page
        assert not chunk.is_stats_set
        assert not chunk.has_column_index


def test_a_compacted_file_has_dictionaries_where_values_repeat_statistics_and_its_rows_in_the_order_of_keys(lake):
    source, keys = Source(), list(range(100 * FAN_IN))
    random.Random(1).shuffle(keys)
    for first in range(0, len(keys), 100):
        batch(source, lake, [row(key, f"name {key % 7}", key) for key in keys[first : first + 100]])
    assert lake.table.maintain() == FAN_IN
    (file,) = lake.table.files
    stats = stats_of(file)
    assert stats["numRecords"] == len(keys)
    assert stats["tightBounds"]
    assert stats["nullCount"] == {"id": 0, "name": 0, "amount": 0, "_lsn": 0}
    assert {name: stats["minValues"][name] for name in ("id", "name", "amount")} == row(0, "name 0", 0)
    assert {name: stats["maxValues"][name] for name in ("id", "name")} == {"id": len(keys) - 1, "name": "name 6"}
    of_file = chunks(lake, file)
    assert [name for name, chunk in of_file.items() if chunk.has_dictionary_page] == ["name"]
    assert all(chunk.is_stats_set and chunk.has_column_index for chunk in of_file.values())
    assert pq.read_table(lake.path / file.path).column("id").to_pylist() == sorted(keys)


@pytest.mark.parametrize("key", [("id",), ("name", "id")])
def test_rows_that_were_put_in_order_are_found_again(tmp_path, key):
    lake, source, chance = Lake(tmp_path, key), Source(), random.Random(2)
    ids = [f"{chance.getrandbits(128):032x}" for _ in range(20 * FAN_IN)]
    for first in range(0, len(ids), 20):
        batch(source, lake, [row(one, "a" if one < "8" else "b") for one in ids[first : first + 20]], UUID)
    assert lake.table.maintain() == FAN_IN
    for one in ids[::3]:
        source.emit("u", None, row(one, "a" if one < "8" else "b", 2))
    for one in ids[1::3]:
        source.emit("d", {"id": one, "name": "a" if one < "8" else "b"})
    lake.apply(source.take(), schemas=UUID)
    assert {one["id"]: one["amount"] for one in with_delta_rs(lake.path)} == {
        one: 2 if number % 3 == 0 else 1 for number, one in enumerate(ids) if number % 3 != 1
    }


def test_bounds_are_not_tight_any_more_when_rows_are_deleted_and_a_checkpoint_has_them(lake):
    source = Source()
    for number in range(FAN_IN):
        batch(source, lake, [row(number)])
    lake.table.maintain()
    before = stats_of(lake.table.files[0])
    source.emit("d", {"id": 3, "name": None, "amount": None})
    lake.apply(source.take())
    assert stats_of(lake.table.files[0]) == {**before, "tightBounds": False}
    log = TableLog(open_storage(f"file:{lake.path}"))
    log.checkpoint(log.snapshot())
    for commit in (lake.path / "_delta_log").glob("*.json"):
        commit.unlink()
    assert stats_of(next(iter(log.snapshot().files.values()))) == {**before, "tightBounds": False}


def test_statistics_of_other_programs_stay_as_they_are():
    theirs = '{"numRecords":2,"minValues":{"d":12345678901234567890123456.789,"tightBounds":true},"tags":1}'
    action = {"path": "a", "size": 1, "modificationTime": 1, "stats": theirs}
    snapshot = Snapshot()
    snapshot.apply(0, [{"add": action}])
    assert snapshot.files["a"].add()["add"]["stats"] == (
        '{"numRecords":2,"tightBounds":true,"minValues":{"d":12345678901234567890123456.789,"tightBounds":true}}'
    )
    for unknown in ({"stats": "{}"}, {"stats": None}, {"stats": '{"numRecords":null}'}):
        snapshot.apply(1, [{"add": {**action, **unknown}}])
        assert snapshot.files["a"].rows == -1


def test_a_compacted_change_log_keeps_the_order_in_which_its_rows_came(tmp_path):
    table = AppendTable(open_storage(f"file:{tmp_path}/log"))
    numbers = random.Random(3).sample(range(1_000), FAN_IN)
    for place, number in enumerate(numbers):
        columns = {"payload.op": (STRING, pa.array(["c"])), "at": (LONG, pa.array([number]))}
        table.append(columns, BatchId("q", place))
    assert table.maintain() == FAN_IN
    log = TableLog(open_storage(f"file:{tmp_path}/log"))
    (file,) = log.snapshot().files.values()
    assert pq.read_table(tmp_path / "log" / file.path).column("at").to_pylist() == numbers
    assert stats_of(file)["maxValues"] == {"payload.op": "c", "at": max(numbers)}
    assert [one["at"] for one in with_delta_rs(tmp_path / "log", "select at from t where \"payload.op\" = 'c'")]
    assert with_delta_rs(tmp_path / "log", "select at from t where \"payload.op\" = 'd'") == []


def test_row_groups_are_bounded_in_rows_and_bytes_and_small_parts_share_one():
    small = pa.table({"x": pa.array(range(10_000))})
    groups = list(row_groups([small] * 11))
    assert [len(one) for one in groups] == [ROWS_A_GROUP] * 3 + [11 * 10_000 - 3 * ROWS_A_GROUP]
    assert pa.concat_tables(groups).column("x").to_pylist() == list(range(10_000)) * 11
    wide = pa.table({"x": ["x" * (BYTES_A_GROUP // 64)] * 20})
    assert [len(one) for one in row_groups([wide] * 8)] == [80, 80]


def test_rows_are_put_in_order_run_by_run_which_bounds_the_memory():
    key = [Column("a", STRING), Column("list", ColumnType("array<long>")), Column("b", LONG)]
    chance = random.Random(4)
    parts = [
        pa.table(
            {
                "a": pa.array(chance.choices(["x", "y", None], k=100)),
                "list": pa.array([[1]] * 100, pa.list_(pa.int64())),
                "b": pa.array(chance.choices(range(1_000), k=100)),
            }
        )
        for _ in range(10)
    ]
    whole = pa.concat_tables(in_key_order(parts, key)).to_pylist()
    assert whole == sorted(pa.concat_tables(parts).to_pylist(), key=lambda one: (one["a"] is None, one["a"], one["b"]))
    runs = pa.concat_tables(in_key_order(parts, key, bytes_a_run=4 * min(part.nbytes for part in parts)))
    places = [(row["a"] is None, row["a"] or "", row["b"]) for row in runs.to_pylist()]
    assert sum(one > other for one, other in pairwise(places)) == 2
    assert sorted(map(str, runs.to_pylist())) == sorted(map(str, whole))
    only_lists = list(in_key_order(parts, key[1:2]))
    assert only_lists == parts


def test_a_dictionary_is_not_thought_of_for_long_texts_nor_statistics_for_floats():
    rows = pa.table({"text": ["x" * 1_000] * 10, "float": [1.5] * 10, "flag": [True] * 10})
    kinds = [Column("text", STRING), Column("float", ColumnType("double")), Column("flag", ColumnType("boolean"))]
    options = lasting(kinds, rows)
    assert options["use_dictionary"] == ["float"]
    assert options["write_statistics"] == ["text"]
