"""What cannot be had: differences between source and lake that are no defect (docs/property-test.md)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.property.database import Kind, SourceColumn


@dataclass(frozen=True)
class Limit:
    name: str
    reason: str
    named_by: str
    """the words with which preview, or `npm run status`, names it"""
    column: Callable[[SourceColumn], bool] = lambda column: False
    """whether the values of a column are not compared at all"""
    value: Callable[[Kind, str], bool] = lambda kind, text: False
    """whether a value of the source is not compared"""


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


def value_limit(kind: Kind, text: str | None) -> Limit | None:
    return None if text is None else next((limit for limit in LIMITS if limit.value(kind, text)), None)
