"""Where the keys of one data file are in it: the form of an index file, and how keys are found in it.

An index file is a header and three sections, each with its checksum: first parts of the keys' codes, in their order;
the rows, and the rest of the codes; positions of the changes that wrote the rows. All numbers are little-endian.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from cdc.lake.key_codes import Codes

_MAGIC = b"cdc.keys"
_FORMAT = 2
_HEADER = struct.Struct("<8sI16sQqQQIII")
HEADER_BYTES = _HEADER.size + 4
_KEYS, _ROWS, _POSITIONS = range(3)
SECTIONS = 3
_BYTES_A_KEY = 8
"""of each section"""
_FLAGGED = np.uint32(1 << 31)
NO_POSITION = -1
"""of rows that a snapshot read"""


class DamagedIndex(Exception):
    """An index file is cut, damaged, or of another format."""


class OtherKey(Exception):
    """It is of another table or key."""


class Found(NamedTuple):
    """Keys that are in the file; not all of them in rows that are part of the table."""

    which: np.ndarray
    """of those that were asked for"""
    rows: np.ndarray
    flagged: np.ndarray
    """whether the row is kept though its key was deleted"""
    positions: np.ndarray
    """of the changes that wrote the rows, or a position behind them; NO_POSITION for rows that a snapshot read"""


@dataclass(frozen=True)
class Header:
    count: int
    """of keys"""
    greatest: int
    """position"""
    first: int
    last: int
    """of the first parts of the keys' codes"""
    checksums: tuple[int, int, int]

    def place(self, section: int) -> tuple[int, int]:
        """Where it begins in the file, and its length."""
        length = self.count * _BYTES_A_KEY
        return HEADER_BYTES + section * length, length

    @property
    def file_size(self) -> int:
        return sum(self.place(SECTIONS - 1))

    def encoded(self, made_for: bytes) -> bytes:
        content = _HEADER.pack(
            _MAGIC, _FORMAT, made_for, self.count, self.greatest, self.first, self.last, *self.checksums
        )
        return content + struct.pack("<I", zlib.crc32(content))

    @classmethod
    def decoded(cls, content: bytes, made_for: bytes) -> Header:
        """made_for: 16 bytes, of the table and its key. Raises DamagedIndex or OtherKey."""
        if len(content) < HEADER_BYTES:
            raise DamagedIndex("it is cut")
        magic, form, key, count, greatest, first, last, *checksums = _HEADER.unpack_from(content)
        (checksum,) = struct.unpack_from("<I", content, _HEADER.size)
        if magic != _MAGIC or form != _FORMAT:
            raise DamagedIndex("it has another format")
        if checksum != zlib.crc32(content[: _HEADER.size]):
            raise DamagedIndex("it is damaged")
        if key != made_for:
            raise OtherKey
        return cls(count, greatest, first, last, tuple(checksums))

    def checked(self, section: int, content: memoryview) -> memoryview:
        """Raises DamagedIndex."""
        if len(content) != self.place(section)[1] or zlib.crc32(content) != self.checksums[section]:
            raise DamagedIndex("it is cut or damaged")
        return content


class IndexPart:
    """The keys of a data file. Sections are loaded when they are needed."""

    def __init__(self, header: Header, load: Callable[[int], memoryview]) -> None:
        """load: gives a section. What it raises comes out of what needs that."""
        self.header = header
        self.section = load

    @classmethod
    def made(
        cls, codes: Codes, rows: np.ndarray, positions: np.ndarray, flagged: np.ndarray | None = None
    ) -> IndexPart:
        """positions: NO_POSITION for rows that a snapshot read. flagged: rows that are kept though their key was
        deleted."""
        order = np.argsort(codes.firsts, kind="stable")
        rows = rows.astype(np.uint32)
        if flagged is not None:
            rows = np.where(flagged, rows | _FLAGGED, rows)
        pairs = np.stack([rows[order], codes.checks[order]], axis=1)
        of_rows = positions[order].astype(np.int64)
        firsts = codes.firsts[order]
        sections = [memoryview(part.tobytes()) for part in (firsts, pairs, of_rows)]
        greatest = int(of_rows.max()) if len(of_rows) else NO_POSITION
        first, last = (int(firsts[0]), int(firsts[-1])) if len(firsts) else (0, 0)
        one, two, three = map(zlib.crc32, sections)
        return cls(Header(len(rows), greatest, first, last, (one, two, three)), sections.__getitem__)

    def encoded(self, made_for: bytes) -> bytes:
        return b"".join([self.header.encoded(made_for), *map(self.section, range(SECTIONS))])

    @cached_property
    def keys(self) -> np.ndarray:
        return np.frombuffer(self.section(_KEYS), np.uint64)

    @cached_property
    def _pairs(self) -> np.ndarray:
        return np.frombuffer(self.section(_ROWS), np.uint32).reshape(-1, 2)

    @cached_property
    def _positions(self) -> np.ndarray:
        return np.frombuffer(self.section(_POSITIONS), np.int64)

    def find(self, codes: Codes, since: int | None = None) -> Found | None:
        """codes: in the order of their first parts. since: whether a position is before this one is all that counts;
        None: nothing is asked of positions. None: no key is in the file."""
        header = self.header
        begin = int(np.searchsorted(codes.firsts, np.uint64(header.first)))
        end = int(np.searchsorted(codes.firsts, np.uint64(header.last), side="right"))
        if begin == end or not header.count:
            return None
        keys, firsts = self.keys, codes.firsts[begin:end]
        at = np.searchsorted(keys, firsts)
        which = np.flatnonzero(keys[at] == firsts)
        if not len(which):
            return None
        at = at[which]
        counts = np.searchsorted(keys, firsts[which], side="right") - at
        which += begin
        if counts.max() > 1:
            which, at = np.repeat(which, counts), np.repeat(at, counts)
            at += np.concatenate([np.arange(count) for count in counts])
        pairs = self._pairs[at]
        same = pairs[:, 1] == codes.checks[which]
        if not same.all():
            which, at, pairs = which[same], at[same], pairs[same]
        rows = pairs[:, 0]
        if since is None or self.header.greatest < since:
            positions = np.full(len(at), self.header.greatest)
        else:
            positions = self._positions[at]
        return Found(which, rows & ~_FLAGGED, rows >= _FLAGGED, positions)

    def behind(self, position: int) -> np.ndarray:
        """Rows that were written by changes behind it."""
        if self.header.greatest <= position:
            return np.empty(0, np.uint32)
        return self._pairs[self._positions > position, 0] & ~_FLAGGED

    def entries(self) -> tuple[Codes, np.ndarray, np.ndarray]:
        """Of all keys: their codes, rows, and positions."""
        return Codes(self.keys, self._pairs[:, 1]), self._pairs[:, 0] & ~_FLAGGED, self._positions
