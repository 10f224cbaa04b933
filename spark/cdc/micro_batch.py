"""What happens to the Kafka records of one micro-batch: read the messages, then write them table by table."""

import gc
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

import pyarrow as pa
from pyspark.sql import DataFrame

from cdc.lake.batch_id import BatchId
from cdc.lake.compaction import BUSY_ROWS
from cdc.lake.lake_tables import LakeTables, Messages, TableReport
from cdc.message_reader import MessageReader
from cdc.message_sizes import steps
from cdc.schema_references import SchemaReferences
from cdc.source_table import SourceTable
from cdc.waiting_messages import Waiting, next_step

BYTES_AT_ONCE = 64 * 1024 * 1024
"""of messages, in the driver and in all executors together; one message may have more"""
PATIENCE_SECONDS = 5.0
"""for tables that are tried again, before the others' messages are written"""


@dataclass
class BatchReport:
    """What one micro-batch did."""

    batch_id: int
    seconds: float = 0
    end_offsets: dict[str, int] = field(default_factory=dict)
    """`<topic>-<partition>` → offset of the last message read from it"""
    tables: dict[SourceTable, TableReport] = field(default_factory=dict)

    def add(self, tables: Mapping[SourceTable, TableReport], end_offsets: Mapping[str, int]) -> None:
        """What one part of its messages did."""
        self.end_offsets.update(end_offsets)
        for table, report in tables.items():
            self.tables[table] = self.tables[table].followed_by(report) if table in self.tables else report

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
        bytes_at_once: int = BYTES_AT_ONCE,
    ) -> None:
        """waiting: reads messages again, `most` at once for tables that were set aside, and where a micro-batch has
        more than `bytes_at_once`; without, tables stay set aside, and a micro-batch is read whole."""
        self._tables = tables
        self._reader = MessageReader(references)
        self._waiting = waiting
        self._most = most
        self._bytes_at_once = bytes_at_once

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
        report = BatchReport(batch_id)
        rows = 0
        with _without_garbage_collection():
            for messages in self._parts(records):
                report.add(self._tables.write(messages, BatchId(query_id, batch_id)), _end_offsets(messages.rows))
                rows += messages.rows.num_rows
                del messages  # Maintenance and the next part need the memory.
                self._tables.maintain(rows >= BUSY_ROWS)
        pa.default_memory_pool().release_unused()
        report.seconds = time.monotonic() - started
        return report

    def _parts(self, records: DataFrame) -> Iterator[Messages]:
        """The messages of these records, so many at once as fit into the memory that there is for them."""
        if self._waiting is None:
            yield self._reader.read(records)
            return
        messages, rest = self._reader.read_up_to(records, self._bytes_at_once, records.rdd.getNumPartitions())
        yield messages
        del messages
        for wanted in steps(rest, self._bytes_at_once):
            yield self._reader.read(self._waiting.read(wanted))

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
                for messages in self._parts(self._waiting.read({topic: step.wanted})):
                    if not self._tables.write_again(table, messages):
                        return False
                    del messages
            self._tables.reach(table, {topic: {partition: end for partition, (_, end) in step.wanted.items()}})
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
