"""What cannot be had: differences between source and lake that are no defect (docs/property-test.md)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tests.property.database import SourceColumn


@dataclass(frozen=True)
class Limit:
    name: str
    reason: str
    named_by: str
    """the words with which preview, or `npm run status`, names it"""
    column: Callable[[SourceColumn], bool] = lambda column: False
    """whether the values of a column are not compared at all"""


LIMITS = (
    Limit(
        "stored generated column",
        "PostgreSQL 17 does not put generated columns into the log: only rows that a snapshot read have a value.",
        "preview: generated column, its values are not in the log",
        column=lambda column: column.generated,
    ),
    Limit(
        "large value that an update left alone while a new table's rows were read in chunks",
        "Debezium gives the update in the place of the row that it read, and the update does not have the value.",
        "status: rows lack values that PostgreSQL did not log",
    ),
)


_UNLOGGED = re.compile(r"^(.*) did not change, and the table does not have what was there: null is written$")


def unlogged_columns(letters: Iterable[str]) -> set[str]:
    """The columns that dead letters name for the second of the limits."""
    return {name for letter in letters if (match := _UNLOGGED.match(letter)) for name in match[1].split(", ")}


def column_limit(column: SourceColumn) -> Limit | None:
    return next((limit for limit in LIMITS if limit.column(column)), None)
