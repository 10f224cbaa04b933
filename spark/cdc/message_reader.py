"""Reads the messages of one micro-batch after another, and learns the schemas that they come with."""

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from operator import or_
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.compute as pc
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from cdc.kafka_messages import MessageCut
from cdc.lake.dead_letters import DeadLetter, Originals, Position
from cdc.lake.event import NO_CHANGE, NOT_JSON
from cdc.lake.lake_tables import Messages, MessageSchema
from cdc.lake.source_columns import are_exact, source_columns
from cdc.message_key import key_columns
from cdc.message_prefix import prefix_of, schema_text
from cdc.message_sizes import divided, first_held_back
from cdc.row_columns import SchemaError, row_columns
from cdc.schema_references import SchemaReferences
from cdc.source_table import SourceTable

NO_SCHEMA = (
    "it has no 'schema' part beside a 'payload' part; "
    "set value.converter.schemas.enable=true in the connector's configuration"
)


class Unreadable(ValueError):
    """A message that is none of Debezium's change events; the text says why."""


class MessageReader:
    """Keeps what it learned from one micro-batch to the next."""

    def __init__(self, references: SchemaReferences) -> None:
        self._references = references
        self._message_cut: MessageCut | None = None
        self._known: list[int] = []
        """what messages begin with; its place is the number of their schema"""
        self._numbers: dict[tuple[str, str, tuple[str, ...]], int] = {}
        self._schemas: dict[int, MessageSchema] = {}

    def read(self, records: DataFrame) -> Messages:
        """All of them. One job of Spark's; two when messages begin as none did before: at the start, when a table
        changed."""
        return self._read(records, self._cut.messages(records).toArrow())

    def read_up_to(self, records: DataFrame, most: int, tasks: int) -> tuple[Messages, pa.Table]:
        """The first messages of each partition that have about `most` bytes together; and topic, partition, offset
        and size of those behind them.

        tasks: in which Spark reads the records.
        """
        # Few plans for many numbers of tasks: Spark compiles each.
        share = 1 << max((most // max(tasks, 1)).bit_length() - 1, 0)
        rows = self._cut.messages(records, share).toArrow()
        held_back = first_held_back(rows)
        if not held_back:
            return self._read(records, rows), rows.slice(0, 0)
        first, rest = divided(rows, held_back)
        return self._read(records.where(_are_before(held_back)), first), rest

    @property
    def _cut(self) -> MessageCut:
        if self._message_cut is None:
            self._message_cut = MessageCut()
        return self._message_cut

    def _read(self, records: DataFrame, rows: pa.Table) -> Messages:
        """rows: those of the records, as `MessageCut.messages` gives them."""
        unknown = self._learn(records, self._unknown(rows))
        numbers = pc.index_in(rows["beginning"], value_set=pa.array(self._known, pa.int64()))
        rows = rows.select(["topic", "partition", "offset", "payload"]).add_column(3, "schema_id", numbers)
        if numbers.null_count:
            return self._with_others(records, rows, unknown)
        return Messages(rows.select(_ROW.names), self._schemas, _originals(records))

    def _unknown(self, rows: pa.Table) -> set[int]:
        return set(pc.unique(rows["beginning"].drop_null()).to_pylist()).difference(self._known)

    def _learn(self, records: DataFrame, beginnings: set[int]) -> set[int]:
        """Learns what messages with these beginnings are; returns those of messages that have to be read one by one."""
        if not beginnings:
            return beginnings
        for row in self._cut.examples(records, beginnings).collect():
            key, value = row.key and bytes(row.key), bytes(row.value)
            prefix = prefix_of(value)
            if prefix is None:
                continue
            try:
                schema = self._schema(schema_text(prefix), _table(orjson.loads(value)["payload"]), key)
            except (Unreadable, SchemaError):
                continue
            self._schemas[len(self._known)] = schema
            self._known.append(row.beginning)
        return beginnings.difference(self._known)

    def _with_others(self, records: DataFrame, rows: pa.Table, beginnings: set[int]) -> Messages:
        """With those messages that cannot be cut, one by one."""
        letters, found = [], []
        for topic, partition, offset, key, value in _tuples(self._cut.others(records, beginnings).toArrow()):
            try:
                parsed = self._parsed(topic, key, value)
            except ValueError as error:
                letters.append(DeadLetter((topic, partition, offset), str(error)))
            else:
                if parsed:
                    found.append((topic, partition, offset, *parsed))
        columns: list[Any] = list(zip(*found, strict=True)) or [[]] * len(_ROW)
        others = pa.table(
            [pa.array(column, kind.type) for column, kind in zip(columns, _ROW, strict=True)], schema=_ROW
        )
        cut = rows.filter(rows["schema_id"].is_valid()).cast(_ROW)
        return Messages(pa.concat_tables([cut, others]), self._schemas, _originals(records), letters)

    def _parsed(self, topic: str, key: bytes | None, value: bytes) -> tuple[int, bytes] | None:
        """None: it is a message of an application's (pg_logical_emit_message), which is about no row."""
        try:
            content = orjson.loads(value)
        except ValueError as error:
            raise Unreadable(NOT_JSON) from error
        if not isinstance(content, dict):
            raise Unreadable(NOT_JSON)
        if content.get("schema") is None or content.get("payload") is None:
            raise Unreadable(NO_SCHEMA)
        payload = content["payload"] if isinstance(content["payload"], dict) else {}
        if payload.get("op") == "m" and "resnapshot" not in payload:
            return None
        text = json.dumps(content["schema"])
        identity = (topic, text, key_columns(key))
        if identity not in self._numbers:
            schema = self._schema(text, _table(content["payload"]), key)
            # Numbers below 0: those from 0 on are places among what messages begin with.
            self._numbers[identity] = number = -1 - len(self._numbers)
            self._schemas[number] = schema
        return self._numbers[identity], orjson.dumps(content["payload"])

    def _schema(self, text: str, table: SourceTable, key: bytes | None) -> MessageSchema:
        text = self._references.resolve(text)
        names, columns = row_columns(text), source_columns(text)
        return MessageSchema(table, names, columns, key_columns(key), are_exact(columns))


_ROW = pa.schema(
    [
        ("topic", pa.string()),
        ("partition", pa.int32()),
        ("offset", pa.int64()),
        ("schema_id", pa.int32()),
        ("payload", pa.binary()),
    ]
)


def _table(payload: object) -> SourceTable:
    source = payload.get("source") if isinstance(payload, dict) and payload.get("op") else None
    if not isinstance(source, dict) or not source.get("schema") or not source.get("table"):
        raise Unreadable(NO_CHANGE)
    return SourceTable(source["schema"], source["table"])


def _tuples(rows: pa.Table) -> Iterator[tuple]:
    return zip(*(column.to_pylist() for column in rows.columns), strict=True)


def _are_before(held_back: Mapping[tuple[str, int], int]) -> Column:
    later = [
        (F.col("topic") == topic) & (F.col("partition") == partition) & (F.col("offset") >= offset)
        for (topic, partition), offset in held_back.items()
    ]
    return ~reduce(or_, later)


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
