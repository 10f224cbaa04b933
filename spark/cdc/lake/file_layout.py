"""How Parquet files are laid out: a micro-batch's is cheap to write, one that stays is good to query. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from cdc.lake.column_statistics import has_bounds
from cdc.lake.table_schema import Column

ROWS_A_GROUP = 32 * 1024
"""small: for readers that skip row groups, and know nothing of pages"""
ROWS_A_FRESH_GROUP = 128 * 1024
BYTES_A_GROUP = 64 * 1024**2
"""in memory, of a row group: its rows wait for each other"""
_SAMPLE = 8_192
"""rows by which a column is judged"""
_LONGEST = 256
"""bytes of values for which a dictionary is thought of"""

FRESH: dict[str, Any] = {"use_dictionary": False, "write_statistics": False}
"""Neither dictionaries nor statistics: they cost a third of the time, and small files gain nothing by them."""


def lasting(columns: Sequence[Column], first: pa.Table) -> dict[str, Any]:
    """Options of Parquet's writer. first: the first rows of the file, in its names."""
    sample = pa.array(range(0, first.num_rows, max(1, first.num_rows // _SAMPLE)), pa.int32())
    return {
        "use_dictionary": [
            column.in_files
            for column in columns
            if has_bounds(column) and _repeats(first.column(column.in_files), sample)
        ],
        # Not of columns that may have NaN, which Arrow leaves out of the bounds and some readers take for the greatest.
        "write_statistics": [
            column.in_files for column in columns if has_bounds(column) and column.type.name not in ("float", "double")
        ],
        "write_page_index": True,
    }


def row_groups(parts: Iterable[pa.Table]) -> Iterator[pa.Table]:
    """Parts put together, so that a file that was made of many has few row groups."""
    waiting: list[pa.Table] = []
    count = size = 0
    for part in parts:
        waiting.append(part)
        count, size = count + part.num_rows, size + part.nbytes
        del part
        while count >= ROWS_A_GROUP or size >= BYTES_A_GROUP:
            rows = pa.concat_tables(waiting)
            waiting = [rows.slice(ROWS_A_GROUP)] if count > ROWS_A_GROUP else []
            count, size = sum(map(len, waiting)), sum(one.nbytes for one in waiting)
            yield rows.slice(0, ROWS_A_GROUP)
            del rows
    if waiting:
        yield pa.concat_tables(waiting)


def _repeats(values: pa.ChunkedArray, sample: pa.Array) -> bool:
    """Whether a dictionary pays: each value is there twice or more."""
    if values.nbytes > _LONGEST * len(values):
        return False
    some = values.take(sample)
    return pc.count_distinct(some).as_py() * 2 <= len(some) - some.null_count
