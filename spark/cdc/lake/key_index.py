"""Where in a table's data files each key's row is: a local SQLite file that can be made again from the table."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from cdc.lake.fold import Key, Place, Stored
from cdc.lake.snapshot import milliseconds_now

_LAYOUT = 3
_PAGE_BYTES = 1024
"""SQLite's default is 4096: keys at random change a page each, and each is written as a whole"""
_WAL_PAGES = 16_000
"""pages that are copied from SQLite's log into its file in one go, instead of 1,000 (a micro-batch or two)"""
_TOMBSTONES = 200_000
"""deleted keys that are remembered, so that a late change does not bring them back"""
_MOVING = 16
"""rows that are remembered because the next change may put them back under another key"""


Doubled = tuple[Any, int, Place]
"""a key's value (`value_of`), a transaction, and a further row that has the key in it"""


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
        self._connection: sqlite3.Connection | None = None
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
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def rest(self) -> None:
        """Holds no file open until it is used again. What is not finished is forgotten."""
        self.close()

    @property
    def _database(self) -> sqlite3.Connection:
        if self._connection is None:
            self._open()
        return self._connection

    def begin(self, table_id: str, key_columns: tuple[str, ...], whole_number: bool) -> None:
        """Makes it empty, for keys of this kind. Deleted keys of the same table are still remembered."""
        known = self._standing
        if known and (known.table_id, known.key_columns, known.whole_number) == (table_id, key_columns, whole_number):
            self._standing = None
            self._run("DELETE FROM keys")
            self._run("DELETE FROM doubled")
            return
        self.clear()
        kind = "INTEGER PRIMARY KEY" if whole_number else "BLOB PRIMARY KEY"
        tail = "" if whole_number else "WITHOUT ROWID"
        affinity = "INTEGER" if whole_number else "BLOB"
        self._whole_number = whole_number
        self._key_columns = key_columns
        for statement in (
            f"CREATE TABLE keys (k {kind}, file INTEGER NOT NULL, row INTEGER NOT NULL, lsn INTEGER) {tail}",
            f"CREATE TABLE deleted (n INTEGER PRIMARY KEY, k {affinity} UNIQUE, lsn INTEGER, file INTEGER,"
            " row INTEGER)",
            f"CREATE TABLE doubled (n INTEGER PRIMARY KEY, k {affinity}, tx INTEGER, file INTEGER, row INTEGER)",
            "CREATE TABLE moving (n INTEGER PRIMARY KEY, lsn INTEGER, file INTEGER, row INTEGER)",
        ):
            self._run(statement)

    def lookup(self, keys: Iterable[Key]) -> dict[Key, Stored]:
        """What is known of the keys; unknown ones are left out."""
        by_value = {self.value_of(key): key for key in keys}
        self._run("DELETE FROM wanted")
        values = self._not_beyond(by_value)
        self._database.executemany("INSERT INTO wanted VALUES (?)", ((value,) for value in values))
        found = {}
        for value, lsn, file, row in self._run(
            "SELECT w.k, d.lsn, d.file, d.row FROM wanted w CROSS JOIN deleted d ON d.k = w.k"
        ):
            found[by_value[value]] = Stored(None, lsn, True, (file, row) if file is not None else None)
        gone = frozenset(found)
        for value, file, row, lsn in self._run(
            "SELECT w.k, k.file, k.row, k.lsn FROM wanted w CROSS JOIN keys k ON k.k = w.k"
        ):
            found[by_value[value]] = Stored((file, row), lsn)
        for key in gone:
            # A row that is kept though its key was deleted is in both.
            if (stored := found[key]).place is not None:
                stored.deleted, stored.was = True, stored.place
        for value, tx, file, row in self._run("SELECT k, tx, file, row FROM doubled ORDER BY n"):
            if value in by_value and by_value[value] in found:
                stored = found[by_value[value]]
                stored.doubled = tx, [*(stored.doubled[1] if stored.doubled else []), (file, row)]
        return found

    def moved(self, lsns: Iterable[int]) -> dict[int, Place]:
        """Where the rows are that the changes at these positions took away."""
        wanted = ",".join(map(str, lsns))
        places = self._run(
            f"SELECT lsn, file, row FROM deleted WHERE lsn IN ({wanted}) AND file IS NOT NULL"
            f" UNION ALL SELECT lsn, file, row FROM moving WHERE lsn IN ({wanted})"
        )
        return {lsn: (file, row) for lsn, file, row in places}

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
                ((self.value_of(key), file, row, lsn) for key, row, lsn in zip(keys, rows, lsns, strict=True)),
                key=lambda entry: entry[0],
            )
        self._database.executemany("INSERT OR REPLACE INTO keys VALUES (?, ?, ?, ?)", values)

    def delete(self, keys: Iterable[tuple[Key, int | None, Place | None]], keep: bool = False) -> None:
        """Keys that are deleted, each with the position of the change that did it, and where its row was.

        keep: the rows stay in the table.
        """
        gone = [(self.value_of(key), lsn, *(place or (None, None))) for key, lsn, place in keys]
        if not keep:
            self._database.executemany("DELETE FROM keys WHERE k = ?", ((value,) for value, *_ in gone))
        self._database.executemany("INSERT OR REPLACE INTO deleted (k, lsn, file, row) VALUES (?, ?, ?, ?)", gone)
        self._run("DELETE FROM deleted WHERE n <= (SELECT max(n) FROM deleted) - ?", _TOMBSTONES)

    def revive(self, keys: Iterable[Key]) -> None:
        """Keys that were deleted and are there again."""
        self._database.executemany("DELETE FROM deleted WHERE k = ?", ((self.value_of(key),) for key in keys))

    def delete_all(self, up_to: int | None = None) -> None:
        """A TRUNCATE: its own position guards against late changes. up_to: what is from behind it stays."""
        if up_to is None:
            self._run("DELETE FROM keys")
            self._run("DELETE FROM deleted")
        else:
            self._run("DELETE FROM keys WHERE lsn IS NULL OR lsn <= ?", up_to)
            self._run("DELETE FROM deleted WHERE lsn IS NULL OR lsn <= ?", up_to)
        self._run("DELETE FROM doubled")

    def behind(self, lsn: int) -> list[tuple[int, int]]:
        """Places of the rows that were written from behind a position."""
        return self._run("SELECT file, row FROM keys WHERE lsn > ?", lsn).fetchall()

    def count_as_old(self) -> None:
        """Any change counts over what is there now; deleted keys are forgotten."""
        self._run("UPDATE keys SET lsn = NULL")
        for table in ("deleted", "doubled", "moving"):
            self._run(f"DELETE FROM {table}")

    def delete_files(self, paths: Iterable[str]) -> None:
        """Keys whose row is in one of these files."""
        numbers = ",".join(str(self.file_number(path)) for path in paths)
        self._run(f"DELETE FROM deleted WHERE k IN (SELECT k FROM keys WHERE file IN ({numbers}))")
        self._run(f"DELETE FROM keys WHERE file IN ({numbers})")

    def go_on(
        self, moving: Mapping[int, Place], doubled: Iterable[Doubled], going_on: Iterable[int], touched: Iterable[Key]
    ) -> list[Doubled]:
        """What the next micro-batch may need of this one. doubled: the oldest row of a key first.

        going_on: transactions. touched: keys of which `doubled` says all. Returns the further rows of all keys.
        """
        if moving:
            values = ((lsn, *place) for lsn, place in moving.items())
            self._database.executemany("INSERT INTO moving (lsn, file, row) VALUES (?, ?, ?)", values)
            self._run("DELETE FROM moving WHERE n <= (SELECT max(n) FROM moving) - ?", _MOVING)
        self._run(f"DELETE FROM doubled WHERE tx NOT IN ({','.join(map(str, going_on))})")
        self._database.executemany("DELETE FROM doubled WHERE k = ?", ((self.value_of(key),) for key in touched))
        values = ((value, tx, *place) for value, tx, place in doubled)
        self._database.executemany("INSERT INTO doubled (k, tx, file, row) VALUES (?, ?, ?, ?)", values)
        left = self._run("SELECT k, tx, file, row FROM doubled ORDER BY n")
        return [(value, tx, (file, row)) for value, tx, file, row in left]

    def file_number(self, path: str) -> int:
        self._run("INSERT OR IGNORE INTO files (path) VALUES (?)", path)
        return self._run("SELECT number FROM files WHERE path = ?", path).fetchone()[0]

    def file_path(self, number: int) -> str | None:
        """None: the file is no longer part of the table since so long that it may be gone."""
        if number not in self._paths:
            found = self._run("SELECT path FROM files WHERE number = ?", number).fetchone()
            if found is None:
                return None
            self._paths[number] = found[0]
        return self._paths[number]

    def forget_files(self, paths: Iterable[str], kept_milliseconds: int) -> None:
        """Files that are no longer part of the table, but are there for so long."""
        now = milliseconds_now()
        self._database.executemany("UPDATE files SET gone = ? WHERE path = ?", ((now, path) for path in paths))
        self._run("DELETE FROM files WHERE gone < ?", now - kept_milliseconds)

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
        self._connection = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False)
        for statement in (
            f"PRAGMA page_size = {_PAGE_BYTES}",
            "PRAGMA journal_mode = WAL",
            f"PRAGMA wal_autocheckpoint = {_WAL_PAGES}",
            "PRAGMA synchronous = OFF",
            "PRAGMA cache_size = -65536",
            "PRAGMA temp_store = MEMORY",
            "CREATE TABLE IF NOT EXISTS facts (one INTEGER PRIMARY KEY, facts TEXT)",
            "CREATE TABLE IF NOT EXISTS files (number INTEGER PRIMARY KEY AUTOINCREMENT, path TEXT UNIQUE,"
            " gone INTEGER)",
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

    def value_of(self, key: Key) -> Any:
        """What the index has in the key's place."""
        # 16 bytes of a good digest: two keys of a table never share them.
        return key[0] if self._whole_number else hashlib.blake2b(repr(key).encode(), digest_size=16).digest()

    def _run(self, statement: str, *values: Any) -> sqlite3.Cursor:
        return self._database.execute(statement, values)


def _boot_id() -> str:
    path = Path("/proc/sys/kernel/random/boot_id")
    return path.read_text(encoding="ascii").strip() if path.exists() else ""
