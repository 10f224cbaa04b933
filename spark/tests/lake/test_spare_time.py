"""What can wait takes a tenth of the time, however much there is of it."""

import pyarrow as pa
import pytest
from lake.debezium import Source
from lake.test_state_table import Lake, row

from cdc.lake import append_table, state_table
from cdc.lake.append_table import AppendTable
from cdc.lake.batch_id import BatchId
from cdc.lake.column_type import LONG
from cdc.lake.compaction import BUSY_ROWS
from cdc.lake.spare_time import SpareTime
from cdc.lake.storage import open_storage


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    for module in (append_table, state_table):
        monkeypatch.setattr(module, "SPARE_TIME", SpareTime(0.1, clock))
    return clock


def test_a_tenth_of_the_time_is_spent():
    clock = Clock()
    spare = SpareTime(0.1, clock)
    spent = 0.0
    for _ in range(10_000):
        if spare.is_left:
            with spare.spent():
                clock.now += 0.3
                spent += 0.3
        clock.now += 0.01
    assert spent / (clock.now - 100) == pytest.approx(0.1, abs=0.005)


def test_work_that_fails_counts_as_well():
    clock = Clock()
    spare = SpareTime(0.5, clock)

    def fail() -> None:
        with spare.spent():
            clock.now += 1
            raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        fail()
    assert not spare.is_left
    clock.now += 1
    assert spare.is_left


def test_a_large_file_of_a_micro_batch_is_written_anew_when_the_stream_is_calm_and_there_is_time(tmp_path, clock):
    lake, source = Lake(tmp_path), Source()
    for number in range(BUSY_ROWS + 1):
        source.emit("c", None, row(number))
    lake.apply(source.take())
    log = AppendTable(open_storage(f"file:{tmp_path}/log"))
    log.append({"at": (LONG, pa.array(range(BUSY_ROWS + 1)))}, BatchId("q", 0))
    for table in (lake.table, log):
        assert table.maintain(busy=True) == 0
    with append_table.SPARE_TIME.spent(), state_table.SPARE_TIME.spent():
        clock.now += 1
    for table in (lake.table, log):
        assert table.maintain() == 0
    clock.now += 10
    for table in (lake.table, log):
        assert table.maintain() == 1
        assert table.maintain() == 0
    assert lake.table.files[0].statistics
    assert len(lake.rows()) == BUSY_ROWS + 1
