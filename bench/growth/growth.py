"""What 1,000 changes cost in current-state tables of so many rows, and after a restart, through the platform's own
classes.

Reads a JSON object from standard input: url, s3 (obstore's settings), rows, changes, applications; key? (number | text
| uuid), tables? (how many of so many rows), local? (folder for what is kept beside the table). Prints one as its last
line, times in seconds: rows, fillSeconds; indexSeconds: the first application, which makes the index from the data,
less a warm one; applySeconds: of each warm application, with its step of maintenance; restartSeconds: the first
application of a new process that has this one's local files; lossSeconds: of one that has none; lossOfAllSeconds: the
same, its changes spread over all tables (side by side, as the platform does); openSeconds: all tables are opened, and
not written to; memory: the most that this process had, with the files that are mapped into it, in MB.

The rows are written in bulk, as data files and commits of the platform's own classes; the table's class then makes
its index from them, as it does when it finds none.

By hand, without a stack: echo '{"url": "file:/tmp/growth", "s3": {}, "rows": 10000000, "changes": 1000, "applications":
20, "tables": 10}' | PYTHONPATH=spark .venv/bin/python bench/growth/growth.py
"""

import json
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import pyarrow as pa

from cdc.lake.batch_id import BatchId
from cdc.lake.current_state import CurrentState
from cdc.lake.data_files import DataFiles
from cdc.lake.event import Event, read_event
from cdc.lake.source_columns import SourceColumn, source_columns
from cdc.lake.state_table import StateTable
from cdc.lake.storage import Storage, open_storage
from cdc.lake.table_log import TableLog
from cdc.lake.table_options import TableOptions
from cdc.lake.table_schema import Column, columns_of

KEY = "customerId"
TEXTS = ("FName", "LName", "Email", "Password", "Street", "City", "State")
NAMES = (KEY, *(f"customer{text}" for text in TEXTS), "customerZipcode")
Form = Callable[[int], object]
"""Number of a row → its key"""
FORMS: dict[str, Form] = {
    "number": lambda number: number,
    "text": lambda number: f"customer {number} of the shop",
    "uuid": lambda number: "{0[0]}-{0[1]}-{0[2]}-{0[3]}-{0[4]}".format(_groups(number)),
}
SOURCE = {"schema": "public", "table": "growth", "txId": 7, "ts_ms": 1}
ROWS_A_FILE = 500_000
AT_ONCE = 8
"""tables that the platform writes side by side"""
ROWS_A_PART = 50_000
"""in memory at once: the platform's own driver is in the same container"""
WARM_UP = 5


class Changes:
    """Micro-batches of changes, spread over all keys: 70 % updates, the rest inserts and deletes alike."""

    def __init__(self, rows: int, form: Form, table: int = 0) -> None:
        self._random = random.Random(6 + table)
        self._form = form
        self._rows = rows
        self._next = rows + 1
        self._deleted: set[int] = set()
        # Behind those of the table that this one is a copy of.
        self._offset = table * 1_000_000
        self._lsn = 1_000_000_000 + self._offset * 1_000

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
        row = customer(key, self._form)
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


def customer(number: int, form: Form) -> dict[str, object]:
    texts = {f"customer{text}": f"{text} of the customer {number}" for text in TEXTS}
    return {KEY: form(number), **texts, "customerZipcode": number % 100_000}


def schemas(form: Form) -> dict[int, tuple[SourceColumn, ...]]:
    numbers = {"customerZipcode", *([KEY] if isinstance(form(1), int) else [])}
    row = [{"field": name, "type": "int64" if name in numbers else "string"} for name in NAMES]
    structs = [{"type": "struct", "fields": row, "field": name} for name in ("before", "after")]
    return {1: source_columns(json.dumps({"type": "struct", "fields": structs}))}


def _groups(number: int) -> tuple[str, ...]:
    digits = f"{(number * 0x9E3779B97F4A7C15F39CC0605CEDC835) % 2**128:032x}"
    return digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]


def fill(storage: Storage, rows: int, form: Form) -> None:
    """All rows but the first, which made the table."""
    table_log, files = TableLog(storage), DataFiles(storage)
    snapshot = table_log.snapshot()
    columns = columns_of(snapshot)
    for first in range(2, rows + 1, ROWS_A_FILE):
        keys = range(first, min(first + ROWS_A_FILE, rows + 1))
        parts = (part(columns, keys[start : start + ROWS_A_PART], form) for start in range(0, len(keys), ROWS_A_PART))
        table_log.commit(snapshot, [files.write(parts, columns, stays=True).add()], "WRITE", {})


def part(columns: list[Column], keys: range, form: Form) -> pa.Table:
    # The texts are the same in every part: only keys matter to the table, and making texts up takes time.
    texts = some_customers()[: len(keys)]
    arrays = []
    for column in columns:
        if column.name == KEY:
            arrays.append(pa.array(map(form, keys), column.type.arrow))
        elif column.name in NAMES:
            arrays.append(pa.array([row[column.name] for row in texts], column.type.arrow))
        else:
            arrays.append(pa.array([1] * len(keys), column.type.arrow))
    return pa.table(arrays, names=[column.name for column in columns])


@cache
def some_customers() -> list[dict[str, object]]:
    return [customer(number, FORMS["number"]) for number in range(ROWS_A_PART)]


class Tables:
    """Those of one process."""

    def __init__(self, folders: list[Storage], local: Path, form: Form, batches: "Batches") -> None:
        local.mkdir(exist_ok=True)
        self._form, self._batches = form, batches
        states = (CurrentState(folder, local / str(at), (KEY,), TableOptions()) for at, folder in enumerate(folders))
        self._tables = [StateTable(state) for state in states]

    def apply(self, at: int, events: list[Event]) -> float:
        """Seconds that it took."""
        start = time.monotonic()
        applied = self._tables[at].apply(events, schemas(self._form), self._batches.next())
        self._tables[at].maintain()
        if applied.written + applied.deleted != len(events):
            raise SystemExit(f"{applied}: not all of {len(events)} changes were applied")
        return time.monotonic() - start

    def apply_to_all(self, changes: list[list[Event]]) -> float:
        start = time.monotonic()
        with ThreadPoolExecutor(AT_ONCE) as threads:
            list(threads.map(self.apply, range(len(changes)), changes))
        return time.monotonic() - start

    def close(self) -> None:
        for table in self._tables:
            table.close()


class Batches:
    def __init__(self) -> None:
        self._number = -1

    def next(self) -> BatchId:
        self._number += 1
        return BatchId("growth", self._number)


def copy(source: Storage, target: Storage) -> None:
    for path in source.tree():
        target.put(path, source.get(path))


def main() -> None:
    request = json.load(sys.stdin)
    rows, form, count = request["rows"], FORMS[request.get("key", "number")], request["changes"]
    root = open_storage(request["url"], request["s3"])
    folders = [root.folder(str(at)) for at in range(request.get("tables", 1))]
    changes = [Changes(rows, form, at) for at in range(len(folders))]
    batches = Batches()
    with tempfile.TemporaryDirectory(dir=request.get("local")) as name:
        local = Path(name)
        first = Tables(folders[:1], local / "first", form, batches)
        payload = {"before": None, "after": customer(1, form), "source": {**SOURCE, "lsn": 1}, "op": "c", "ts_ms": 1}
        first.apply(0, [read_event(message(payload), "growth", 0, 0, 1)])
        first.close()
        begin = time.monotonic()
        fill(folders[0], rows, form)
        filled = time.monotonic()

        tables = Tables(folders[:1], local / "index", form, batches)
        made = tables.apply(0, changes[0].take(count))
        for folder in folders[1:]:
            copy(folders[0], folder)
        warm = [tables.apply(0, changes[0].take(count)) for _ in range(WARM_UP + request["applications"])][WARM_UP:]
        tables.close()

        again = Tables(folders[:1], local / "index", form, batches)
        restart = again.apply(0, changes[0].take(count))
        again.close()
        lost = Tables(folders[:1], local / "lost", form, batches)
        loss = lost.apply(0, changes[0].take(count))
        lost.close()
        opened = time.monotonic()
        every = Tables(folders, local / "all", form, batches)
        opening = time.monotonic() - opened
        loss_of_all = every.apply_to_all([of_table.take(count // len(folders)) for of_table in changes])
        every.close()
    usual = sorted(warm)[len(warm) // 2]
    found = {
        "rows": rows,
        "fillSeconds": filled - begin,
        "indexSeconds": max(0.0, made - usual),
        "applySeconds": warm,
        "restartSeconds": restart,
        "lossSeconds": loss,
        "openSeconds": opening,
        "lossOfAllSeconds": loss_of_all,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
