"""One table's records through the product's own code, in random micro-batches, into a lake on the local disk."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch

import pyarrow as pa
from deltalake import DeltaTable, QueryBuilder

from cdc.lake.batch_id import BatchId
from cdc.lake.dead_letters import DeadLetter, Position
from cdc.lake.lake_tables import LakeTables, Messages
from cdc.lake.resnapshot import NEEDS_ROWS
from cdc.lake.storage import open_storage
from cdc.lake.table_options import TableOptions
from cdc.message_prefix import prefix_of
from cdc.message_reader import MessageReader
from cdc.schema_references import SchemaReferences
from cdc.source_table import SourceTable
from tests.property.kafka import Record

_ROW = pa.schema(
    [
        ("topic", pa.string()),
        ("partition", pa.int32()),
        ("offset", pa.int64()),
        ("schema_id", pa.int32()),
        ("payload", pa.binary()),
    ]
)
_REFERENCE = re.compile(rb'"\$ref":"kafka:[^"/]+/([^"]+)"')


@dataclass
class LakeEnd:
    """The current state after a micro-batch."""

    table: pa.Table | None
    """without deleted rows; None: there is none"""
    needs_rows: str | None = None
    """why its rows have to be read again"""
    facts: list[dict[str, Any]] = field(default_factory=list)
    """of each micro-batch, where it has anything but rows written"""
    letters: list[str] = field(default_factory=list)
    """reasons of dead letters"""


def referred(records: Sequence[Record], schemas: Mapping[str, str]) -> dict[str, str]:
    """Those schemas that the records refer to, by key."""
    keys = {match[1].decode() for record in records if (match := _REFERENCE.search(record.value[:300]))}
    return {key: text for key, text in schemas.items() if key in keys}


def replay(
    random: Random, parts: Sequence[Sequence[Record]], schemas: Mapping[str, str], key: Sequence[str], folder: Path
) -> list[LakeEnd]:
    """What there is after each part. key: columns that the lake is told to take for the key; empty for those of the
    messages."""
    lake = _Lake(random, schemas, tuple(key), folder)
    with ExitStack() as small:
        if random.random() < 0.5:
            small.enter_context(patch("cdc.lake.compaction.FAN_IN", 2))
            small.enter_context(patch("cdc.lake.table_log._COMMITS_A_CHECKPOINT", 3))
        ends, sent = [], 0
        for part in parts:
            records = _sent_again(random, part, sent)
            sent += len(records)
            for batch in cuts(random, records):
                lake.write(batch)
            ends.append(lake.end())
        return ends


def cuts(random: Random, records: Sequence[Record]) -> list[Sequence[Record]]:
    largest = random.choice([1, 3, 10, 1_000])
    if len(records) > 60 * largest:
        largest = 1_000
    found, start = [], 0
    while start < len(records):
        count = random.randint(1, largest)
        found.append(records[start : start + count])
        start += count
    return found


def _sent_again(random: Random, records: Sequence[Record], first: int) -> Sequence[Record]:
    """What a worker without exactly-once does that could not note how far it was: it sends from an earlier place on.

    first: offset of the first of them.
    """
    if records and random.random() < 0.25:
        to = random.randint(1, len(records))
        back = random.randint(0, to)
        records = [*records[:to], *records[back:]]
    return [
        Record(record.topic, record.partition, offset, record.key, record.value)
        for offset, record in enumerate(records, first)
    ]


class _Lake:
    def __init__(self, random: Random, schemas: Mapping[str, str], key: tuple[str, ...], folder: Path) -> None:
        self._random = random
        self._key = key
        self._folder = folder
        self._references = SchemaReferences(lambda topic: schemas)
        self._options = TableOptions(soft_delete=random.random() < 0.3)
        self._flattened = random.random() < 0.1
        self._reader = _RecordReader(self._references)
        self._number = 0
        self._tables: LakeTables | None = None
        self._table: SourceTable | None = None
        self._facts: list[dict[str, Any]] = []
        self._copies = 0

    def write(self, records: Sequence[Record]) -> None:
        random = self._random
        messages = self._reader.read(records)
        for schema in messages.schemas.values():
            self._table = schema.table
        batch = BatchId("property", self._number)
        self._number += 1
        self._note(self._open().write(messages, batch))
        if random.random() < 0.1:
            self._restart(lose_index=random.random() < 0.4)
        if random.random() < 0.1:
            self._open().write(messages, batch)
        if random.random() < 0.4:
            self._open().maintain()

    def end(self) -> LakeEnd:
        if self._table is None:
            return LakeEnd(None)
        self._tables = None
        letters = self._copy("_dead_letter")
        reasons = _query(letters, "select reason from t")["reason"].to_pylist() if letters else []
        state = self._copy("tables")
        if state is None:
            return LakeEnd(None, None, self._facts, reasons)
        live = " where not coalesce(_deleted, false)" if self._options.soft_delete else ""
        needs_rows = state.metadata().configuration.get(NEEDS_ROWS)
        return LakeEnd(_query(state, f"select * from t{live}"), needs_rows, self._facts, reasons)

    def _copy(self, kind: str) -> DeltaTable | None:
        """As another program than the one that wrote it reads it; None: there is no such table."""
        assert self._table is not None
        written = self._folder / "lake" / self._table.path_in(kind)
        if not (written / "_delta_log").exists():
            return None
        # delta-rs finds no local folder whose name has a %, as that of an odd table has.
        self._copies += 1
        plain = self._folder / f"read-{kind}-{self._copies}"
        shutil.copytree(written, plain)
        return DeltaTable(str(plain))

    def _note(self, reports: Mapping[SourceTable, Any]) -> None:
        for report in reports.values():
            facts = report.facts()
            if facts.keys() - {"changes", "written", "deleted"}:
                self._facts.append(facts)

    def _open(self) -> LakeTables:
        if self._tables is None:
            keys = {self._table: self._key} if self._key and self._table else {}
            storage = open_storage(f"file:{self._folder / 'lake'}")
            index = self._folder / "index"
            index.mkdir(exist_ok=True)
            self._tables = LakeTables(storage, index, self._options, keys, self._flattened)
        return self._tables

    def _restart(self, lose_index: bool) -> None:
        self._tables = None
        self._reader = _RecordReader(self._references)
        if lose_index:
            shutil.rmtree(self._folder / "index", ignore_errors=True)


class _RecordReader(MessageReader):
    """Reads single records as MessageReader reads those of Spark's."""

    def read(self, records: Sequence[Record]) -> Messages:
        rows: list[tuple[str, int, int, int, bytes]] = []
        letters: list[DeadLetter] = []
        for record in records:
            try:
                schema_id, payload = self._parsed(record.topic, record.key, record.value)
            except ValueError as error:
                letters.append(DeadLetter((record.topic, record.partition, record.offset), str(error)))
                continue
            prefix = prefix_of(record.value)
            if prefix is not None:
                payload = record.value[len(prefix) : -1]
            rows.append((record.topic, record.partition, record.offset, schema_id, payload))
        columns = list(zip(*rows, strict=True)) or [[]] * len(_ROW)
        table = pa.table([pa.array(column, kind.type) for column, kind in zip(columns, _ROW, strict=True)], schema=_ROW)
        used = {row[3] for row in rows}
        schemas = {number: schema for number, schema in self._schemas.items() if number in used}
        return Messages(table, schemas, _originals(records), letters)


def _query(table: DeltaTable, query: str) -> pa.Table:
    return pa.table(QueryBuilder().register("t", table).execute(query).read_all())


def position(record: Record) -> int | None:
    """Of the change in PostgreSQL's log; rows read in chunks have none."""
    return json.loads(record.value)["payload"]["source"].get("lsn")


def _originals(records: Sequence[Record]) -> Any:
    by_position = {(record.topic, record.partition, record.offset): (record.key, record.value) for record in records}

    def read(positions: Sequence[Position]) -> dict[Position, tuple[bytes | None, bytes | None]]:
        return {position: by_position[position] for position in positions}

    return read


def schema_texts(records: Sequence[Record]) -> dict[str, str]:
    """Of the connector's topic of schemas."""
    return {(record.key or b"").decode(): record.value.decode() for record in records}


def source_table(record: Record) -> str | None:
    """The name of the table that a record is about."""
    source = json.loads(record.value).get("payload", {}).get("source", {})
    return source.get("table")
