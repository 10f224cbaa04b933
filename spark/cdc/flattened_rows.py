"""Change events → rows of the change table: a nullable string column for each column before and after."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from cdc.row_columns import RowColumns

# Delta refuses them in a column's name unless it maps columns; a dot is none of them.
_NEED_COLUMN_MAPPING = frozenset(" ,;{}()\n\t=")


def column_names(columns: RowColumns) -> list[str]:
    """`payload.before.<column>` …, `payload.after.<column>` …, `payload.ts_ms`, `payload.op`."""
    return [
        *(f"payload.before.{name}" for name in columns.before),
        *(f"payload.after.{name}" for name in columns.after),
        "payload.ts_ms",
        "payload.op",
    ]


def need_column_mapping(columns: RowColumns) -> bool:
    """Whether a column has a name that Delta can store only with column mapping."""
    return any(_NEED_COLUMN_MAPPING.intersection(name) for name in (*columns.before, *columns.after))


def flattened_rows(events: DataFrame, columns: RowColumns) -> DataFrame:
    """Rows of one table, in the columns of `column_names`, all of them nullable strings."""
    values = [
        *(_field("before", name) for name in columns.before),
        *(_field("after", name) for name in columns.after),
        F.col("ts_ms"),
        F.col("op"),
    ]
    return events.select(*(value.alias(name) for value, name in zip(values, column_names(columns), strict=True)))


def _field(row: str, name: str) -> Column:
    return F.element_at(row, F.lit(name))
