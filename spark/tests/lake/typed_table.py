"""A lake table of the values of some columns, as a program that did not write it reads it."""

from collections.abc import Sequence
from typing import Any

import pyarrow as pa
from lake.debezium import columns
from lake.readers import delta_rs_arrow

from cdc.lake.data_files import DataFiles
from cdc.lake.rows import NeedsColumns, ValueRules, typed_rows
from cdc.lake.storage import open_storage
from cdc.lake.table_log import TableLog
from cdc.lake.table_schema import Column, evolved, schema_actions


def table_columns(fields, known: Sequence[Column] = (), own=()) -> tuple[Column, ...]:
    versions = [[(column.name, column.type) for column in columns(fields)]]
    return evolved(known, versions, own).columns


def typed(rows, fields, table: Sequence[Column] | None = None, rules: ValueRules | None = None):
    """Arrays and rows that cannot be converted, in a table that follows what the rows need; and its columns."""
    table = table_columns(fields) if table is None else table
    try:
        return *typed_rows(rows, columns(fields), table, rules or ValueRules()), table
    except NeedsColumns as needs:
        table = evolved(table, [], needs.columns).columns
        return *typed_rows(rows, columns(fields), table, rules or ValueRules()), table


def written_and_read(folder, rows, fields) -> list[dict[str, Any]]:
    arrays, bad, table = typed(rows, fields)
    assert bad == []
    write(folder, table, arrays)
    return delta_rs_arrow(folder).to_pylist()


def write(folder, table: Sequence[Column], arrays) -> None:
    storage = open_storage(f"file:{folder}")
    log = TableLog(storage)
    snapshot = log.snapshot()
    table, actions = schema_actions(snapshot, table, {})
    rows = pa.table([arrays[column.name] for column in table], names=[column.name for column in table])
    file = DataFiles(storage).write([rows], table)
    log.commit(snapshot, [*actions, file.add()], "WRITE", {})


def only(array: pa.Array) -> Any:
    (value,) = array.to_pylist()
    return value
