"""PostgreSQL's texts of numbers."""

from __future__ import annotations

import math
from decimal import Decimal

_FIXED_DIGITS = {"float": 6, "double": 15}
"""from so many digits before the point on a float is written with an exponent"""


def float_text(value: float, kind: str, digits: str | None = None) -> str:
    """As PostgreSQL prints it since version 12: the fewest digits that are read back as the same number.

    kind: `float` | `double`. digits: those digits, in any layout, where Python's of the value are not they.
    """
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    sign, figures, exponent = Decimal(digits or repr(float(value))).as_tuple()
    shown = "".join(map(str, figures)).rstrip("0")
    minus = "-" if sign else ""
    if not shown:
        return f"{minus}0"
    power = len(figures) + int(exponent) - 1
    if -4 <= power < _FIXED_DIGITS[kind]:
        return f"{minus}{_fixed(shown, power)}"
    point = f".{shown[1:]}" if len(shown) > 1 else ""
    return f"{minus}{shown[0]}{point}e{'-' if power < 0 else '+'}{abs(power):02d}"


def _fixed(figures: str, power: int) -> str:
    """figures: without zeros at the end. power: of ten, of the first figure."""
    if power < 0:
        return f"0.{'0' * (-power - 1)}{figures}"
    whole = figures[: power + 1].ljust(power + 1, "0")
    rest = figures[power + 1 :]
    return f"{whole}.{rest}" if rest else whole


def numeric_text(value: Decimal) -> str:
    """All digits, no exponent."""
    return format(value, "f")
