"""Small tables that are written twice: with statistics of their columns and without, and what is asked of them.

`python -m lake.twin_tables FOLDER COUNT` writes so many for programs that run elsewhere: FOLDER/asked.json has lists of
where-clauses for Spark, FOLDER/<number>/True and FOLDER/<number>/False are the tables that each list is for.
"""

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow as pa
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from lake.predicates import VALUES, Predicate, predicates
from pyroaring import BitMap

from cdc.lake.column_type import LONG, ColumnType
from cdc.lake.data_files import DataFiles
from cdc.lake.snapshot import Snapshot
from cdc.lake.storage import open_storage
from cdc.lake.table_log import TableLog
from cdc.lake.table_schema import VECTORS, Column, schema_actions

MAPPED = {"delta.columnMapping.mode": "name", "delta.columnMapping.maxColumnId": "0"}
NAMES = st.sampled_from(["value", "a.b", "minValues", 'quoted "x"', "ä b", "numRecords"])


@dataclass
class Rows:
    """Of a table, file by file."""

    kind: str
    name: str
    """of the column that has the values; another one counts the rows: `id`"""
    files: list[list[Any]]
    deleted: set[int]
    mapped: bool = False
    """whether the column was renamed, in a table that maps its columns"""

    def write(self, folder: Path, *, stays: bool) -> None:
        storage = open_storage(f"file:{folder}")
        log, files = TableLog(storage), DataFiles(storage)
        snapshot = log.snapshot()
        columns, actions = schema_actions(
            snapshot,
            [Column("id", LONG), Column("before" if self.mapped else self.name, ColumnType(self.kind))],
            {VECTORS: "true", **(MAPPED if self.mapped else {})},
        )
        first = 0
        for values in self.files:
            ids = range(first, first + len(values))
            first = ids.stop
            part = pa.table([pa.array(ids, pa.int64()), pa.array(values, columns[1].type.arrow)], ["id", "value"])
            new = files.write([part], columns, stays=stays)
            if gone := self.deleted.intersection(ids):
                (new,) = files.with_deleted({new.path: BitMap(row - ids.start for row in gone)}, {new.path: new})
            actions.append(new.add())
        log.commit(snapshot, actions, "WRITE", {})
        if self.mapped:
            self._rename(log, snapshot, columns)

    def _rename(self, log: TableLog, snapshot: Snapshot, columns: Sequence[Column]) -> None:
        renamed = [columns[0], replace(columns[1], name=self.name)]
        _, actions = schema_actions(snapshot, renamed, {})
        log.commit(snapshot, actions, "RENAME COLUMN", {})


@st.composite
def tables(draw: st.DrawFn, kinds: Sequence[str] = tuple(VALUES)) -> tuple[Rows, list[Predicate]]:
    kind, name = draw(st.sampled_from(kinds)), draw(NAMES)
    values = st.one_of(VALUES[kind], st.none()) if draw(st.booleans()) else VALUES[kind]
    files = draw(st.lists(st.lists(values, min_size=1, max_size=4), min_size=1, max_size=3))
    if draw(st.booleans()):
        files.append([None] * draw(st.integers(1, 2)))
    rows = [value for file in files for value in file]
    deleted = draw(st.sets(st.integers(0, len(rows) - 1), max_size=len(rows)))
    asked = draw(st.lists(predicates(name, kind, rows), min_size=3, max_size=8))
    return Rows(kind, name, files, deleted, draw(st.booleans())), asked


def main(folder: str, count: str) -> None:
    asked: list[list[str]] = []

    @given(tables())
    @settings(max_examples=int(count), deadline=None, database=None, phases=[Phase.generate], derandomize=True)
    def write(drawn: tuple[Rows, list[Predicate]]) -> None:
        rows, asks = drawn
        for stays in (True, False):
            rows.write(Path(folder) / str(len(asked)) / str(stays), stays=stays)
        asked.append([one.for_spark for one in asks])

    write()
    (Path(folder) / "asked.json").write_text(json.dumps(asked))


if __name__ == "__main__":
    main(*sys.argv[1:])
