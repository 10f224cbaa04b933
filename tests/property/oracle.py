"""Whether the lake has what the source has: by a rule a type, written apart from the product's code. Pure."""

from __future__ import annotations

import json
import math
import re
import struct
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa

from tests.property.database import Kind, SourceColumn, SourceTable
from tests.property.limits import column_limit, without_bounds
from tests.property.sql_text import array_text, parse_array, parse_hstore

RESCUED = "_rescued_data"
OWN = ("_lsn", "_deleted", RESCUED)


class OutOfRange(ValueError):
    """A value that the lake's type cannot hold."""


def differences(
    source: SourceTable, lake: pa.Table | None, most: int = 5, unsure: Callable[[str], bool] = lambda name: False
) -> list[str]:
    """None: they are equal but for what cannot be had. unsure: columns whose values may be others."""
    if lake is None:
        return [f"the lake has no table, the source has {len(source.rows)} rows"] if source.rows else []
    found: list[str] = []
    columns: list[tuple[int, SourceColumn, str]] = []
    for at, column in enumerate(source.columns):
        if column_limit(column) or unsure(column.name):
            continue
        name = lake_name(column.name, lake.column_names)
        if name is not None:
            columns.append((at, column, name))
        elif any(row[at] is not None for row in source.rows):
            found.append(f"column {column.name} ({column.declared}) is not in the lake: it has {lake.column_names}")
    expected = _expected(source, columns, lake)
    actual = _actual(columns, lake)
    missing = list((Counter(expected) - Counter(actual)).elements())
    extra = list((Counter(actual) - Counter(expected)).elements())
    if len(source.rows) != lake.num_rows:
        found.append(f"{len(source.rows)} rows in the source, {lake.num_rows} in the lake")
    found += _in_words([column for _, column, _ in columns], lake, [name for *_, name in columns], missing, extra)[
        :most
    ]
    return found


def _in_words(
    columns: Sequence[SourceColumn], lake: pa.Table, names: Sequence[str], missing: list[Any], extra: list[Any]
) -> list[str]:
    """Rows that have most columns in common are shown as one that differs."""
    found = []
    for row in missing:
        partner = max(extra, key=lambda one: sum(a == b for a, b in zip(row, one, strict=True)), default=None)
        same = sum(a == b for a, b in zip(row, partner, strict=True)) if partner else 0
        if partner is None or (same == 0 and len(row) > 1):
            found.append(f"only in the source: {_short(dict(zip(names, row, strict=True)))}")
            continue
        extra.remove(partner)
        for column, name, want, got in zip(columns, names, row, partner, strict=True):
            if want != got:
                found.append(
                    f"column {column.name} ({column.declared}, in the lake {lake.schema.field(name).type}): "
                    f"the source has {_short(want)}, the lake {_short(got)}"
                )
    found += [f"only in the lake: {_short(dict(zip(names, row, strict=True)))}" for row in extra]
    return found


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) < 400 else f"{text[:400]} … ({len(text)} characters)"


def lake_name(name: str, names: Sequence[str]) -> str | None:
    """The lake's column of a source's: one that differs in case only is the same."""
    if name in names:
        return name
    return next((one for one in names if one.lower() == name.lower()), None)


def _expected(source: SourceTable, columns: Sequence[tuple[int, SourceColumn, str]], lake: pa.Table) -> list[tuple]:
    types = [lake.schema.field(name).type for *_, name in columns]
    rows = []
    for row in source.rows:
        values = []
        for (at, column, _), kind in zip(columns, types, strict=True):
            text = row[at]
            if text is None:
                values.append(None)
            else:
                try:
                    values.append(source_value(text, column.kind, kind))
                except OutOfRange:
                    values.append(("rescued", text))
        rows.append(tuple(values))
    return rows


def _actual(columns: Sequence[tuple[int, SourceColumn, str]], lake: pa.Table) -> list[tuple]:
    rescued = lake[RESCUED].to_pylist() if RESCUED in lake.column_names else [None] * lake.num_rows
    saved = [json.loads(text) if text else {} for text in rescued]
    values = []
    for _, column, name in columns:
        kind = lake.schema.field(name).type
        plain = [_plain(value, column.kind, kind) for value in _python(lake[name])]
        values.append([_with_rescued(value, name, texts) for value, texts in zip(plain, saved, strict=True)])
    return list(zip(*values, strict=True)) if values else [()] * lake.num_rows


def _python(column: pa.ChunkedArray) -> list[Any]:
    return column.to_pylist()


def _with_rescued(value: Any, name: str, texts: dict[str, str]) -> Any:
    if name not in texts:
        return value
    return ("rescued", texts[name]) if value is None else ("rescued beside a value", texts[name], value)


# ---------------------------------------------------------------------- a value of the source


def source_value(text: str, kind: Kind, lake: pa.DataType) -> Any:  # noqa: PLR0911 a rule a type
    """What the lake should have for PostgreSQL's text, in a form that can be compared. Raises OutOfRange."""
    if pa.types.is_nested(lake):
        return _list(text, kind, lake.value_type)
    if _is_text(lake):
        return lake_text(text, kind)
    if pa.types.is_boolean(lake):
        return text in ("t", "1")
    if pa.types.is_integer(lake):
        return int(text)
    if pa.types.is_floating(lake):
        return _float(float(text), lake)
    if pa.types.is_decimal(lake):
        return _decimal(text)
    if pa.types.is_date(lake):
        return _date(text)
    if pa.types.is_timestamp(lake):
        return _timestamp(text if " " in text.replace(" BC", "") or "infinity" in text else f"{text} 00:00:00")
    return bytes.fromhex(text.removeprefix("\\x"))


def _is_text(lake: pa.DataType) -> bool:
    return pa.types.is_string(lake) or pa.types.is_large_string(lake) or pa.types.is_string_view(lake)


def _list(text: str, kind: Kind, lake: pa.DataType) -> Any:
    if kind.element is None:
        if kind.name not in ("vector", "halfvec"):
            return f"{kind}, which is no array", text
        parts = text.strip("[]").split(",")
        return tuple(parts) if _is_text(lake) else tuple(_float(float(part), lake) for part in parts)
    _, elements = parse_array(text, kind.element.delimiter)
    element = kind.element
    if any(isinstance(one, list) for one in elements):
        return "an array of arrays", text
    # These are PostgreSQL's texts in an array.
    texts = element.name == "hstore" or (element.name in ("bool", "bit") and not pa.types.is_boolean(lake))
    return tuple(one if one is None or texts else source_value(one, element, lake) for one in elements)


def lake_text(text: str, kind: Kind) -> str:
    """PostgreSQL's text in the form that the lake documents for its text columns."""
    if kind.name == "hstore":
        return json.dumps(dict(parse_hstore(text)))
    if kind.name == "bool" or (kind.name == "bit" and kind.modifier == 1):
        return "true" if text in ("t", "1") else "false"
    if kind.name == "money":
        return _plain_money([text])[0]
    if kind.element and kind.element.name == "money":
        bounds, elements = parse_array(text, kind.element.delimiter)
        text = (f"{bounds}=" if bounds else "") + array_text(_plain_money(elements))
    return without_bounds(text) if kind.element else text


def _plain_money(elements: list[Any]) -> list[Any]:
    """Without the currency and its separators, which depend on the server's settings."""
    return [
        _plain_money(one) if isinstance(one, list) else one and one.replace("$", "").replace(",", "")
        for one in elements
    ]


def _float(value: float, lake: pa.DataType) -> Any:
    if math.isnan(value):
        return "NaN"
    return struct.pack("f" if pa.types.is_float32(lake) else "d", value)


def _decimal(text: str) -> Decimal:
    if text in ("NaN", "Infinity", "-Infinity"):
        raise OutOfRange(text)
    return Decimal(text.replace("$", "").replace(",", ""))


_FAR_YEAR = re.compile(r"^\d{5,}-")


def _date(text: str) -> date:
    if "infinity" in text or text.endswith(" BC") or _FAR_YEAR.match(text):
        raise OutOfRange(text)
    return date.fromisoformat(text)


def _timestamp(text: str) -> datetime:
    if "infinity" in text or text.endswith(" BC") or _FAR_YEAR.match(text):
        raise OutOfRange(text)
    return datetime.fromisoformat(text.removesuffix("+00"))


# ---------------------------------------------------------------------- a value of the lake


def _plain(value: Any, kind: Kind, lake: pa.DataType) -> Any:  # noqa: PLR0911 a rule a type
    if value is None:
        return None
    if pa.types.is_nested(lake):
        if kind.element and kind.element.name == "hstore":
            return tuple(value)
        return tuple(_plain(one, kind.element or kind, lake.value_type) for one in value)
    if pa.types.is_floating(lake):
        return _float(value, lake)
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
    if isinstance(value, str) and kind.element:
        return without_bounds(value)
    if isinstance(value, str) and kind.name == "hstore":
        try:
            return json.dumps(json.loads(value))
        except ValueError:
            return ("no JSON", value)
    return value
