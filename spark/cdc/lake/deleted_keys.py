"""Deleted keys of a table, with the positions of the changes that deleted them: what comes late does not bring them
back.

They are facts of the source, so that it does no harm to know one too early: a key that has a row is there. Those of a
few changes are in the note of their commit; more, and all of them with each checkpoint, in a file of their own, of the
form that index files have.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from cdc.lake.fold import Place
from cdc.lake.index_files import FOLDER, IndexFiles
from cdc.lake.index_part import NO_POSITION, DamagedIndex, IndexPart
from cdc.lake.key_codes import Codes, codes_of_numbers, joined
from cdc.lake.note import code_of, text_of

MOST = 200_000
"""deleted keys that are remembered of a table: those of the newest changes"""
_MOST_RECENT = 10_000
"""of which a file of their own has not been made"""
_MOST_IN_NOTE = 1_000
_FILE = re.compile(rf"^{FOLDER}/deleted-(\d{{20}})$")

Gone = tuple[int, int | None, Place | None]
"""a key's code, the position of the change that deleted it, and where its row was"""


def deleted_path(version: int) -> str:
    """Of the file with the keys that were deleted up to a version of the table."""
    return f"{FOLDER}/deleted-{version:020d}"


def deleted_version(path: str) -> int | None:
    """The other way round; None when it is the path of something else."""
    match = _FILE.match(path)
    return int(match[1]) if match else None


@dataclass(frozen=True)
class Deleted:
    position: int | None
    was: Place | None = None
    """where its row was, as long as that is known"""


class DeletedKeys:
    def __init__(self, files: IndexFiles, made_for: bytes, newest: int | None = None) -> None:
        """made_for: 16 bytes; what was deleted before them is forgotten. newest: version of the newest file."""
        self._files = files
        self._made_for = made_for
        self._newest = newest
        self._stored: IndexPart | None = None
        self._recent: OrderedDict[int, Deleted] = OrderedDict()
        self._unstored = 0
        """of the recent ones, the last so many are in no file"""
        self._by_position: OrderedDict[int, Place] = OrderedDict()

    def find(self, codes: Codes, since: int | None) -> dict[int, Deleted]:
        """By place in the codes. since: as of `IndexPart.find`."""
        found: dict[int, Deleted] = {}
        order = np.argsort(codes.firsts, kind="stable")
        of_file = self._of_file(lambda part: part.find(codes.take(order), since))
        if of_file is not None:
            places, positions = order[of_file.which].tolist(), of_file.positions.tolist()
            for position, place in sorted(zip(positions, places, strict=True)):
                found[place] = Deleted(None if position == NO_POSITION else position)
        if self._recent:
            for place, number in enumerate(codes.numbers):
                if (recent := self._recent.get(number)) is not None:
                    found[place] = recent
        return found

    def moved(self, positions: Iterable[int]) -> dict[int, Place]:
        """Where the rows were that changes at these positions took away, as far as that is known."""
        return {position: self._by_position[position] for position in positions if position in self._by_position}

    def note(self, gone: list[Gone]) -> dict[str, Any]:
        """Part of the commit's userMetadata; without them where they are too many for it."""
        if not gone or self.must_store(gone):
            return {}
        entries = [[text_of(code), position, *(place or ())] for code, position, place in gone]
        return {"deleted": entries, "deletedOf": self._made_for.hex()}

    def take_note(self, note: Mapping[str, Any]) -> None:
        if note.get("deletedOf") == self._made_for.hex():
            gone = ((code_of(key), position, tuple(place) or None) for key, position, *place in note["deleted"])
            self.add(gone)

    def add(self, gone: Iterable[Gone], stored: bool = False) -> None:
        """stored: whether they are in the file already."""
        for code, position, place in gone:
            self._recent.pop(code, None)
            self._recent[code] = Deleted(position, place)
            self._unstored += not stored
            if position is not None and place is not None:
                self._by_position[position] = place
        while len(self._recent) > max(_MOST_RECENT, self._unstored):
            self._recent.popitem(last=False)
        while len(self._by_position) > _MOST_RECENT:
            self._by_position.popitem(last=False)

    def must_store(self, gone: list[Gone]) -> bool:
        """Whether they do not go into a note any more."""
        return len(gone) > _MOST_IN_NOTE or self._unstored + len(gone) > _MOST_RECENT

    def store(self, version: int, gone: Sequence[Gone] = ()) -> None:
        """Makes a file of all, and of these, for this version."""
        recent = [(code, one.position) for code, one in self._recent.items()]
        recent += [(code, position) for code, position, _ in gone]
        codes = codes_of_numbers([code for code, _ in recent])
        positions = np.array([NO_POSITION if position is None else position for _, position in recent], np.int64)
        before = self._of_file(IndexPart.entries)
        if before is not None:
            of_file, _, positions_before = before
            codes, positions = joined([of_file, codes]), np.concatenate([positions_before, positions])
        newest = np.argsort(positions, kind="stable")[-MOST:]
        part = IndexPart.made(codes.take(newest), np.zeros(len(newest), np.uint32), positions[newest])
        if self._newest is not None:
            self._files.drop(deleted_path(self._newest))
        self._stored = self._files.write(deleted_path(version), part, self._made_for)
        self._newest, self._unstored = version, 0

    def rest(self) -> None:
        """Holds nothing in memory that can be read again."""
        self._stored = None

    def _of_file(self, ask: Callable[[IndexPart], Any]) -> Any:
        """None: there is no file, or it is of no use."""
        if self._newest is None:
            return None
        path = deleted_path(self._newest)
        self._stored = self._stored or self._files.read(path, self._made_for)
        try:
            if self._stored is not None:
                return ask(self._stored)
        except (DamagedIndex, FileNotFoundError) as error:
            self._files.say_damaged(path, error)
            self._files.drop(path)
        self._newest = self._stored = None
        return None
