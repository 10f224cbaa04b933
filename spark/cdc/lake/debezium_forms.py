"""Debezium's own ways of writing values, for connectors without the converter cdc.connect.ExactValues.

What the lake gets is the same as with it, as far as the message tells.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from cdc.lake.column_type import STRING, ColumnType
from cdc.lake.decimal_type import decimal_type, real_scale
from cdc.lake.exact_forms import BYTES, base64_bytes
from cdc.lake.out_of_range import OutOfRange
from cdc.lake.pg_array import array_text
from cdc.lake.pg_number import float_text, numeric_text
from cdc.lake.pg_time import (
    FIRST_DAY,
    FIRST_MICROSECOND,
    INFINITE,
    LAST_DAY,
    LAST_MICROSECOND,
    date_text,
    time_text,
    timestamp_text,
)
from cdc.lake.pg_value import EXACT, list_array, values_of
from cdc.lake.plain_forms import PLAIN_FORMS
from cdc.lake.value_form import Form

_MONEY_DIGITS = 19
_LIMIT = 2**63 - 1


def debezium_form(part: dict[str, Any]) -> Form:
    """Of a field of Connect's schema."""
    logical = part.get("name") or ""
    if logical in _LOGICAL:
        return _LOGICAL[logical]
    if logical == "org.apache.kafka.connect.data.Decimal":
        return _decimal(part.get("parameters") or {})
    kind = part["type"]
    if kind in PLAIN_FORMS:
        return PLAIN_FORMS[kind]
    if kind == "bytes":
        return BYTES
    if kind == "array":
        return _list(debezium_form(part["items"]))
    return _HSTORE if kind == "map" else _JSON


def _texts(text: Callable[[Any], str], kind: ColumnType = STRING, delimiter: str = ",") -> Form:
    """What is made of each value is PostgreSQL's text."""
    return Form(
        kind,
        text,
        lambda values: values_of([None if value is None else text(value) for value in values], kind, delimiter),
        delimiter,
    )


def _json_text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def _hstore_text(value: dict[str, str | None]) -> str:
    """As hstore_to_json prints it: shorter keys first."""
    keys = sorted(value, key=lambda key: (len(key.encode()), key.encode()))
    return json.dumps({key: value[key] for key in keys}, ensure_ascii=False)


_JSON = _texts(_json_text)
_HSTORE = _texts(_hstore_text)

# ------------------------------------------------------------------ lists


def _list(element: Form) -> Form:
    if element.type.element or element in (_JSON, _HSTORE):
        return _texts(lambda values: _list_text(values, element))

    def array(values: Sequence[Any]) -> pa.Array:
        return list_array(values, element.array)

    return Form(ColumnType(f"array<{element.type}>"), lambda values: _list_text(values, element), array)


def _list_text(values: Sequence[Any], element: Form) -> str:
    texts = [None if value is None else element.text(value) for value in values]
    # A list of lists is one array in PostgreSQL, of two dimensions: its parts stand without quotes.
    return f"{{{','.join(text or 'NULL' for text in texts)}}}" if element.type.element else array_text(texts)


def _vector_text(values: Sequence[float]) -> str:
    return f"[{','.join(float_text(float(value), 'float') for value in values)}]"


_VECTOR = Form(ColumnType("array<float>"), _vector_text, lambda values: list_array(values, PLAIN_FORMS["float"].array))

# ------------------------------------------------------------------ numbers


def _decimal(parameters: dict[str, str]) -> Form:
    scale = int(parameters.get("scale", 0))
    precision = parameters.get("connect.decimal.precision")
    # Only money comes without a precision.
    kind = decimal_type(int(precision or _MONEY_DIGITS), scale)

    def number(value: str) -> Decimal:
        exact = _unscaled(value, scale)
        behind = max(real_scale(scale), 0)
        return exact if behind == scale else EXACT.quantize(exact, Decimal(1).scaleb(-behind))

    if kind == STRING:
        return _texts(lambda value: numeric_text(number(value)))
    return Form(
        kind,
        lambda value: numeric_text(number(value)),
        lambda values: pa.array([None if value is None else number(value) for value in values], kind.arrow),
    )


def _unscaled(value: str, scale: int) -> Decimal:
    number = int.from_bytes(base64_bytes(value), "big", signed=True)
    return EXACT.scaleb(Decimal(number), -scale)


def _variable_scale(value: dict[str, Any]) -> str:
    return numeric_text(_unscaled(value["value"], value["scale"]))


# ------------------------------------------------------------------ dates and times


def _within(numbers: pa.Array, first: int, last: int, kind: str) -> pa.Array:
    ends = pc.min_max(numbers).as_py()
    if ends["min"] is not None and (ends["min"] < first or ends["max"] > last):
        raise OutOfRange("the years 1 to 9999")
    return numbers.cast(ColumnType(kind).arrow)


_DATE = Form(
    ColumnType("date"), date_text, lambda days: _within(pa.array(days, pa.int32()), FIRST_DAY, LAST_DAY, "date")
)


def _timestamp(microseconds: Callable[[int], int] | None) -> Form:
    def moment(value: int) -> int:
        # Infinity is the same number in each unit.
        return microseconds(value) if microseconds and abs(value) < INFINITE else value

    def array(values: Sequence[int | None]) -> pa.Array:
        if microseconds:
            values = [None if value is None else moment(value) for value in values]
        return _within(pa.array(values, pa.int64()), FIRST_MICROSECOND, LAST_MICROSECOND, "timestamp_ntz")

    return Form(ColumnType("timestamp_ntz"), lambda value: timestamp_text(moment(value)), array)


_ISO = re.compile(r"^([+-]?)(\d{4,})-(\d\d-\d\d)(?:T(.*?))?Z?$", re.ASCII)


def _from_iso(text: str, zone: str) -> str:
    """ISO 8601 of a date or of a moment in UTC → PostgreSQL's text; infinity as it is."""
    if text.endswith("infinity"):
        return text
    found = _ISO.match(text)
    if not found:
        raise ValueError(f"{text[:40]!r} is no moment in UTC")
    sign, year, day, time = found.groups()
    # Year 0 of ISO 8601 is 1 BC.
    number = -int(year) if sign == "-" else int(year)
    shown, era = (number, "") if number > 0 else (1 - number, " BC")
    if time is None:
        return f"{shown:04d}-{day}{era}"
    time = time if time.count(":") == 2 else f"{time}:00"
    fraction = time.rstrip("0") if "." in time else time
    return f"{shown:04d}-{day} {fraction.rstrip('.')}{zone}{era}"


def _zoned(text: str) -> str:
    if text.endswith("Z") or text.endswith("infinity"):
        return _from_iso(text, "+00")
    moment = datetime.fromisoformat(text).astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ")
    return f"{moment.rstrip('0') if '.' in moment else moment}+00"


def _zoned_array(values: Sequence[str | None]) -> pa.Array:
    return pa.array(values, pa.string()).cast(ColumnType("timestamp").arrow)


def _interval(microseconds: int) -> int:
    if abs(microseconds) >= _LIMIT:
        raise ValueError(
            "the interval does not fit into 64 bits of microseconds; set interval.handling.mode=string, "
            "or use the converter cdc.connect.ExactValues"
        )
    return microseconds


_ISO_INTERVAL = re.compile(
    r"^P(?:(-?\d+)Y)?(?:(-?\d+)M)?(?:(-?\d+)D)?(?:T(?:(-?\d+)H)?(?:(-?\d+)M)?(?:(-?)(\d+)(?:\.(\d+))?S)?)?$", re.ASCII
)


def _interval_text(text: str) -> str:
    """`P1Y2M-3DT4H5M6.5S` → `1 year 2 mons -3 days +04:05:06.5`."""
    found = _ISO_INTERVAL.match(text)
    if not found:
        return text
    years, months, days, hours, minutes = (int(part or 0) for part in found.groups()[:5])
    fraction = int((found[8] or "").ljust(6, "0")[:6])
    seconds = (int(found[7] or 0) * 1_000_000 + fraction) * (-1 if found[6] else 1)
    time = (hours * 60 + minutes) * 60_000_000 + seconds
    months += years * 12
    years, months = int(months / 12), months - int(months / 12) * 12
    parts, negative = [], False
    for number, unit in ((years, "year"), (months, "mon"), (days, "day")):
        if number:
            plus = "+" if negative and number > 0 else ""
            parts.append(f"{plus}{number} {unit}{'' if number == 1 else 's'}")
            negative = number < 0
    if time or not parts:
        sign = "-" if time < 0 else "+" if negative else ""
        parts.append(sign + time_text(abs(time)))
    return " ".join(parts)


def _utc_offset(text: str) -> str:
    return f"{text[:-1]}+00" if text.endswith("Z") else text


def _point(value: dict[str, Any]) -> str:
    return f"({float_text(float(value['x']), 'double')},{float_text(float(value['y']), 'double')})"


_TIME_IN_MILLISECONDS = _texts(lambda milliseconds: time_text(milliseconds * 1000))
_LOGICAL: dict[str, Form] = {
    "io.debezium.time.Date": _DATE,
    "org.apache.kafka.connect.data.Date": _DATE,
    "io.debezium.time.IsoDate": _texts(lambda text: _from_iso(text, ""), ColumnType("date")),
    "io.debezium.time.Timestamp": _timestamp(lambda milliseconds: milliseconds * 1000),
    "org.apache.kafka.connect.data.Timestamp": _timestamp(lambda milliseconds: milliseconds * 1000),
    "io.debezium.time.MicroTimestamp": _timestamp(None),
    "io.debezium.time.NanoTimestamp": _timestamp(lambda nanoseconds: nanoseconds // 1000),
    "io.debezium.time.IsoTimestamp": _texts(lambda text: _from_iso(text, ""), ColumnType("timestamp_ntz")),
    "io.debezium.time.ZonedTimestamp": Form(ColumnType("timestamp"), _zoned, _zoned_array),
    "io.debezium.time.Time": _TIME_IN_MILLISECONDS,
    "org.apache.kafka.connect.data.Time": _TIME_IN_MILLISECONDS,
    "io.debezium.time.MicroTime": _texts(time_text),
    "io.debezium.time.NanoTime": _texts(lambda nanoseconds: time_text(nanoseconds // 1000)),
    "io.debezium.time.IsoTime": _texts(lambda text: text.removesuffix("Z")),
    "io.debezium.time.ZonedTime": _texts(_utc_offset),
    "io.debezium.time.Interval": _texts(_interval_text),
    "io.debezium.time.MicroDuration": Form(
        ColumnType("long"),
        lambda value: str(_interval(value)),
        lambda values: pa.array([None if value is None else _interval(value) for value in values], pa.int64()),
    ),
    "io.debezium.data.VariableScaleDecimal": _texts(_variable_scale),
    "io.debezium.data.geometry.Point": _texts(_point),
    "io.debezium.data.DoubleVector": _VECTOR,
    "io.debezium.data.FloatVector": _VECTOR,
}
