"""Values of all types, those at the ends of their ranges first, and what a query may ask of a column."""

import math
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

GREATEST = "\U0010ffff"
_LETTERS = st.sampled_from("ab{\x7fé\ud7ff\ue000\uffff\U00010000" + GREATEST + "\"\\'")
_UNITS = {"short": "Int16", "integer": "Int32", "long": "Int64", "float": "Float32", "double": "Float64"}


def _whole(bits: int) -> st.SearchStrategy[int]:
    least, most = -(2 ** (bits - 1)), 2 ** (bits - 1) - 1
    return st.one_of(st.sampled_from([least, least + 1, -1, 0, 1, most - 1, most]), st.integers(least, most))


def _decimals(precision: int, scale: int) -> st.SearchStrategy[Decimal]:
    most = 10**precision - 1
    digits = st.one_of(st.sampled_from([-most, 1 - most, -1, 0, 1, most - 1, most]), st.integers(-most, most))
    return digits.map(lambda whole: Decimal((int(whole < 0), tuple(map(int, str(abs(whole)))), -scale)))


def _floats(width: int) -> st.SearchStrategy[float]:
    return st.one_of(st.sampled_from([0.0, -0.0, 1.5, math.nan, math.inf, -math.inf]), st.floats(width=width))


_MOMENTS = st.one_of(
    st.sampled_from([datetime.min, datetime.max, datetime(1970, 1, 1), datetime(1582, 10, 4, 23, 59, 59, 999_999)]),
    # Within a few milliseconds of each other.
    st.integers(0, 2_500).map(lambda more: datetime(2024, 2, 29, 12) + timedelta(microseconds=more)),
    st.integers(0, 2_500).map(lambda less: datetime(1969, 12, 31, 23) - timedelta(microseconds=less)),
    st.datetimes(),
)
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "short": _whole(16),
    "integer": _whole(32),
    "long": _whole(64),
    "float": _floats(32),
    "double": _floats(64),
    "decimal(9,2)": _decimals(9, 2),
    "decimal(5,5)": _decimals(5, 5),
    "decimal(38,10)": _decimals(38, 10),
    "string": st.one_of(
        st.text(_LETTERS, max_size=3),
        st.builds(
            lambda start, end: start + end, st.sampled_from(["a" * 31, "a" * 32, GREATEST * 32]), st.text(_LETTERS)
        ),
        st.integers(30, 70).map(lambda count: GREATEST * count),
        st.just("x" * 5_000),
    ),
    "date": st.one_of(st.sampled_from([date.min, date.max, date(1582, 10, 4), date(1970, 1, 1)]), st.dates()),
    "timestamp": _MOMENTS.map(lambda moment: moment.replace(tzinfo=UTC)),
    "timestamp_ntz": _MOMENTS,
    "boolean": st.booleans(),
    "binary": st.binary(max_size=3),
    "array<string>": st.lists(st.text(_LETTERS, max_size=2), max_size=2),
}
ORDERED = [kind for kind in VALUES if kind not in ("binary", "array<string>")]
"""types whose values a query compares with"""
OPERATORS = ("=", "<>", "<", "<=", ">", ">=")


@dataclass(frozen=True)
class Predicate:
    column: str
    kind: str
    operator: str
    """one of OPERATORS, or `is null`, `is not null`"""
    value: Any = None

    @property
    def for_delta_rs(self) -> str:
        return " ".join((_quoted(self.column, '"'), self.operator, self._literal_of_delta_rs))

    @property
    def for_spark(self) -> str:
        return " ".join((_quoted(self.column, "`"), self.operator, self._literal_of_spark))

    @property
    def _literal_of_delta_rs(self) -> str:
        kind, value = self.kind, self.value
        if self.operator not in OPERATORS:
            return ""
        if kind in _UNITS:
            return f"arrow_cast('{value}', '{_UNITS[kind]}')"
        if kind.startswith("decimal"):
            return f"arrow_cast('{value:f}', '{kind.replace('decimal', 'Decimal128')}')"
        if kind.startswith("timestamp"):
            zone = 'Some("UTC")' if kind == "timestamp" else "None"
            return f"arrow_cast({_microseconds(value)}, 'Timestamp(Microsecond, {zone})')"
        if kind == "date":
            return f"arrow_cast('{value}', 'Date32')"
        return str(value).lower() if kind == "boolean" else _quoted(value, "'")

    @property
    def _literal_of_spark(self) -> str:
        kind, value = self.kind, self.value
        if self.operator not in OPERATORS:
            return ""
        if kind == "string":
            return f"decode(unhex('{value.encode().hex()}'), 'UTF-8')"
        if kind.startswith("timestamp"):
            return f"cast('{value.isoformat()}' as {kind})"
        if kind == "boolean":
            return str(value).lower()
        text = f"{value:f}" if kind.startswith("decimal") else str(value)
        return f"cast('{text}' as {kind})"


def predicates(column: str, kind: str, values: list[Any]) -> st.SearchStrategy[Predicate]:
    """values: that are in the column; those and others are asked for."""
    asks = [st.sampled_from(["is null", "is not null"]).map(lambda operator: Predicate(column, kind, operator))]
    if kind in ORDERED:
        known = [value for value in values if value is not None]
        wanted = st.one_of(st.sampled_from(known), VALUES[kind]) if known else VALUES[kind]
        asks.append(st.builds(Predicate, st.just(column), st.just(kind), st.sampled_from(OPERATORS), wanted))
    return st.one_of(asks[::-1])


def _quoted(text: str, mark: str) -> str:
    return mark + text.replace(mark, mark * 2) + mark


def _microseconds(moment: datetime) -> int:
    return (moment.replace(tzinfo=None) - datetime(1970, 1, 1)) // timedelta(microseconds=1)
