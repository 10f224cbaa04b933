"""What happens to the Kafka records of one micro-batch: read the messages, then write them table by table."""

import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pyarrow as pa
from pyspark.sql import DataFrame

from cdc.lake.batch_id import BatchId
from cdc.lake.compaction import BUSY_ROWS
from cdc.lake.lake_tables import LakeTables, TableReport
from cdc.message_reader import MessageReader
from cdc.schema_references import SchemaReferences
from cdc.source_table import SourceTable
from cdc.waiting_messages import Waiting, next_step

PATIENCE_SECONDS = 5.0
"""for tables that are tried again, before the others' messages are written"""


@dataclass(frozen=True)
class BatchReport:
    """What one micro-batch did."""

    batch_id: int
    seconds: float
    end_offsets: dict[str, int]
    """`<topic>-<partition>` → offset of the last message read from it"""
    tables: dict[SourceTable, TableReport] = field(default_factory=dict)

    @property
    def rows(self) -> dict[SourceTable, int]:
        return {table: report.changes for table, report in self.tables.items()}

    def facts(self) -> dict[str, object]:
        return {
            "batchId": self.batch_id,
            "rows": {str(table): count for table, count in self.rows.items()},
            "seconds": round(self.seconds, 3),
            "endOffsets": self.end_offsets,
            "tables": {str(table): report.facts() for table, report in self.tables.items()},
        }

    def __str__(self) -> str:
        tables = ", ".join(f"{table} {count}" for table, count in self.rows.items()) or "nothing but tombstones"
        return f"micro-batch {self.batch_id}: {sum(self.rows.values())} rows in {self.seconds:.2f} s: {tables}"


class MicroBatches:
    """Writes micro-batch after micro-batch of one streaming query to the tables of one lake."""

    def __init__(
        self,
        tables: LakeTables,
        references: SchemaReferences,
        waiting: Waiting | None = None,
        most: int = 40_000,
    ) -> None:
        """waiting: reads messages again for tables that were set aside, `most` at once; without, they stay so."""
        self._tables = tables
        self._reader = MessageReader(references)
        self._waiting = waiting
        self._most = most

    @property
    def tables(self) -> LakeTables:
        return self._tables

    def process(self, records: DataFrame, batch_id: int, query_id: str) -> BatchReport:
        """Writes all records of a micro-batch or raises, as `LakeTables.write` does.

        Messages that tables have already are left alone. Tables that were set aside are tried again before, when it is
        time for that.
        """
        self.try_again()
        started = time.monotonic()
        with _without_garbage_collection():
            messages = self._reader.read(records)
            reports = self._tables.write(messages, BatchId(query_id, batch_id))
            busy, end_offsets = messages.rows.num_rows >= BUSY_ROWS, _end_offsets(messages.rows)
            del messages  # Maintenance needs the memory.
            self._tables.maintain(busy)
        pa.default_memory_pool().release_unused()
        return BatchReport(batch_id, time.monotonic() - started, end_offsets, reports)

    def try_again(self, patience: float = PATIENCE_SECONDS) -> None:
        """Writes the messages that wait for tables which were set aside, as far as that goes within some seconds."""
        deadline = time.monotonic() + patience
        for table, aside in self._tables.due().items():
            for topic in aside.offsets:
                if not self._catch_up(table, topic, deadline):
                    break
            else:
                self._tables.resume(table)

    def _catch_up(self, table: SourceTable, topic: str, deadline: float) -> bool:
        """Whether the table has all messages of the topic now."""
        if self._waiting is None:
            return False
        bounds = self._waiting.bounds(topic)
        while True:
            kept = self._tables.set_aside()[table].offsets[topic]
            step = next_step(kept, bounds, self._most)
            if step.gone or not bounds:
                self._tables.lose_messages(
                    table,
                    f"{step.gone or 'all'} messages that it waited for are no longer in the topic {topic}",
                )
            if not step.wanted:
                return True
            with _without_garbage_collection():
                messages = self._reader.read(self._waiting.read(topic, step.wanted))
                reached = {topic: {partition: end for partition, (_, end) in step.wanted.items()}}
                if not self._tables.write_again(table, messages, reached):
                    return False
            pa.default_memory_pool().release_unused()
            if step.last:
                return True
            if time.monotonic() > deadline:
                return False


@contextmanager
def _without_garbage_collection() -> Iterator[None]:
    """A hundred thousand rows are no garbage: looking through them again and again costs a tenth of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _end_offsets(rows: pa.Table) -> dict[str, int]:
    last = rows.group_by(["topic", "partition"]).aggregate([("offset", "max")])
    return {f"{row['topic']}-{row['partition']}": row["offset_max"] for row in last.to_pylist()}
