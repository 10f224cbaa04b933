"""What 1,000 changes cost in a current-state table of so many rows, through the platform's own classes.

Reads a JSON object from standard input: url, s3 (obstore's settings), rows, changes, applications. Prints one as its
last line: rows, fillSeconds, indexSeconds, applySeconds (of each application, with its step of maintenance).

The rows are written in bulk, as data files and commits of the platform's own classes; the table's class then makes
its index from them, as it does when it finds none.
"""

import json
import random
import sys
import tempfile
import time
from functools import cache
from pathlib import Path

import pyarrow as pa

from cdc.lake.batch_id import BatchId
from cdc.lake.column_type import LONG, STRING
from cdc.lake.data_files import DataFiles
from cdc.lake.event import Event, read_event
from cdc.lake.source_columns import SourceColumn
from cdc.lake.state_table import StateTable
from cdc.lake.storage import Storage, open_storage
from cdc.lake.table_log import TableLog
from cdc.lake.table_options import TableOptions
from cdc.lake.table_schema import Column, columns_of

KEY = "customerId"
TEXTS = ("FName", "LName", "Email", "Password", "Street", "City", "State")
NAMES = (KEY, *(f"customer{text}" for text in TEXTS), "customerZipcode")
SCHEMAS = {1: tuple(SourceColumn(name, LONG if name in (KEY, "customerZipcode") else STRING) for name in NAMES)}
SOURCE = {"schema": "public", "table": "growth", "txId": 7, "ts_ms": 1}
ROWS_A_FILE = 500_000
ROWS_A_PART = 50_000
"""in memory at once: the platform's own driver is in the same container"""
WARM_UP = 5


class Changes:
    """Micro-batches of changes, spread over all keys: 70 % updates, the rest inserts and deletes alike."""

    def __init__(self, rows: int) -> None:
        self._random = random.Random(6)
        self._rows = rows
        self._next = rows + 1
        self._deleted: set[int] = set()
        self._lsn = 1_000_000_000
        self._offset = 0

    def take(self, count: int) -> list[Event]:
        inserts, deletes = count * 15 // 100, count * 15 // 100
        keys: set[int] = set()
        while len(keys) < count - inserts:
            key = self._random.randint(1, self._rows)
            if key not in self._deleted:
                keys.add(key)
        existing = list(keys)
        self._deleted.update(existing[:deletes])
        changes = [("d", key) for key in existing[:deletes]] + [("u", key) for key in existing[deletes:]]
        changes += [("c", key) for key in range(self._next, self._next + inserts)]
        self._next += inserts
        self._random.shuffle(changes)
        return [self._event(op, key) for op, key in changes]

    def _event(self, op: str, key: int) -> Event:
        self._lsn += 100
        self._offset += 1
        row = customer(key)
        payload = {
            "before": None if op == "c" else row,
            "after": None if op == "d" else {**row, "customerCity": f"City {self._offset}"},
            "source": {**SOURCE, "lsn": self._lsn},
            "op": op,
            "ts_ms": 1,
        }
        return read_event(message(payload), "growth", 0, self._offset, 1)


def message(payload: dict[str, object]) -> bytes:
    return json.dumps(payload, separators=(",", ":")).encode()


def customer(key: int) -> dict[str, object]:
    texts = {f"customer{text}": f"{text} of the customer {key}" for text in TEXTS}
    return {KEY: key, **texts, "customerZipcode": key % 100_000}


def fill(storage: Storage, rows: int) -> None:
    """All rows but the first, which made the table."""
    table_log, files = TableLog(storage), DataFiles(storage)
    snapshot = table_log.snapshot()
    columns = columns_of(snapshot)
    for first in range(2, rows + 1, ROWS_A_FILE):
        keys = range(first, min(first + ROWS_A_FILE, rows + 1))
        parts = (part(columns, keys[start : start + ROWS_A_PART]) for start in range(0, len(keys), ROWS_A_PART))
        table_log.commit(snapshot, [files.write(parts, columns).add()], "WRITE", {})


def part(columns: list[Column], keys: range) -> pa.Table:
    # The texts are the same in every part: only keys matter to the table, and making texts up takes time.
    texts = some_customers()[: len(keys)]
    arrays = []
    for column in columns:
        if column.name == KEY:
            arrays.append(pa.array(keys, pa.int64()))
        elif column.name in NAMES:
            arrays.append(pa.array([row[column.name] for row in texts], column.type.arrow))
        else:
            arrays.append(pa.array([1] * len(keys), column.type.arrow))
    return pa.table(arrays, names=[column.name for column in columns])


@cache
def some_customers() -> list[dict[str, object]]:
    return [customer(key) for key in range(ROWS_A_PART)]


def main() -> None:
    request = json.load(sys.stdin)
    rows = request["rows"]
    storage = open_storage(request["url"], request["s3"])
    changes = Changes(rows)
    with tempfile.TemporaryDirectory() as folder:
        first = StateTable(storage, Path(folder) / "first.sqlite", (KEY,), TableOptions())
        payload = {"before": None, "after": customer(1), "source": {**SOURCE, "lsn": 1}, "op": "c", "ts_ms": 1}
        first.apply([read_event(message(payload), "growth", 0, 0, 1)], SCHEMAS, BatchId("growth", 0))
        first.close()
        begin = time.monotonic()
        fill(storage, rows)
        filled = time.monotonic()

        table = StateTable(storage, Path(folder) / "index.sqlite", (KEY,), TableOptions())
        number = 1
        seconds = []
        for _ in range(WARM_UP + request["applications"]):
            events = changes.take(request["changes"])
            start = time.monotonic()
            applied = table.apply(events, SCHEMAS, BatchId("growth", number))
            table.maintain()
            seconds.append(time.monotonic() - start)
            number += 1
            if applied.written + applied.deleted != len(events):
                raise SystemExit(f"{applied}: not all of {len(events)} changes were applied")
        table.close()
    warm = seconds[WARM_UP:]
    # The first one made the index as well.
    index = max(0.0, seconds[0] - sorted(warm)[len(warm) // 2])
    print(json.dumps({"rows": rows, "fillSeconds": filled - begin, "indexSeconds": index, "applySeconds": warm}))


if __name__ == "__main__":
    main()
