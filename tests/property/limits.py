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


TRUNCATED_MEANWHILE = "it was truncated while its rows were read in chunks"

LIMITS = (
    Limit(
        "stored generated column",
        "PostgreSQL 17 does not put generated columns into the log: only rows that a snapshot read have a value.",
        "preview: generated column, its values are not in the log",
        column=lambda column: column.generated,
    ),
    Limit(
        "number of the first element of an array of one dimension",
        "The lake's arrays have none; it is there in a key, and where the column is text when the row is written.",
        "docs/lake-tables.md: arrays start with their first element, whatever its number is",
    ),
    Limit(
        "large value that an update left alone while a new table's rows were read in chunks",
        "Debezium gives the update in the place of the row that it read, and the update does not have the value.",
        "status: rows lack values that PostgreSQL did not log",
    ),
    Limit(
        "rows of a TRUNCATE that came while they were read in chunks",
        "Debezium sends a chunk behind the changes that came while it was read, and takes no notice of a TRUNCATE.",
        f"status: {TRUNCATED_MEANWHILE}",
    ),
)


_BOUNDS = re.compile(r"^\[-?\d+:-?\d+\]=(?=\{(?!\{))")


def without_bounds(text: str) -> str:
    """PostgreSQL's text of an array; of one dimension without the numbers of its first and last element."""
    return _BOUNDS.sub("", text)


_UNLOGGED = re.compile(r"^(.*) did not change, and the table does not have what was there: null is written$")


def unlogged_columns(letters: Iterable[str]) -> set[str]:
    """The columns that dead letters name for the second of the limits."""
    return {name for letter in letters if (match := _UNLOGGED.match(letter)) for name in match[1].split(", ")}


def column_limit(column: SourceColumn) -> Limit | None:
    return next((limit for limit in LIMITS if limit.column(column)), None)
