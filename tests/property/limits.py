"""What cannot be had: differences between source and lake that are no defect (docs/property-test.md)."""

from __future__ import annotations

from collections.abc import Callable
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
)


def column_limit(column: SourceColumn) -> Limit | None:
    return next((limit for limit in LIMITS if limit.column(column)), None)
