"""Parquet files and deletion vectors of one table."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from pyroaring import BitMap

from cdc.lake.column_statistics import ColumnStatistics
from cdc.lake.deletion_vectors import deletion_vector_file, read_vector, stored_at, unique_id
from cdc.lake.file_layout import FRESH, ROWS_A_FRESH_GROUP, lasting, row_groups
from cdc.lake.rows import cast
from cdc.lake.snapshot import DataFile, milliseconds_now
from cdc.lake.storage import Storage
from cdc.lake.table_log import DamagedTable
from cdc.lake.table_schema import Column, arrow_schema


class DataFiles:
    """Reads and writes them; knows nothing of the table's log, so that an unfinished write leaves no trace in it."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._vectors: dict[str, tuple[str | None, BitMap]] = {}
        self.uncommitted: set[str] = set()
        """files that were written and are part of no version yet: housekeeping has to leave them"""
        self.newer_than = -1
        """files written from now on are newer than this: milliseconds since 1970"""

    def write(
        self, parts: Iterable[pa.Table], columns: Sequence[Column], modified: int | None = None, *, stays: bool = False
    ) -> DataFile:
        """One file of all parts, in the columns' order.

        modified: what it counts as, when it only has rows of older files; otherwise now. stays: whether it was made to
        be read for long, not to be written soon.
        """
        schema = arrow_schema(columns)
        groups: Iterator[pa.Table] = (part.rename_columns(schema.names).cast(schema) for part in parts)
        if stays:
            groups = row_groups(groups)
        first = next(groups, None)
        if first is None:
            first = schema.empty_table()
        statistics = ColumnStatistics(columns if stays else [])
        sink = pa.BufferOutputStream()
        rows = 0
        options = lasting(columns, first) if stays else FRESH
        groups = chain([first], groups)
        del first
        with pq.ParquetWriter(sink, schema, compression="zstd", store_schema=False, **options) as writer:
            for group in groups:
                rows += group.num_rows
                statistics.take(group)
                writer.write_table(group, row_group_size=ROWS_A_FRESH_GROUP)
                del group  # before the next one is made
        content = memoryview(sink.getvalue()).cast("B")
        path = f"part-{uuid.uuid4()}.parquet"
        self.uncommitted.add(path)
        self._storage.put(path, content)
        now = max(milliseconds_now(), self.newer_than + 1)
        known: dict[str, Any] = {"statistics": statistics.text, "tight": True} if stays else {}
        return DataFile(path, len(content), rows, modified=now if modified is None else modified, **known)

    def read(self, file: DataFile, columns: Sequence[Column]) -> pa.Table:
        """All rows of a file, those that are deleted as well, in the table's names; missing columns are null."""
        try:
            content = self._storage.get(file.location)
        except FileNotFoundError as error:
            raise DamagedTable(f"{self._storage.name}: its file {file.location} is gone") from error
        parquet = pq.ParquetFile(pa.BufferReader(content))
        present = set(parquet.schema_arrow.names)
        table = parquet.read(columns=[column.in_files for column in columns if column.in_files in present])
        arrays = [
            cast(table.column(column.in_files), column.type, column.delimiter)
            if column.in_files in present
            else pa.nulls(parquet.metadata.num_rows, column.type.arrow)
            for column in columns
        ]
        return pa.table(arrays, names=[column.name for column in columns])

    def live(self, file: DataFile, columns: Sequence[Column]) -> tuple[pa.Table, Sequence[int]]:
        """The rows that are part of the table, and their positions in the file."""
        table = self.read(file, columns)
        if not file.vector:
            return table, range(table.num_rows)
        positions = BitMap(range(table.num_rows)) - self.vector(file)
        numbers = positions.to_array()
        indices = pa.Array.from_buffers(pa.uint32(), len(numbers), [None, pa.py_buffer(numbers)])
        return table.take(indices), numbers

    def live_parts(self, files: Iterable[DataFile], columns: Sequence[Column]) -> Iterator[pa.Table]:
        for file in files:
            yield self.live(file, columns)[0]

    def vector(self, file: DataFile) -> BitMap:
        """Rows of the file that are deleted; do not change it."""
        if file.vector is None:
            return BitMap()
        identity = unique_id(file.vector)
        known = self._vectors.get(file.path)
        if known is None or known[0] != identity:
            place = stored_at(file.vector)
            try:
                stored = self._storage.get_range(*place) if place else None
            except FileNotFoundError as error:
                raise DamagedTable(f"{self._storage.name}: its file {place and place[0]} is gone") from error
            known = (identity, read_vector(file.vector, stored))
            self._vectors[file.path] = known
        return known[1]

    def with_deleted(self, deletions: Mapping[str, BitMap], files: Mapping[str, DataFile]) -> list[DataFile]:
        """The files with these rows deleted as well; their vectors are in one new file."""
        paths = list(deletions)
        if not paths:
            return []
        vectors = [self.vector(files[path]) | deletions[path] for path in paths]
        name, content, descriptors = deletion_vector_file(vectors)
        self.uncommitted.add(name)
        self._storage.put(name, content)
        for path, vector, descriptor in zip(paths, vectors, descriptors, strict=True):
            self._vectors[path] = (unique_id(descriptor), vector)
        return [replace(files[path], vector=at) for path, at in zip(paths, descriptors, strict=True)]

    def committed(self) -> None:
        """What was written is part of the table, or will never be."""
        self.uncommitted.clear()

    def missing(self, files: Sequence[DataFile]) -> list[str]:
        """Those of the files, and of their deletion vectors, that are not there."""
        there = set(self._storage.tree())
        places = (stored_at(file.vector) for file in files if file.vector)
        wanted = {*(file.location for file in files), *(place[0] for place in places if place)}
        return sorted(wanted - there)

    def forget(self, paths: Iterable[str]) -> None:
        """Files that are no longer part of the table."""
        for path in paths:
            self._vectors.pop(path, None)
