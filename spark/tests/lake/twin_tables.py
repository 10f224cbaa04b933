"""Small tables that are written twice: with statistics of their columns and without, and what is asked of them.

`python -m lake.twin_tables FOLDER COUNT` writes the hard ones and so many others for a program that runs elsewhere:
FOLDER/asked.json has lists of where-clauses for Spark, FOLDER/<number>/True and …/False the tables that each is for.
"""

import json
import math
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from lake.predicates import GREATEST, OPERATORS, VALUES, Predicate, predicates
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


HARD = {
    "NaN": ("double", [[math.nan, 1.0], [2.0]], 5.0),
    "infinity": ("float", [[math.inf, 1.0], [-math.inf]], 1.0),
    "zero": ("double", [[0.0], [-0.0]], -0.0),
    "a long text": ("string", [["a" * 40], ["a" * 32]], "a" * 40),
    "a text that a row's is a prefix of": ("string", [["a" * 40], ["b"]], "a" * 33),
    "the greatest letter": ("string", [[GREATEST * 32 + "a"], [GREATEST * 70]], GREATEST * 33),
    "a letter of the second plane": ("string", [["\U00020000"], ["\U00010000"]], "\U00020000"),
    "microseconds": ("timestamp", [[datetime(2024, 2, 29, 0, 0, 0, 123_999, UTC)]], datetime(2024, 2, 29, tzinfo=UTC)),
    "the last moment": ("timestamp_ntz", [[datetime.max], [datetime.min]], datetime.max),
    "many digits": ("decimal(38,10)", [[Decimal("1234567890123456789012345678.0123456789")]], Decimal("0.0000000001")),
    "a large number": ("long", [[2**63 - 1, -(2**63)], [2**53 + 1]], 2**53),
    "nothing": ("integer", [[None, None], [1]], 1),
}


def hard_tables(name: str) -> Iterator[tuple[Rows, list[Predicate]]]:
    """With all rows, and with the first one deleted."""
    kind, files, value = HARD[name]
    values = [value, *(one for file in files for one in file if one is not None)]
    asked = [Predicate("value", kind, ask, one) for ask in OPERATORS for one in values]
    asked += [Predicate("value", kind, ask) for ask in ("is null", "is not null")]
    for deleted in (set(), {0}):
        yield Rows(kind, "value", files, deleted), asked


def _is_worth_a_scan(asked: Predicate, hard: Any, rows: Rows) -> bool:
    """Spark plans up to two seconds for each: what is about the hard value, once, and NULLs. delta-rs answers all."""
    return asked.operator not in OPERATORS or (asked.value is hard and not rows.deleted)


def main(folder: str, count: str) -> None:
    asked: list[list[str]] = []

    def write(rows: Rows, asks: list[Predicate]) -> None:
        for stays in (True, False):
            rows.write(Path(folder) / str(len(asked)) / str(stays), stays=stays)
        asked.append([one.for_spark for one in asks])

    @given(tables())
    @settings(max_examples=int(count), deadline=None, database=None, phases=[Phase.generate], derandomize=True)
    def write_any(drawn: tuple[Rows, list[Predicate]]) -> None:
        write(*drawn)

    for name in HARD:
        for rows, asks in hard_tables(name):
            write(rows, [one for one in asks if _is_worth_a_scan(one, HARD[name][2], rows)])
    write_any()
    (Path(folder) / "asked.json").write_text(json.dumps(asked))


if __name__ == "__main__":
    main(*sys.argv[1:])
