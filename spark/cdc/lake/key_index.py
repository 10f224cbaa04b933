"""Where in a table's data files each key's row is.

It is what the table says at its version: which files it has, and which rows of them are deleted. Of each file it needs
to know the keys: an index file beside it has them, those of small files are read from the data and kept in memory.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from pyroaring import BitMap

from cdc.lake.deleted_keys import DeletedKeys, Gone, deleted_path, deleted_version
from cdc.lake.file_keys import FileKeys
from cdc.lake.fold import Key, Place, Stored
from cdc.lake.index_files import FOLDER, IndexFiles, index_path
from cdc.lake.index_part import NO_POSITION, DamagedIndex, Found, IndexPart
from cdc.lake.key_codes import Codes, codes_of_keys, joined
from cdc.lake.note import CarriedOver
from cdc.lake.resnapshot import CUTOFF
from cdc.lake.snapshot import DataFile
from cdc.lake.storage import Storage

if TYPE_CHECKING:
    from cdc.lake.current_state import CurrentState

log = logging.getLogger("cdc")

LEAST_ROWS = 10_000
"""of a data file that has an index file; smaller ones are sooner read again than their keys are written twice"""
_WHOLE = ("short", "integer", "long")

T = TypeVar("T")


class KeyIndex:
    def __init__(self, table: CurrentState, storage: Storage, local: Path) -> None:
        """storage: the table's. local: a folder of the local disk, of this table alone, which may be lost."""
        self._table = table
        self._storage = storage
        self._files = IndexFiles(storage, local)
        self._made_for = b""
        self._parts: dict[str, IndexPart] = {}
        self._deleted: DeletedKeys | None = None
        self._epoch = b""
        self._codes = joined([])
        self._places: dict[Key, int] = {}
        """of the keys that were looked up last, in their codes"""
        self.carried = CarriedOver()
        """what earlier micro-batches left for the next one"""

    # ------------------------------------------------------------------ what is asked of it

    def lookup(self, keys: Iterable[Key], since: int | None = None) -> dict[Key, Stored]:
        """What is known of the keys; unknown ones are left out.

        since: whether a position is before this one is all that counts; None: nothing is asked of positions.
        """
        self._check()
        keys = list(keys)
        codes = codes_of_keys(keys, self._table.key, self._secret)
        self._codes, self._places = codes, {key: place for place, key in enumerate(keys)}
        found = {
            keys[place]: Stored(None, gone.position, True, gone.was)
            for place, gone in self._deleted.find(codes, since).items()
        }
        # In the order of their codes, those whose row is not found yet.
        left = np.argsort(codes.firsts, kind="stable")
        for file in reversed(self._table.data_files):
            if not len(left):
                break
            wanted = codes.take(left)
            of_file: Found | None = self._ask(file, lambda part, wanted=wanted: part.find(wanted, since))
            if of_file is None:
                continue
            live = self._live(file, of_file)
            is_old = self._table.is_old(file)
            places = left[live.which].tolist()
            for place, row, flagged, position in zip(places, *(column.tolist() for column in live[1:]), strict=True):
                at = file.path, row
                lsn = None if is_old or position == NO_POSITION else position
                found[keys[place]] = Stored(at, lsn, flagged, at if flagged else None)
            left = np.delete(left, live.which)
        if self.carried.doubled:
            self._add_doubled(found, dict(zip(codes.numbers, keys, strict=True)))
        return found

    def moved(self, positions: Sequence[int]) -> dict[int, Place]:
        """Where the rows are that the changes at these positions took away."""
        self._check()
        moving = {at: self.carried.moving[at] for at in positions if at in self.carried.moving}
        return {**self._deleted.moved(positions), **moving}

    def behind(self, position: int) -> dict[str, BitMap]:
        """By data file, rows that were written by changes behind a position."""
        self._check()
        files = [file for file in self._table.data_files if not self._table.is_old(file)]
        return {file.path: BitMap(self._ask(file, lambda part: part.behind(position))) for file in files}

    def entries(self) -> Iterator[tuple[int, Place]]:
        """Each key's code, and where its row is. For tests and checks."""
        self._check()
        for file in self._table.data_files:
            codes, rows, _ = self._ask(file, IndexPart.entries)
            vector = self._table.files.vector(file)
            for code, row in zip(codes.numbers, rows.tolist(), strict=True):
                if row not in vector:
                    yield code, (file.path, row)

    def codes(self, keys: Sequence[Key]) -> Codes:
        """Of keys that were looked up last."""
        return self._codes.take(np.array([self._places[key] for key in keys], np.int64))

    # ------------------------------------------------------------------ what is written

    def begin_file(self) -> FileKeys:
        """Collects the keys of a data file that is being written."""
        return FileKeys(self._table.key, self._table.columns, self._secret)

    def write(self, file: DataFile, part: IndexPart) -> IndexPart:
        """Writes a data file's index file, if it is to have one, before the commit that makes the file part of the
        table. Returns what `add` is to be given after it."""
        if file.rows < LEAST_ROWS:
            return part
        path = index_path(file.location)
        self._table.files.uncommitted.add(path)
        return self._files.write(path, part, self._key_id())

    def add(self, file: DataFile, part: IndexPart) -> None:
        """A file is part of the table now."""
        self._parts[file.path] = part

    def remove(self, paths: Iterable[str]) -> None:
        """Files are no part of the table any more."""
        for path in paths:
            self._parts.pop(path, None)
            self._files.drop(index_path(DataFile(path, 0, -1).location))

    def note_deleted(self, gone: list[Gone]) -> dict[str, Any]:
        """Remembers deleted keys for good with the commit that is about to be made: part of its userMetadata."""
        self._check()
        if self._deleted.must_store(gone):
            self._store_deleted(self._table.version + 1, gone)
        return self._deleted.note(gone)

    def add_deleted(self, gone: list[Gone]) -> None:
        """They are deleted in the table now."""
        self._deleted.add(gone, stored=self._deleted.must_store(gone))

    def checkpoint(self) -> None:
        """Before a checkpoint of the table's log: no earlier commit is needed then."""
        self._check()
        self._store_deleted(self._table.version)

    # ------------------------------------------------------------------ its life

    def read_anew(self) -> None:
        """Somebody else wrote the table: what earlier micro-batches left is asked of its log again."""
        self._deleted = None

    def rest(self) -> None:
        """Holds nothing in memory that can be read again without the data."""
        small = {file.path for file in self._table.data_files if file.rows < LEAST_ROWS}
        self._parts = {path: part for path, part in self._parts.items() if path in small}
        if self._deleted is not None:
            self._deleted.rest()

    def clear(self) -> None:
        """Forgets everything, as after a start without the local disk."""
        self._parts.clear()
        self._deleted = None
        self._files.keep_only(())

    def _check(self) -> None:
        """What follows from the table's key and log is what these are now."""
        table = self._table
        if len(table.key) < len(table.key_columns):
            missing = set(table.key_columns) - {column.in_source for column in table.key}
            raise LookupError(f"the table has no column {', '.join(sorted(missing))}, which is in its key")
        key_id = self._key_id()
        if key_id != self._made_for:
            self._made_for = key_id
            self._parts.clear()
        epoch = _digest([key_id.hex(), table.snapshot.transactions.get(CUTOFF)])
        if self._deleted is None or epoch != self._epoch:
            self._epoch = epoch
            self._read_notes()

    def _read_notes(self) -> None:
        table, snapshot = self._table, self._table.snapshot
        paths = [f"{FOLDER}/{name}" for name in self._storage.names(FOLDER)]
        stored = [version for path in paths if (version := deleted_version(path)) is not None]
        newest = max((version for version in stored if version <= snapshot.version), default=None)
        self._deleted = DeletedKeys(self._files, self._epoch, newest)
        for note in table.log.notes_of_deleted(snapshot, after=-1 if newest is None else newest):
            self._deleted.take_note(note)
        self.carried = CarriedOver.of_note(table.log.newest_note(snapshot, "queryId"))
        self._files.keep_only({deleted_path(newest or 0), *(index_path(file.location) for file in table.data_files)})

    def _ask(self, file: DataFile, ask: Callable[[IndexPart], T]) -> T:
        part = self._parts.get(file.path)
        if part is None:
            part = self._parts[file.path] = self._read(file) or self._make(file)
        try:
            return ask(part)
        except (DamagedIndex, FileNotFoundError) as error:
            path = index_path(file.location)
            self._files.say_damaged(path, error)
            self._files.drop(path)
        part = self._parts[file.path] = self._make(file)
        return ask(part)

    def _read(self, file: DataFile) -> IndexPart | None:
        if 0 <= file.rows < LEAST_ROWS:
            return None
        return self._files.read(index_path(file.location), self._made_for)

    def _live(self, file: DataFile, found: Found) -> Found:
        """Those whose row is part of the table."""
        vector = self._table.files.vector(file)
        if not vector:
            return found
        live = [place for place, row in enumerate(found.rows.tolist()) if row not in vector]
        return Found(*(column[live] for column in found))

    def _make(self, file: DataFile) -> IndexPart:
        """Reads the keys of a data file, and writes its index file."""
        table = self._table
        keys = self.begin_file()
        rows = table.files.read(file, keys.columns)
        keys.take(rows)
        if len(rows) >= LEAST_ROWS:
            log.info("%s: the index of %s is made from its %d rows", self._storage.name, file.path, len(rows))
        keyless = keys.keyless - table.files.vector(file)
        if keyless and table.reading is None:
            reason = f"{len(keyless)} rows have no value in the key {', '.join(table.key_columns)}"
            if needing := table.needing(reason):
                table.configure(needing, "NEEDS ROWS")
        part = keys.part()
        if len(rows) < LEAST_ROWS:
            return part
        return self._files.write(index_path(file.location), part, self._made_for)

    def _store_deleted(self, version: int, gone: list[Gone] = ()) -> None:
        self._table.files.uncommitted.add(deleted_path(version))
        self._deleted.store(version, gone)

    def _add_doubled(self, found: Mapping[Key, Stored], keys: Mapping[int, Key]) -> None:
        for code, transaction, place in self.carried.doubled:
            stored = found.get(keys.get(code))
            if stored is not None:
                stored.doubled = transaction, [*(stored.doubled[1] if stored.doubled else []), place]

    @property
    def _secret(self) -> bytes:
        return _digest([self._table.snapshot.metadata["id"]])

    def _key_id(self) -> bytes:
        """What the codes of the table's keys depend on."""
        table = self._table
        kinds = ["whole number" if column.type.name in _WHOLE else column.type.name for column in table.key]
        return _digest([table.snapshot.metadata["id"], table.key_columns, kinds])


def _digest(content: Any) -> bytes:
    return hashlib.blake2b(json.dumps(content).encode(), digest_size=16).digest()
