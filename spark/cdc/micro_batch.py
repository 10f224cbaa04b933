"""What happens to the Kafka records of one micro-batch: look what is there, then write it table by table."""

import json
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from pyspark.sql import DataFrame, Row, SparkSession
from pyspark.sql import functions as F

from cdc.change_events import change_events, messages
from cdc.change_table import ChangeTable
from cdc.flattened_rows import flattened_rows, need_column_mapping
from cdc.lake.batch_id import BatchId
from cdc.lake.dead_letters import DeadLetter, Originals, Position
from cdc.lake.lake_tables import LakeTables, Messages, MessageSchema, TableReport
from cdc.lake.source_columns import source_columns
from cdc.message_key import key_columns
from cdc.row_columns import SchemaError, merged, row_columns
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
    tables: dict[SourceTable, TableReport] = field(default_factory=dict)
    """what the driver wrote by itself"""

    def facts(self) -> dict[str, object]:
        return {
            "batchId": self.batch_id,
            "rows": {str(table): count for table, count in self.rows.items()},
            "seconds": round(self.seconds, 3),
            "endOffsets": self.end_offsets,
            "tables": {str(table): report.facts() for table, report in self.tables.items()},
        }

    def __str__(self) -> str:
        tables = ", ".join(f"{table} {count}" for table, count in sorted(self.rows.items())) or "nothing but tombstones"
        return f"micro-batch {self.batch_id}: {sum(self.rows.values())} rows in {self.seconds:.2f} s: {tables}"


@dataclass
class MicroBatches:
    """Writes micro-batch after micro-batch of one streaming query to the tables of one lake."""

    lake: str
    tables: LakeTables | None = None
    """writes change logs and current states; None: nothing does"""
    flattened: bool = True
    """whether each change is also appended to the table `<lake>/<schema>/<table>`, all of it text"""
    keep_unreadable: bool = False
    """whether unreadable messages are kept as dead letters instead of failing the query"""
    _schemas: dict[int, MessageSchema] = field(default_factory=dict)
    """schema id → what its messages have"""
    _prefixes: list[SchemaPrefix] = field(default_factory=list)
    _flattened: dict[SourceTable, ChangeTable] = field(default_factory=dict)

    def process(self, records: DataFrame, batch_id: int, query_id: str) -> BatchReport:
        """Writes all records of a micro-batch or raises.

        Raises UnreadableMessage for the first message that is none of Debezium's change events, unless those are kept,
        and SchemaChanged when a table's columns are not to follow the source's. Tables written before a failure are
        left alone when the micro-batch is repeated.
        """
        started = time.monotonic()
        batch = BatchId(query_id, batch_id)
        if not self._prefixes:
            self._learn_prefixes(records)
        events = change_events(messages(records, self._prefixes)).persist()
        reports: dict[SourceTable, TableReport] = {}
        try:
            kinds = _kinds(events)
            end_offsets = _end_offsets(kinds)
            unreadable: set[Position] = set()
            if any(kind.problem for kind in kinds):
                unreadable = self._set_aside_unreadable(records, events, batch)
                kinds = [kind for kind in kinds if not kind.problem]
            self._learn_schemas(records, events, kinds)
            rows = _rows_by_table(kinds)
            for table in rows if self.flattened else ():
                self._append(events.where(F.col("problem").isNull()), table, kinds, batch)
            if self.tables and rows:
                reports = self._write_tables(records, self.tables, unreadable, batch)
        finally:
            events.unpersist()
        return BatchReport(batch_id, rows, time.monotonic() - started, end_offsets, reports)

    def _write_tables(
        self, records: DataFrame, tables: LakeTables, unreadable: set[Position], batch: BatchId
    ) -> dict[SourceTable, TableReport]:
        """Hands the messages to the driver, where they are written without any job of Spark's."""
        columns = ("topic", "partition", "offset", "schema_id", "payload")
        known = messages(records, self._prefixes).where(F.col("schema_id").isin(*self._schemas))
        found = Messages(known.select(*columns).toArrow(), self._schemas, _originals(records), unreadable)
        reports = tables.write(found, batch)
        tables.maintain()
        return reports

    def _set_aside_unreadable(self, records: DataFrame, events: DataFrame, batch: BatchId) -> set[Position]:
        """Keeps unreadable messages as dead letters; returns where they are."""
        if not (self.keep_unreadable and self.tables):
            raise _first_unreadable(events)
        unreadable = events.where(F.col("problem").isNotNull()).select("topic", "partition", "offset", "problem")
        letters: dict[SourceTable, list[DeadLetter]] = defaultdict(list)
        for message in unreadable.orderBy("topic", "partition", "offset").collect():
            position = (message.topic, message.partition, message.offset)
            letters[SourceTable.of_topic(message.topic)].append(DeadLetter(position, message.problem))
        for table, of_table in letters.items():
            self.tables.reject_unreadable(table, of_table, _originals(records), batch)
        return {letter.position for of_table in letters.values() for letter in of_table}

    def _append(self, events: DataFrame, table: SourceTable, kinds: list[Row], batch: BatchId) -> None:
        ids = dict.fromkeys(kind.schema_id for kind in kinds if _table(kind) == table)
        columns = merged(self._schemas[schema].row_columns for schema in ids)
        of_table = (F.col("source_schema") == table.schema) & (F.col("source_table") == table.name)
        if table not in self._flattened:
            path = table.path_in(self.lake)
            self._flattened[table] = ChangeTable(events.sparkSession, path, batch.query_id)
        self._flattened[table].append(
            flattened_rows(events.where(of_table), columns), batch.number, need_column_mapping(columns)
        )

    def _learn_schemas(self, records: DataFrame, events: DataFrame, kinds: list[Row]) -> None:
        """Reads the columns of schemas that were not seen before, which is so after a table was changed."""
        tables = {kind.schema_id: _table(kind) for kind in kinds if kind.schema_id not in self._schemas}
        if not tables:
            return
        with_schema = messages(records, self._prefixes).where(F.col("schema_id").isin(*tables))
        for found in with_schema.dropDuplicates(["schema_id"]).collect():
            prefix = schema_prefix(bytes(found.value))
            schema_id = self._known_prefix(records.sparkSession, found.topic, prefix) if prefix else found.schema_id
            try:
                schema = self._schema(found.schema, tables[found.schema_id], found.key)
            except SchemaError as error:
                message = _first(events.where(F.col("schema_id") == found.schema_id))
                raise UnreadableMessage(message, str(error)) from error
            self._schemas |= {found.schema_id: schema, schema_id: schema}

    def _learn_prefixes(self, records: DataFrame) -> None:
        """Looks at one message of each topic, so that the first micro-batch, often the largest, is fast as well."""
        present = records.where(F.col("value").isNotNull())
        for (topic,) in present.select("topic").distinct().collect():
            message = present.where(F.col("topic") == topic).first()
            prefix = schema_prefix(bytes(message.value))
            if prefix is None:
                continue
            text = prefix[len(b'{"schema":') : -len(b',"payload":')].decode()
            try:
                source = json.loads(bytes(message.value)[len(prefix) : -1])["source"]
                table = SourceTable(source["schema"], source["table"])
                schema = self._schema(text, table, message.key)
            except (SchemaError, KeyError, TypeError):
                continue  # a micro-batch that has this message says where it is
            self._schemas[self._known_prefix(records.sparkSession, topic, prefix)] = schema

    def _schema(self, text: str, table: SourceTable, key: bytes | None) -> MessageSchema:
        return MessageSchema(table, row_columns(text), source_columns(text), key_columns(key))

    def _known_prefix(self, spark: SparkSession, topic: str, prefix: bytes) -> int:
        """From now on messages that begin like this one are cut there; returns their schema's id."""
        schema_id = spark.sql(f"SELECT xxhash64(X'{prefix.hex()}')").first()[0]
        self._prefixes.append(SchemaPrefix(topic, len(prefix), schema_id))
        return schema_id


def _originals(records: DataFrame) -> Originals:
    """Reads messages once more from Kafka, as they are there."""

    def read(positions: Sequence[Position]) -> dict[Position, tuple[bytes | None, bytes | None]]:
        wanted = set(positions)
        offsets = F.col("offset").isin(*{offset for _, _, offset in wanted})
        found = records.where(offsets).select("topic", "partition", "offset", "key", "value").collect()
        return {
            (row.topic, row.partition, row.offset): (row.key and bytes(row.key), row.value and bytes(row.value))
            for row in found
            if (row.topic, row.partition, row.offset) in wanted
        }

    return read


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
