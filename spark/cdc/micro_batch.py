"""What happens to the Kafka records of one micro-batch: look what is there, then append it table by table."""

import time
from collections import defaultdict
from dataclasses import dataclass, field

from pyspark.sql import DataFrame, Row, SparkSession
from pyspark.sql import functions as F

from cdc.change_events import change_events, messages
from cdc.change_table import ChangeTable
from cdc.flattened_rows import flattened_rows, need_column_mapping
from cdc.row_columns import RowColumns, SchemaError, merged, row_columns
from cdc.schema_prefix import SchemaPrefix, schema_prefix
from cdc.source_table import SourceTable


class UnreadableMessage(Exception):
    """A message that cannot become a row; the text says which one and why."""

    def __init__(self, message: Row, problem: str) -> None:
        super().__init__(
            f"topic {message.topic}, partition {message.partition}, offset {message.offset}: "
            f"this message is unreadable: {problem}"
        )


@dataclass(frozen=True)
class BatchReport:
    """What one micro-batch did."""

    batch_id: int
    rows: dict[SourceTable, int]
    seconds: float
    end_offsets: dict[str, int]
    """`<topic>-<partition>` → offset of the last message read from it"""

    def facts(self) -> dict[str, object]:
        return {
            "batchId": self.batch_id,
            "rows": {str(table): count for table, count in self.rows.items()},
            "seconds": round(self.seconds, 3),
            "endOffsets": self.end_offsets,
        }

    def __str__(self) -> str:
        tables = ", ".join(f"{table} {count}" for table, count in sorted(self.rows.items())) or "nothing but tombstones"
        return f"micro-batch {self.batch_id}: {sum(self.rows.values())} rows in {self.seconds:.2f} s: {tables}"


@dataclass
class MicroBatches:
    """Appends micro-batch after micro-batch of one streaming query to the tables of one lake."""

    lake: str
    _columns: dict[int, RowColumns] = field(default_factory=dict)
    """schema id → columns"""
    _prefixes: list[SchemaPrefix] = field(default_factory=list)
    _tables: dict[SourceTable, ChangeTable] = field(default_factory=dict)

    def process(self, records: DataFrame, batch_id: int, query_id: str) -> BatchReport:
        """Appends all records of a micro-batch or raises.

        Raises UnreadableMessage for the first message that is none of Debezium's change events. Tables written
        before a failure are left alone when the micro-batch is repeated.
        """
        started = time.monotonic()
        if not self._prefixes:
            self._learn_prefixes(records)
        events = change_events(messages(records, self._prefixes)).persist()
        try:
            kinds = _kinds(events)
            if any(kind.problem for kind in kinds):
                raise _first_unreadable(events)
            self._learn_schemas(records, events, {kind.schema_id for kind in kinds})
            rows = _rows_by_table(kinds)
            for table in rows:
                self._append(events, table, kinds, batch_id, query_id)
        finally:
            events.unpersist()
        return BatchReport(batch_id, rows, time.monotonic() - started, _end_offsets(kinds))

    def _append(self, events: DataFrame, table: SourceTable, kinds: list[Row], batch_id: int, query_id: str) -> None:
        ids = dict.fromkeys(kind.schema_id for kind in kinds if _table(kind) == table)
        columns = merged(self._columns[schema] for schema in ids)
        of_table = (F.col("source_schema") == table.schema) & (F.col("source_table") == table.name)
        if table not in self._tables:
            self._tables[table] = ChangeTable(events.sparkSession, table.path_in(self.lake), query_id)
        self._tables[table].append(
            flattened_rows(events.where(of_table), columns), batch_id, need_column_mapping(columns)
        )

    def _learn_schemas(self, records: DataFrame, events: DataFrame, ids: set[int]) -> None:
        """Reads the columns of schemas that were not seen before, which is so after a table was changed."""
        unknown = ids - self._columns.keys()
        if not unknown:
            return
        with_schema = messages(records, self._prefixes).where(F.col("schema_id").isin(*unknown))
        for found in with_schema.dropDuplicates(["schema_id"]).collect():
            try:
                self._columns[found.schema_id] = row_columns(found.schema)
            except SchemaError as error:
                message = _first(events.where(F.col("schema_id") == found.schema_id))
                raise UnreadableMessage(message, str(error)) from error
            self._learn_prefix(records.sparkSession, found.topic, found.value)

    def _learn_prefixes(self, records: DataFrame) -> None:
        """Looks at one message of each topic, so that the first micro-batch, often the largest, is fast as well."""
        present = records.where(F.col("value").isNotNull())
        for (topic,) in present.select("topic").distinct().collect():
            message = present.where(F.col("topic") == topic).select("value").first()
            self._learn_prefix(records.sparkSession, topic, message.value)

    def _learn_prefix(self, spark: SparkSession, topic: str, message: bytes) -> None:
        prefix = schema_prefix(bytes(message))
        if prefix is None:
            return
        try:
            columns = row_columns(prefix[len(b'{"schema":') : -len(b',"payload":')].decode())
        except SchemaError:
            return  # a micro-batch that has this message says where it is
        schema_id = spark.sql(f"SELECT xxhash64(X'{prefix.hex()}')").first()[0]
        self._columns[schema_id] = columns
        self._prefixes.append(SchemaPrefix(topic, len(prefix), schema_id))


def _kinds(events: DataFrame) -> list[Row]:
    """How many messages there are of each kind: same partition, table and schema. One small Spark job."""
    return (
        events.groupBy("topic", "partition", "schema_id", "source_schema", "source_table", "problem")
        .agg(F.count("*").alias("messages"), F.min("offset").alias("first"), F.max("offset").alias("last"))
        .collect()
    )


def _rows_by_table(kinds: list[Row]) -> dict[SourceTable, int]:
    rows: dict[SourceTable, int] = defaultdict(int)
    for kind in kinds:
        rows[_table(kind)] += kind.messages
    return dict(sorted(rows.items()))


def _end_offsets(kinds: list[Row]) -> dict[str, int]:
    offsets: dict[str, int] = {}
    for kind in kinds:
        partition = f"{kind.topic}-{kind.partition}"
        offsets[partition] = max(kind["last"], offsets.get(partition, 0))
    return offsets


def _table(kind: Row) -> SourceTable:
    return SourceTable(kind.source_schema, kind.source_table)


def _first_unreadable(events: DataFrame) -> UnreadableMessage:
    message = _first(events.where(F.col("problem").isNotNull()))
    return UnreadableMessage(message, message.problem)


def _first(events: DataFrame) -> Row:
    return events.select("topic", "partition", "offset", "problem").orderBy("topic", "partition", "offset").first()
