"""Values that PostgreSQL did not log, because an update left them alone: taken from where the row was."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from cdc.lake.column_names import RESCUED
from cdc.lake.column_type import ColumnType, common_type
from cdc.lake.data_files import DataFiles
from cdc.lake.fold import Place
from cdc.lake.pg_value import CANNOT_CONVERT, texts_of, value_of
from cdc.lake.rescued import carried, rescued_texts
from cdc.lake.rows import cast
from cdc.lake.snapshot import DataFile
from cdc.lake.table_log import DamagedTable
from cdc.lake.table_schema import Column


@dataclass(frozen=True)
class Wanted:
    """Columns of a row that are to become those of another one."""

    index: int
    """of the row"""
    names: Sequence[str]
    """the lake's"""
    place: Place | None
    never_null: bool = True
    """whether they were not logged, so that NULL is none of them; else they are just those of that row"""


def with_unlogged(
    table: pa.Table,
    wanted: Iterable[Wanted],
    columns: Sequence[Column],
    files: DataFiles,
    file_at: Callable[[str], DataFile],
    *,
    perhaps: Mapping[str, str],
) -> tuple[pa.Table, list[Wanted]]:
    """The rows with these values, and what could not be had: that row is gone, or it has NULL where something else is
    missing of it. Rare, and reads whole data files.

    perhaps: columns that may be others under a new name, new → old. What was not logged is never NULL: where it is in
    the new one, the column was renamed.
    """
    by_file: dict[str, list[Wanted]] = defaultdict(list)
    lost: list[Wanted] = []
    for one in wanted:
        if one.place is None:
            lost.append(one)
        else:
            by_file[one.place[0]].append(one)
    cells: dict[str, dict[int, int]] = defaultdict(dict)
    names = {name for of_file in by_file.values() for one in of_file for name in one.names}
    taken = [column for column in columns if column.name in names or column.name == RESCUED]
    before = [column for column in columns if column.name in {perhaps.get(name) for name in names}]
    read = list({column.name: column for column in [*taken, *before]}.values())
    parts, count = [], 0
    for path, of_file in by_file.items():
        old = _rows(files, file_at(path), read, [one.place[1] for one in of_file if one.place])
        if old is None:
            lost += of_file
            continue
        for row, one in enumerate(of_file):
            for name in one.names:
                cells[name][one.index] = count + row
        parts.append(old)
        count += len(of_file)
    if not parts:
        return table, lost
    found = pa.concat_tables(parts)
    nulls = _Nulls(found)
    for column in taken:
        place = table.column_names.index(column.name)
        if column.name == RESCUED and column.name not in cells:
            table = table.set_column(place, RESCUED, _rescued(table, found, cells))
            continue
        values = found.column(column.name)
        if (old_name := perhaps.get(column.name)) in found.column_names:
            of_old = next(one.delimiter for one in before if one.name == old_name)
            values = pc.coalesce(values, _converted(found.column(old_name), column.type, of_old))
        both = pa.concat_arrays([*table.column(column.name).chunks, *values.chunks])
        of_column = cells[column.name]
        nulls.note(column.name, values, of_column)
        takes = [table.num_rows + of_column[row] if row in of_column else row for row in range(table.num_rows)]
        table = table.set_column(place, column.name, both.take(pa.array(takes, pa.int64())))
    return table, [*lost, *nulls.among(by_file)]


def _converted(values: pa.ChunkedArray, kind: ColumnType, delimiter: str) -> pa.ChunkedArray:
    """Values of a column as those of another type; NULL where that has none for them."""
    own = ColumnType.of_arrow(values.type)
    if common_type(own, kind) == kind:
        return cast(values, kind, delimiter)
    texts = texts_of(values.combine_chunks(), own, delimiter).to_pylist()
    return pa.chunked_array(
        [pa.array([None if text is None else _read(text, kind, delimiter) for text in texts], kind.arrow)]
    )


def _read(text: str, kind: ColumnType, delimiter: str) -> Any:
    try:
        return value_of(text, kind, delimiter)
    except CANNOT_CONVERT:
        return None


class _Nulls:
    """Values that were found to be NULL, and are not just out of the lake's range."""

    def __init__(self, found: pa.Table) -> None:
        self._texts = found.column(RESCUED).to_pylist() if RESCUED in found.column_names else None
        self._names: dict[int, list[str]] = defaultdict(list)

    def note(self, name: str, values: pa.ChunkedArray, rows: Mapping[int, int]) -> None:
        """rows: index of a row → where its value is."""
        if not values.null_count:
            return
        valid = values.is_valid().to_pylist()
        for index, row in rows.items():
            if not valid[row] and not (self._texts and name in rescued_texts(self._texts[row])):
                self._names[index].append(name)

    def among(self, wanted: Mapping[str, Sequence[Wanted]]) -> list[Wanted]:
        return [
            replace(one, names=self._names[one.index])
            for of_file in wanted.values()
            for one in of_file
            if one.never_null and one.index in self._names
        ]


def _rows(files: DataFiles, file: DataFile, columns: Sequence[Column], rows: Sequence[int]) -> pa.Table | None:
    """None: the file is gone."""
    try:
        return files.read(file, columns).take(pa.array(rows, pa.int64()))
    except DamagedTable:
        if file.rows >= 0:
            raise
        return None  # it is no longer part of the table, and was removed as what nobody needs


def _rescued(table: pa.Table, found: pa.Table, cells: Mapping[str, Mapping[int, int]]) -> pa.Array:
    names: dict[int, list[str]] = defaultdict(list)
    places: dict[int, int] = {}
    for name, of_column in cells.items():
        for index, row in of_column.items():
            names[index].append(name)
            places[index] = row
    new, old = table.column(RESCUED).to_pylist(), found.column(RESCUED).to_pylist()
    for index, of_row in names.items():
        new[index] = carried(new[index], old[places[index]], of_row)
    return pa.array(new, pa.string())
