"""Reads the messages of one micro-batch after another, and learns the schemas that they come with."""

import json
from collections.abc import Iterator, Sequence

import orjson
import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from cdc.kafka_messages import MessageCut, examples
from cdc.lake.dead_letters import DeadLetter, Originals, Position
from cdc.lake.event import NO_CHANGE, NOT_JSON
from cdc.lake.lake_tables import Messages, MessageSchema
from cdc.lake.source_columns import are_exact, source_columns
from cdc.message_key import key_columns
from cdc.message_prefix import MessagePrefix, message_prefix
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
        self._known: list[MessagePrefix] = []
        self._cut_for_known: MessageCut | None = None
        self._numbers: dict[tuple[str, str, tuple[str, ...]], int] = {}
        self._schemas: dict[int, MessageSchema] = {}

    def read(self, records: DataFrame) -> Messages:
        """One job of Spark's; a few when messages begin as none did before: at the start, when a table changed."""
        rows = self._cut(records)
        while rows is None or rows["schema_id"].null_count:
            if not self._learn(records):
                return self._with_others(records, rows)
            rows = self._cut(records)
        return Messages(rows, self._schemas, _originals(records))

    def _cut(self, records: DataFrame) -> pa.Table | None:
        return self._cut_known.messages(records).toArrow() if self._known else None

    @property
    def _cut_known(self) -> MessageCut:
        if self._cut_for_known is None:
            self._cut_for_known = MessageCut(self._known)
        return self._cut_for_known

    def _learn(self, records: DataFrame) -> bool:
        """Learns how messages begin that were not seen before; false when none can be cut."""
        before = len(self._known)
        for message in examples(self._cut_known.others(records)).collect():
            key, value = message.key and bytes(message.key), bytes(message.value)
            prefix = message_prefix(message.topic, key, value)
            if prefix is None or prefix in self._known:
                continue
            try:
                table = _table(orjson.loads(value)["payload"])
                schema = self._schema(prefix.schema_text, table, key)
            except (Unreadable, SchemaError):
                continue
            self._schemas[len(self._known)] = schema
            self._known.append(prefix)
        if len(self._known) == before:
            return False
        self._cut_for_known = None
        return True

    def _with_others(self, records: DataFrame, rows: pa.Table | None) -> Messages:
        """With those messages that cannot be cut, one by one."""
        letters, found = [], []
        for topic, partition, offset, key, value in _tuples(self._cut_known.others(records).toArrow()):
            try:
                parsed = self._parsed(topic, key, value)
            except ValueError as error:
                letters.append(DeadLetter((topic, partition, offset), str(error)))
            else:
                if parsed:
                    found.append((topic, partition, offset, *parsed))
        columns = list(zip(*found, strict=True)) or [[]] * len(_ROW)
        others = pa.table(
            [pa.array(column, kind.type) for column, kind in zip(columns, _ROW, strict=True)], schema=_ROW
        )
        cut = [rows.filter(rows["schema_id"].is_valid()).cast(_ROW)] if rows is not None else []
        return Messages(pa.concat_tables([*cut, others]), self._schemas, _originals(records), letters)

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
            # Numbers below 0: those from 0 on are places in the list of what can be cut.
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
