"""`_rescued_data`: PostgreSQL's texts of values that the lake's types do not hold, a JSON object by column's name."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from cdc.lake.column_names import OWN_NAMES, RESCUED
from cdc.lake.column_type import STRING

RESCUED_COLUMN = (RESCUED, STRING)


def rescued_json(texts: Mapping[str, str]) -> str | None:
    return json.dumps(texts, ensure_ascii=False, separators=(",", ":")) if texts else None


def rescued_texts(content: str | None) -> dict[str, str]:
    """Empty where nothing is rescued, or another program wrote something else."""
    try:
        texts: Any = json.loads(content) if content else {}
    except ValueError:
        return {}
    return {name: text for name, text in texts.items() if isinstance(text, str)} if isinstance(texts, dict) else {}


def carried(new: str | None, old: str | None, names: Iterable[str]) -> str | None:
    """`_rescued_data` of a row whose values of these columns were not logged and stay what they were.

    new: of the change. old: of the row that the table has. names: of the lake's columns.
    """
    if not old:
        return new
    before = rescued_texts(old)
    kept = {name: before[name] for name in names if name in before}
    return rescued_json({**rescued_texts(new), **kept}) if kept else new


def restored(table: pa.Table) -> pa.Table:
    """Rows of a table, columns that are text by now filled with what was rescued from them before."""
    if RESCUED not in table.column_names or table.column(RESCUED).null_count == table.num_rows:
        return table
    texts = [rescued_texts(content) for content in table.column(RESCUED).to_pylist()]
    for name in {name for of_row in texts for name in of_row}.difference(OWN_NAMES):
        if name not in table.column_names or table.schema.field(name).type != pa.string():
            continue
        filled = pa.array([of_row.pop(name, None) for of_row in texts], pa.string())
        column = pc.coalesce(table.column(name).combine_chunks(), filled)
        table = table.set_column(table.column_names.index(name), name, column)
    rest = pa.array([rescued_json(of_row) for of_row in texts], pa.string())
    return table.set_column(table.column_names.index(RESCUED), RESCUED, rest)
