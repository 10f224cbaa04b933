"""Puts rows in the order of their keys, so that readers find one key, or a range of them, in few pages of a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from cdc.lake.table_schema import Column

BYTES_A_RUN = 32 * 1024**2
"""in memory, of rows that are put in order together, which bounds the memory: a file of wider rows has several runs"""
_ROWS_AT_ONCE = 64 * 1024
_BYTES_AT_ONCE = 16 * 1024**2


def in_key_order(
    parts: Iterable[pa.Table], key: Sequence[Column], bytes_a_run: int = BYTES_A_RUN
) -> Iterator[pa.Table]:
    """All rows; those of a run are in the order of their keys."""
    # Arrow has no order of arrays.
    names = [(column.name, "ascending") for column in key if not column.type.element]
    if not names:
        yield from parts
        return
    run: list[pa.Table] = []
    size = 0
    for part in parts:
        run.append(part)
        size += part.nbytes
        del part
        if size >= bytes_a_run:
            yield from _in_order(run, names)
            size = 0
    if run:
        yield from _in_order(run, names)


def _in_order(run: list[pa.Table], keys: list[tuple[str, str]]) -> Iterator[pa.Table]:
    rows = pa.concat_tables(run)
    run.clear()
    order = pc.sort_indices(rows, sort_keys=keys)
    at_once = max(1, min(_ROWS_AT_ONCE, len(order) * _BYTES_AT_ONCE // max(1, rows.nbytes)))
    schema, columns = rows.schema, rows.columns
    del rows
    for number in range(len(columns)):
        # One column after the other, so that only one of them is there twice.
        columns[number] = columns[number].combine_chunks()
    for first in range(0, len(order), at_once):
        some = order.slice(first, at_once)
        yield pa.table([column.take(some) for column in columns], schema=schema)
