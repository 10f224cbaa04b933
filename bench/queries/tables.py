"""The same rows in two Delta tables: one written and compacted by the stream's own classes, one by delta-rs."""

import json
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
from deltalake import DeltaTable, write_deltalake

from cdc.lake.batch_id import BatchId
from cdc.lake.current_state import CurrentState
from cdc.lake.event import Event, read_event
from cdc.lake.source_columns import source_columns
from cdc.lake.state_compaction import compact, improvable_files
from cdc.lake.state_table import StateTable
from cdc.lake.storage import open_storage
from cdc.lake.table_options import TableOptions
from cdc.lake.table_schema import arrow_schema

ROWS_A_BATCH = 40_000
"""the most that the stream takes at once"""
CHANGES_A_BATCH = 1_000
SECONDS_A_ROW = 15
BEGIN = 1_700_000_000
"""when the first row was created, in seconds since 1970: one comes every 15 seconds"""
_FIELDS = (
    {"field": "id", "type": "int64"},
    *({"field": name, "type": "string"} for name in ("name", "email", "street", "city", "state")),
    {"field": "amount", "type": "double"},
    {"field": "created", "type": "string", "name": "io.debezium.time.ZonedTimestamp"},
)
_STATES = np.array(["CA", "FL", "IL", "NY", "OR", "PR", "TX", "WA"])


@dataclass
class Spent:
    """CPU time of this process, in seconds."""

    writing: float = 0.0
    """rows into files and index, and commits"""
    compacting: float = 0.0
    compacted: int = 0
    """rows that were written anew"""


def write_ours(folder: Path, rows: int, changes: int) -> Spent:
    """changes: rows that are updated afterwards, at random over all keys."""
    state = CurrentState(open_storage(f"file:{folder}"), folder.with_suffix(".index"), ("id",), TableOptions())
    table, spent = StateTable(state), Spent()
    table.apply([_event("c", 0, 0)], _schemas(), BatchId("bench", 0))
    for first in range(1, rows, ROWS_A_BATCH):
        part = _rows(first, min(ROWS_A_BATCH, rows - first))
        began = time.process_time()
        new, keys = state.files.write([part], state.columns), state.index.begin_file()
        keys.take(part)
        of_file = state.index.write(new, keys.part())
        state.finish([new.add()], "WRITE", [], {})
        state.index.add(new, of_file)
        spent.writing += time.process_time() - began
        _maintain(table, spent, busy=True)
    # Then the stream is calm, and has time for what can wait.
    while _maintain(table, spent, busy=False):
        pass
    while files := improvable_files(state):
        began = time.process_time()
        compact(state, files)
        spent.compacting += time.process_time() - began
        spent.compacted += sum(file.live for file in files)
    keys = random.Random(7).sample(range(rows), changes)
    for number, first in enumerate(range(0, changes, CHANGES_A_BATCH), start=1):
        events = [_event("u", key, number) for key in keys[first : first + CHANGES_A_BATCH]]
        table.apply(events, _schemas(), BatchId("bench", number))
        _maintain(table, spent, busy=False)
    table.close()
    return spent


def write_theirs(folder: Path, ours: Path) -> None:
    """All rows of the other table, in batches as large as the stream's, and then in files of delta-rs' own size."""
    state = CurrentState(open_storage(f"file:{ours}"), ours.with_suffix(".index"), ("id",), TableOptions())
    schema = arrow_schema(state.columns)
    for file in state.data_files:
        write_deltalake(str(folder), state.files.live(file, state.columns)[0].cast(schema), mode="append")
    table = DeltaTable(str(folder))
    table.optimize.compact()
    table.create_checkpoint()


def _maintain(table: StateTable, spent: Spent, busy: bool) -> bool:
    before = {file.path for file in table.files}
    began = time.process_time()
    done = table.maintain(busy)
    spent.compacting += time.process_time() - began
    if done:
        spent.compacted += sum(file.rows for file in table.files if file.path not in before)
    return done > 0


def _rows(first: int, count: int) -> pa.Table:
    chance, ids = np.random.default_rng(first), np.arange(first, first + count)
    numbers = chance.integers(1, 10_000, count)
    return pa.table(
        {
            "id": pa.array(ids, pa.int64()),
            "name": pa.array([f"Name {number % 2_000}" for number in numbers]),
            "email": pa.array([f"customer{number}@example.com" for number in ids]),
            "street": pa.array([f"{number} Silver Pond Lane" for number in numbers]),
            "city": pa.array([f"City {number % 500}" for number in numbers]),
            "state": pa.array(_STATES[numbers % 8]),
            "amount": pa.array(chance.random(count)),
            "created": pa.array((BEGIN + ids * SECONDS_A_ROW) * 1_000_000, pa.timestamp("us", tz="UTC")),
            "_lsn": pa.array(ids * 100, pa.int64()),
        }
    )


def _event(op: str, key: int, number: int) -> Event:
    row = {name: f"{name} {number}" for name in ("name", "email", "street", "city")}
    created = datetime.fromtimestamp(BEGIN + key * SECONDS_A_ROW, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    after = {"id": key, **row, "state": "TX", "amount": 0.5, "created": created}
    source = {"schema": "public", "table": "queries", "lsn": 10**12 + number, "txId": 7, "ts_ms": 1}
    payload = {"before": None, "after": after, "source": source, "op": op, "ts_ms": 1}
    # Its offset only has to be behind those before it.
    return read_event(json.dumps(payload, separators=(",", ":")).encode(), "queries", 0, next(_OFFSETS), 1)


def _offsets() -> Iterator[int]:
    offset = 0
    while True:
        yield offset
        offset += 1


_OFFSETS = _offsets()


def _schemas() -> dict:
    structs = [{"type": "struct", "fields": list(_FIELDS), "field": name} for name in ("before", "after")]
    return {1: source_columns(json.dumps({"type": "struct", "fields": structs}))}
