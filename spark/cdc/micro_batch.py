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

    def __init__(self, tables: LakeTables, references: SchemaReferences) -> None:
        self._tables = tables
        self._reader = MessageReader(references)

    def process(self, records: DataFrame, batch_id: int, query_id: str) -> BatchReport:
        """Writes all records of a micro-batch or raises, as `LakeTables.write` does.

        Tables written before a failure are left alone when the micro-batch is repeated.
        """
        started = time.monotonic()
        with _without_garbage_collection():
            messages = self._reader.read(records)
            reports = self._tables.write(messages, BatchId(query_id, batch_id))
            busy, end_offsets = messages.rows.num_rows >= BUSY_ROWS, _end_offsets(messages.rows)
            del messages  # Maintenance needs the memory.
            self._tables.maintain(busy)
        pa.default_memory_pool().release_unused()
        return BatchReport(batch_id, time.monotonic() - started, end_offsets, reports)


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
