"""PostgreSQL's texts ↔ values of the lake's types: many at once, as Arrow has them, or one, as Python has it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import Context, Decimal, InvalidOperation
from functools import lru_cache
from itertools import accumulate
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from cdc.lake.column_type import STRING, ColumnType
from cdc.lake.out_of_range import OutOfRange
from cdc.lake.pg_array import array_text, elements
from cdc.lake.pg_number import float_text, numeric_text
from cdc.lake.pg_time import date_text, read_date, read_timestamp, read_timestamptz, timestamp_text, within

Texts = Sequence[str | None]

CANNOT_CONVERT = (pa.ArrowException, ValueError, TypeError, ArithmeticError, AttributeError, KeyError)

WHOLE_BITS = {"short": 15, "integer": 31, "long": 63}
# PostgreSQL's numeric has up to 131,072 digits before and 16,383 behind the point.
EXACT = Context(prec=150_000)
_BOOLEANS = {"t": True, "true": True, "f": False, "false": False}
_ESCAPED_BYTE = re.compile(rb"\\(\\|[0-3][0-7]{2})")


# ------------------------------------------------------------------ texts → values


def values_of(texts: Texts, kind: ColumnType, delimiter: str = ",") -> pa.Array:
    """All at once. Raises one of CANNOT_CONVERT when one of them cannot be such a value; `value_of` says which.

    delimiter: of the elements, where the texts are arrays.
    """
    if element := kind.element:
        lists = [None if text is None else elements(text, delimiter) for text in texts]
        return list_array(lists, lambda flat: values_of(flat, element))
    if kind.name == "boolean":
        return pa.array([None if text is None else _boolean(text) for text in texts], pa.bool_())
    if kind.name == "binary":
        return pa.array([None if text is None else _bytes(text) for text in texts], pa.binary())
    array = pa.array(texts, pa.string())
    return array if kind == STRING else array.cast(kind.arrow)


def list_array(lists: Sequence[Sequence[Any] | None], array: Callable[[list[Any]], pa.Array]) -> pa.Array:
    """array: makes one of the elements of all lists."""
    flat = array([element for each in lists if each is not None for element in each])
    offsets = pa.array([0, *accumulate(0 if each is None else len(each) for each in lists)], pa.int32())
    mask = pa.array([each is None for each in lists], pa.bool_()) if None in lists else None
    return pa.ListArray.from_arrays(offsets, flat, mask=mask)


def value_of(text: str, kind: ColumnType, delimiter: str = ",") -> Any:
    """As pyarrow takes it. Raises OutOfRange, Nested, or ValueError when the text is no such value."""
    if kind.element:
        read = _reader(kind.element)
        return [None if element is None else read(element) for element in elements(text, delimiter)]
    return _reader(kind)(text)


def surely_in_range(text: str, kind: ColumnType) -> bool:
    """Whether a text that PostgreSQL wrote for a value of this kind is one that the lake's type holds."""
    kind = kind.element or kind
    if kind.name in ("date", "timestamp", "timestamp_ntz"):
        return within(text)
    return not kind.is_decimal or text[-1:].isdigit()


@lru_cache(maxsize=256)
def _reader(kind: ColumnType) -> Callable[[str], Any]:
    if kind.is_decimal:
        return lambda text: _decimal(text, kind)
    readers: dict[str, Callable[[str], Any]] = {
        "boolean": _boolean,
        "short": lambda text: _whole(text, 15),
        "integer": lambda text: _whole(text, 31),
        "long": lambda text: _whole(text, 63),
        "float": _float,
        "double": float,
        "string": lambda text: text,
        "binary": _bytes,
        "date": read_date,
        "timestamp": read_timestamptz,
        "timestamp_ntz": read_timestamp,
    }
    return readers[kind.name]


def _boolean(text: str) -> bool:
    if text not in _BOOLEANS:
        raise ValueError(f"{text[:40]!r} is no boolean")
    return _BOOLEANS[text]


def _whole(text: str, bits: int) -> int:
    number = int(text)
    if not -(1 << bits) <= number < 1 << bits:
        raise ValueError(f"{text[:40]} does not fit into {bits + 1} bits")
    return number


def _float(text: str) -> float:
    """Rounded to single precision."""
    number = pa.scalar(float(text), pa.float32()).as_py()
    if number in (float("inf"), float("-inf")) and "inf" not in text.lower():
        raise ValueError(f"{text[:40]} does not fit into a float")
    return number


def _decimal(text: str, kind: ColumnType) -> Decimal:
    precision, scale = kind.digits
    try:
        number = Decimal(text)
    except InvalidOperation as error:
        raise ValueError(f"{text[:40]!r} is no number") from error
    if not number.is_finite():
        raise OutOfRange(f"the finite numbers of {kind}")
    exact = EXACT.scaleb(EXACT.to_integral_value(EXACT.scaleb(number, scale)), -scale)
    # Not abs(): that rounds to the 28 digits of the thread's context.
    if exact != number or number.copy_abs() >= 10 ** (precision - scale):
        raise ValueError(f"{text[:40]} does not fit into {kind}")
    return EXACT.quantize(exact, Decimal(1).scaleb(-scale))


def _bytes(text: str) -> bytes:
    if text.startswith("\\x"):
        return bytes.fromhex(text[2:])
    if "\\" not in text:
        raise ValueError(f"{text[:40]!r} is no bytea")
    # bytea_output = escape
    return _ESCAPED_BYTE.sub(
        lambda found: b"\\" if found[1] == b"\\" else bytes([int(found[1], 8)]), text.encode("latin-1")
    )


# ------------------------------------------------------------------ values → texts


def text_of(value: Any, kind: ColumnType) -> str:
    """One value, not null, as pyarrow gives it."""
    return texts_of(pa.array([value], kind.arrow), kind)[0].as_py()


def texts_of(array: pa.Array, kind: ColumnType, delimiter: str = ",") -> pa.Array:
    """What PostgreSQL makes of each value as `::text`, timestamps in UTC. Never raises, whatever is stored.

    delimiter: of the elements, where the values are arrays.
    """
    if kind.element:
        lengths = pc.list_value_length(array).to_pylist()
        flat = _element_texts(array.flatten(), kind.element).to_pylist()
        ends = accumulate(length or 0 for length in lengths)
        texts = (
            None if length is None else array_text(flat[end - length : end], delimiter)
            for length, end in zip(lengths, ends, strict=True)
        )
        return pa.array(list(texts), pa.string())
    if kind == STRING or kind.name in WHOLE_BITS or kind.name == "boolean":
        return array.cast(pa.string())
    if kind.name in ("float", "double"):
        # Arrow knows the fewest digits of a float; Python, of a double only.
        pairs = zip(array.to_pylist(), array.cast(pa.string()).to_pylist(), strict=True)
        texts = (None if value is None else float_text(value, kind.name, digits) for value, digits in pairs)
    else:
        stored_as, text = _TEXTS.get(kind.name, (None, numeric_text))
        values = (array.cast(stored_as) if stored_as else array).to_pylist()
        texts = (None if value is None else text(value) for value in values)
    return pa.array(list(texts), pa.string())


def _element_texts(array: pa.Array, kind: ColumnType) -> pa.Array:
    return pc.if_else(array, "t", "f") if kind.name == "boolean" else texts_of(array, kind)


def _moment(microseconds: int, zone: str) -> str:
    try:
        return timestamp_text(microseconds, zone)
    except ValueError:
        return str(microseconds)


_TEXTS: dict[str, tuple[pa.DataType | None, Callable[[Any], str]]] = {
    "date": (pa.int32(), date_text),
    "timestamp": (pa.int64(), lambda microseconds: _moment(microseconds, "+00")),
    "timestamp_ntz": (pa.int64(), lambda microseconds: _moment(microseconds, "")),
    "binary": (None, lambda value: "\\x" + value.hex()),
}
