"""PostgreSQL's numeric(precision, scale) → the lake's type."""

from __future__ import annotations

from cdc.lake.column_type import STRING, ColumnType


def decimal_type(precision: int | None, scale: int | None) -> ColumnType:
    """string where no decimal type of the lake has as many digits, or nothing says how many there are."""
    if precision is None or scale is None:
        return STRING
    scale = real_scale(scale)
    # A negative scale rounds to tens or hundreds; one beyond the precision has zeros behind the point.
    whole, behind = max(precision - scale, 0), max(scale, 0)
    return ColumnType(f"decimal({whole + behind},{behind})") if 0 < whole + behind <= 38 else STRING


def real_scale(scale: int) -> int:
    """PostgreSQL keeps it in eleven bits, and who does not know of negative ones reads -2 as 2046."""
    return scale - 2048 if 1000 < scale < 2048 else scale
