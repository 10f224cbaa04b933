"""Collects the keys of a data file's rows, part after part, for its index."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyroaring import BitMap

from cdc.lake.column_names import DELETED, LSN
from cdc.lake.index_part import NO_POSITION, IndexPart
from cdc.lake.key_codes import Codes, codes_of_rows, joined
from cdc.lake.key_reader import needed_for_keys
from cdc.lake.table_schema import Column


class FileKeys:
    def __init__(self, key: Sequence[Column], columns: Sequence[Column], secret: bytes) -> None:
        """key: its columns. columns: of the table. secret: 16 bytes, of the table."""
        self._key = key
        self._secret = secret
        needed = needed_for_keys(key, columns)
        names = {column.name for column in needed}
        own = [column for column in columns if column.name in {LSN, DELETED} - names]
        self.columns = [*needed, *own]
        """those that it needs of each row"""
        self.keyless = BitMap()
        """rows without a key"""
        self._rows = 0
        self._codes: list[Codes] = []
        self._places: list[np.ndarray] = []
        self._positions: list[np.ndarray] = []
        self._flagged: list[np.ndarray] = []

    def take(self, rows: pa.Table) -> None:
        """The next rows of the file."""
        codes, keyed = codes_of_rows(rows, self._key, self._secret)
        places = np.arange(self._rows, self._rows + rows.num_rows)
        self._rows += rows.num_rows
        positions = pc.fill_null(rows.column(LSN), NO_POSITION).to_numpy()
        flagged = np.zeros(rows.num_rows, bool)
        if DELETED in rows.column_names:
            flagged = pc.fill_null(rows.column(DELETED), False).to_numpy()
        if not keyed.all():
            self.keyless |= BitMap(places[~keyed])
            codes, places, positions, flagged = codes.take(keyed), places[keyed], positions[keyed], flagged[keyed]
        self._codes.append(codes)
        self._places.append(places)
        self._positions.append(positions)
        self._flagged.append(flagged)

    def part(self) -> IndexPart:
        """Of all rows that have a key."""
        if not self._codes:
            return IndexPart.made(joined([]), np.empty(0, np.uint32), np.empty(0, np.int64))
        columns = (np.concatenate(arrays) for arrays in (self._places, self._positions, self._flagged))
        return IndexPart.made(joined(self._codes), *columns)
