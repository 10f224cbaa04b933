"""The index is only a copy of what the table says: lost, damaged or out of date, it is made again."""

import shutil

import pytest
from lake.debezium import Source
from lake.test_state_table import Lake, row

from cdc.lake import index_upkeep
from cdc.lake.retention import Retention
from cdc.lake.table_options import TableOptions


def filled(tmp_path) -> tuple[Lake, Source]:
    lake, source = Lake(tmp_path), Source()
    for number in range(20):
        source.emit("c", None, row(number))
    lake.apply(source.take())
    return lake, source


def put_old_one_back(lake: Lake, source: Source) -> None:
    lake.table.close()
    old = lake.index.read_bytes()
    lake.restart()
    source.emit("u", None, row(1, "between"))
    source.emit("d", {"id": 2})
    lake.apply(source.take())
    lake.table.close()
    for file in lake.index.parent.glob("index.sqlite-*"):
        file.unlink()
    lake.index.write_bytes(old)


def damage(lake: Lake, _source: Source) -> None:
    lake.table.close()
    lake.index.write_bytes(b"no database at all " * 100)


def remove(lake: Lake, _source: Source) -> None:
    lake.table.close()
    shutil.rmtree(lake.index, ignore_errors=True)
    lake.index.unlink()


@pytest.mark.parametrize("harm", [put_old_one_back, damage, remove])
def test_it_is_made_again(tmp_path, harm):
    lake, source = filled(tmp_path)
    harm(lake, source)
    lake.restart()
    source.emit("u", None, row(1, "last"))
    source.emit("d", {"id": 2})
    source.emit("d", {"id": 3})
    lake.apply(source.take())
    assert lake.rows() == {n: ("last" if n == 1 else "n", 1) for n in range(20) if n not in (2, 3)}
    assert len(list(lake.table.state.index.entries())) == 18


def test_a_changed_retention_is_noted_in_the_table_and_costs_no_index(tmp_path, monkeypatch):
    lake, source = filled(tmp_path)
    lake.options = TableOptions(retention=Retention(86_400))
    lake.restart()
    monkeypatch.setattr(index_upkeep, "rebuild_index", pytest.fail)
    source.emit("u", None, row(1, "later"))
    assert lake.apply(source.take()).schema_changes == ()
    configuration = lake.table.state.snapshot.configuration
    assert configuration["delta.deletedFileRetentionDuration"] == "interval 86400 seconds"
    assert configuration["delta.logRetentionDuration"] == "interval 86400 seconds"
    version = lake.table.version
    source.emit("u", None, row(1, "last"))
    lake.apply(source.take())
    assert lake.table.version == version + 1
    assert lake.rows()[1] == ("last", 1)
