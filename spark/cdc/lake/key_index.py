"""Where in a table's data files each key's row is: a local SQLite file that can be made again from the table."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from cdc.lake.fold import Key, Stored

_LAYOUT = 2
_PAGE_BYTES = 1024
"""SQLite's default is 4096: keys at random change a page each, and each is written as a whole"""
_WAL_PAGES = 16_000
"""pages that are copied from SQLite's log into its file in one go, instead of 1,000 (a micro-batch or two)"""
_TOMBSTONES = 200_000
"""deleted keys that are remembered, so that a late change does not bring them back"""


@dataclass(frozen=True)
class Standing:
    """What an index stands for; one that stands for anything else than the table has to be made again."""

    table_id: str
    version: int
    key_columns: tuple[str, ...]
    whole_number: bool
    """whether the key is one whole number, which is then SQLite's own row id"""


class KeyIndex:
    """Changes become lasting with `finish`, and are forgotten with `forget`.

    The file is safe from a process that dies at any point. A machine that goes down may damage it: it is made
    again after that (the machine's boot id is kept in it).
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        self._standing: Standing | None = None
        try:
            self._open()
        except (sqlite3.DatabaseError, ValueError, TypeError, KeyError):
            self.clear()

    @property
    def standing(self) -> Standing | None:
        """None: nothing is known, fill it."""
        return self._standing

    def clear(self) -> None:
        """Makes it empty, standing for nothing."""
        self.close()
        for suffix in ("", "-wal", "-shm"):
            self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)
        self._open()

    def close(self) -> None:
        if getattr(self, "_database", None) is not None:
            self._database.close()

    def begin(self, table_id: str, key_columns: tuple[str, ...], whole_number: bool) -> None:
        """Makes it empty, for keys of this kind. Deleted keys of the same table are still remembered."""
        known = self._standing
        if known and (known.table_id, known.key_columns, known.whole_number) == (table_id, key_columns, whole_number):
            self._standing = None
            self._run("DELETE FROM keys")
            return
        self.clear()
        kind = "INTEGER PRIMARY KEY" if whole_number else "BLOB PRIMARY KEY"
        tail = "" if whole_number else "WITHOUT ROWID"
        affinity = "INTEGER" if whole_number else "BLOB"
        self._whole_number = whole_number
        self._key_columns = key_columns
        for statement in (
            f"CREATE TABLE keys (k {kind}, file INTEGER NOT NULL, row INTEGER NOT NULL, lsn INTEGER) {tail}",
            f"CREATE TABLE deleted (n INTEGER PRIMARY KEY, k {affinity} UNIQUE, lsn INTEGER)",
        ):
            self._run(statement)

    def lookup(self, keys: Iterable[Key]) -> dict[Key, Stored]:
        """What is known of the keys; unknown ones are left out."""
        by_value = {self._value(key): key for key in keys}
        self._run("DELETE FROM wanted")
        values = self._not_beyond(by_value)
        self._database.executemany("INSERT INTO wanted VALUES (?)", ((value,) for value in values))
        found = {
            by_value[value]: Stored(None, 0, lsn)
            for value, lsn in self._run("SELECT w.k, d.lsn FROM wanted w CROSS JOIN deleted d ON d.k = w.k")
        }
        for value, file, row, lsn in self._run(
            "SELECT w.k, k.file, k.row, k.lsn FROM wanted w CROSS JOIN keys k ON k.k = w.k"
        ):
            found[by_value[value]] = Stored(file, row, lsn)
        return found

    def _not_beyond(self, values: Iterable[Any]) -> Iterable[Any]:
        """Those that may be there: of keys that count up, and most do, new ones are greater than all that are."""
        if not self._whole_number:
            return values
        greatest = "SELECT max(k) FROM (SELECT max(k) AS k FROM keys UNION ALL SELECT max(k) FROM deleted)"
        limit = self._run(greatest).fetchone()[0]
        return () if limit is None else [value for value in values if value <= limit]

    def place(self, file: int, keys: Iterable[Key], rows: Iterable[int], lsns: Iterable[int | None]) -> None:
        """Keys whose row is now there, in a data file; written in the order of the keys, which is fastest."""
        if self._whole_number:
            values = sorted((key[0], file, row, lsn) for key, row, lsn in zip(keys, rows, lsns, strict=True))
        else:
            values = sorted(
                ((self._value(key), file, row, lsn) for key, row, lsn in zip(keys, rows, lsns, strict=True)),
                key=lambda entry: entry[0],
            )
        self._database.executemany("INSERT OR REPLACE INTO keys VALUES (?, ?, ?, ?)", values)

    def delete(self, keys: Iterable[tuple[Key, int | None]]) -> None:
        """Keys that are deleted, each with the position of the change that did it."""
        gone = [(self._value(key), lsn) for key, lsn in keys]
        self._database.executemany("DELETE FROM keys WHERE k = ?", ((value,) for value, _ in gone))
        self._database.executemany("INSERT OR REPLACE INTO deleted (k, lsn) VALUES (?, ?)", gone)
        self._run("DELETE FROM deleted WHERE n <= (SELECT max(n) FROM deleted) - ?", _TOMBSTONES)

    def delete_all(self) -> None:
        """A TRUNCATE: its own position guards against late changes."""
        self._run("DELETE FROM keys")
        self._run("DELETE FROM deleted")

    def file_number(self, path: str) -> int:
        self._run("INSERT OR IGNORE INTO files (path) VALUES (?)", path)
        return self._run("SELECT number FROM files WHERE path = ?", path).fetchone()[0]

    def file_path(self, number: int) -> str:
        if number not in self._paths:
            self._paths[number] = self._run("SELECT path FROM files WHERE number = ?", number).fetchone()[0]
        return self._paths[number]

    def forget_files(self, paths: Iterable[str]) -> None:
        self._database.executemany("DELETE FROM files WHERE path = ?", ((path,) for path in paths))

    def entries(self) -> Iterator[tuple[Any, int, int, int | None]]:
        """(key's value, file, row, lsn) of every key. For tests and checks."""
        yield from self._run("SELECT k, file, row, lsn FROM keys")

    def finish(self, table_id: str, version: int) -> None:
        """Makes the changes lasting: the index stands for this version of the table."""
        standing = Standing(table_id, version, self._key_columns, self._whole_number)
        facts = {**asdict(standing), "layout": _LAYOUT, "boot": _boot_id()}
        self._run("INSERT OR REPLACE INTO facts VALUES (0, ?)", json.dumps(facts))
        self._run("COMMIT")
        self._run("BEGIN")
        self._standing = standing

    def forget(self) -> None:
        self._paths.clear()
        self._run("ROLLBACK")
        self._run("BEGIN")

    def _open(self) -> None:
        self._standing = None
        self._paths: dict[int, str] = {}
        self._database = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False)
        for statement in (
            f"PRAGMA page_size = {_PAGE_BYTES}",
            "PRAGMA journal_mode = WAL",
            f"PRAGMA wal_autocheckpoint = {_WAL_PAGES}",
            "PRAGMA synchronous = OFF",
            "PRAGMA cache_size = -65536",
            "PRAGMA temp_store = MEMORY",
            "CREATE TABLE IF NOT EXISTS facts (one INTEGER PRIMARY KEY, facts TEXT)",
            "CREATE TABLE IF NOT EXISTS files (number INTEGER PRIMARY KEY AUTOINCREMENT, path TEXT UNIQUE)",
            "CREATE TEMP TABLE wanted (k PRIMARY KEY) WITHOUT ROWID",
            "BEGIN",
        ):
            self._run(statement)
        found = self._run("SELECT facts FROM facts").fetchone()
        if found is None:
            return
        facts = json.loads(found[0])
        if facts.pop("layout") != _LAYOUT or facts.pop("boot") != _boot_id():
            raise ValueError("of another layout, or from before the machine's last start")
        facts["key_columns"] = tuple(facts["key_columns"])
        self._standing = Standing(**facts)
        self._key_columns, self._whole_number = self._standing.key_columns, self._standing.whole_number

    def _value(self, key: Key) -> Any:
        # 16 bytes of a good digest: two keys of a table never share them.
        return key[0] if self._whole_number else hashlib.blake2b(repr(key).encode(), digest_size=16).digest()

    def _run(self, statement: str, *values: Any) -> sqlite3.Cursor:
        return self._database.execute(statement, values)


def _boot_id() -> str:
    path = Path("/proc/sys/kernel/random/boot_id")
    return path.read_text(encoding="ascii").strip() if path.exists() else ""
