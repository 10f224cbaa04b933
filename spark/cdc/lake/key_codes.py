"""What the index has in a key's place: 96 bits, the same from a message and from a data file.

One whole number is itself, so that keys that count up lie side by side. Anything else is a digest, keyed with the
table's id, of which two keys of a table never share one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cdc.lake.column_names import RESCUED
from cdc.lake.column_type import ColumnType
from cdc.lake.fold import Key
from cdc.lake.key_digest import digests, digests_of_words
from cdc.lake.keys import canonical, same_in_files
from cdc.lake.rescued import rescued_texts
from cdc.lake.table_schema import Column

_WHOLE = ("short", "integer", "long")
_FLOATING = ("float", "double")
_SIGN = np.uint64(1 << 63)
_VALUE, _TEXT = 0, 1


class Codes(NamedTuple):
    """Of many keys."""

    firsts: np.ndarray
    """uint64; in the order of the keys where these are whole numbers"""
    checks: np.ndarray
    """uint32; of keys that share the first part, which is rare, they tell which one it is"""

    def take(self, which: Any) -> Codes:
        return Codes(self.firsts[which], self.checks[which])

    @property
    def numbers(self) -> list[int]:
        """Each as one number."""
        return [first << 32 | check for first, check in zip(self.firsts.tolist(), self.checks.tolist(), strict=True)]


def joined(codes: Sequence[Codes]) -> Codes:
    if not codes:
        return Codes(np.empty(0, np.uint64), np.empty(0, np.uint32))
    return Codes(np.concatenate([one.firsts for one in codes]), np.concatenate([one.checks for one in codes]))


def codes_of_numbers(numbers: Sequence[int]) -> Codes:
    firsts = np.array([number >> 32 for number in numbers], np.uint64)
    return Codes(firsts, np.array([number & 0xFFFFFFFF for number in numbers], np.uint32))


def codes_of_keys(keys: Sequence[Key], columns: Sequence[Column], secret: bytes) -> Codes:
    """Of keys as `message_keys` makes them. columns: of the key. secret: 16 bytes."""
    values, texts = [], []
    for place, column in enumerate(columns):
        of_column = [key[place] for key in keys]
        as_text: list[str | None] = [None] * len(keys)
        if not same_in_files(column.type):
            # What the lake's type does not hold is its text; "NaN" of floating-point numbers is one.
            instead = float("nan") if column.type.name in _FLOATING else None
            as_text = [value if type(value) is str and instead is None else None for value in of_column]
            of_column = [instead if type(value) is str else value for value in of_column]
        values.append(_texts_of(of_column) if column.type.element else pa.array(of_column, column.type.arrow))
        texts.append(pa.array(as_text, pa.string()))
    return _codes(values, texts, [column.type for column in columns], secret)


def codes_of_rows(rows: pa.Table, columns: Sequence[Column], secret: bytes) -> tuple[Codes, np.ndarray]:
    """Of the rows of a data file, and which of them have a key: NULL is none. What is said of others means nothing."""
    values, texts = [], []
    keyed = np.ones(rows.num_rows, bool)
    for column in columns:
        of_column = rows.column(column.name).combine_chunks()
        as_text = pa.nulls(len(of_column), pa.string())
        if of_column.null_count:
            as_text = as_text if same_in_files(column.type) else _rescued(rows, column.name)
            keyed &= pc.or_(of_column.is_valid(), as_text.is_valid()).to_numpy(zero_copy_only=False)
        if column.type.element:
            of_column = _texts_of(
                [value if value is None else canonical(value, column.type) for value in of_column.to_pylist()]
            )
        values.append(of_column)
        texts.append(as_text)
    return _codes(values, texts, [column.type for column in columns], secret), keyed


def _texts_of(values: Sequence[Any]) -> pa.Array:
    """Of arrays, for which there is nothing faster."""
    return pa.array([None if value is None else repr(value) for value in values], pa.string())


def _rescued(rows: pa.Table, name: str) -> pa.Array:
    if RESCUED not in rows.column_names:
        return pa.nulls(rows.num_rows, pa.string())
    contents = rows.column(RESCUED).to_pylist()
    return pa.array([content and rescued_texts(content).get(name) for content in contents], pa.string())


def _codes(values: Sequence[pa.Array], texts: Sequence[pa.Array], kinds: Sequence[ColumnType], secret: bytes) -> Codes:
    if len(kinds) == 1 and kinds[0].name in _WHOLE:
        firsts = _numbers(values[0]) ^ _SIGN
        return Codes(firsts, np.zeros(len(firsts), np.uint32))
    if len(kinds) == 1 and kinds[0].name in ("string", "binary"):
        first, second = digests(values[0], secret)
    else:
        words = [word for of_column in zip(values, texts, kinds, strict=True) for word in _words(*of_column, secret)]
        first, second = digests_of_words(np.stack(words, axis=1), secret)
    return Codes(first, second.astype(np.uint32))


def _words(values: pa.Array, texts: pa.Array, kind: ColumnType, secret: bytes) -> list[np.ndarray]:
    """A column's part of the keys, in a fixed number of words."""
    if kind.name in ("string", "binary"):
        return list(digests(values, secret))
    if same_in_files(kind):
        return [_numbers(values)]
    if kind.element:
        first, second = digests(values, secret)
    elif kind.is_decimal:
        first, second = _halves(values)
    else:
        first = _numbers(values)
        second = np.zeros_like(first)
    what = np.full(len(values), _VALUE, np.uint64)
    if texts.null_count < len(texts):
        of_text = texts.is_valid().to_numpy(zero_copy_only=False)
        what[of_text] = _TEXT
        first, second = (
            np.where(of_text, text, value) for text, value in zip(digests(texts, secret), (first, second), strict=True)
        )
    return [what, first, second]


def _numbers(values: pa.Array) -> np.ndarray:
    kind = values.type
    if pa.types.is_floating(kind):
        numbers = values.cast(pa.float64()).fill_null(0.0).to_numpy(zero_copy_only=False)
        # Adding makes 0 of -0; of all NaNs one.
        return np.where(np.isnan(numbers), np.nan, numbers + 0.0).view(np.uint64)
    if pa.types.is_date32(kind):
        values = values.cast(pa.int32())
    return values.cast(pa.int64()).fill_null(0).to_numpy(zero_copy_only=False).view(np.uint64)


def _halves(values: pa.Array) -> tuple[np.ndarray, np.ndarray]:
    """Of decimals: 128 bits each."""
    words = np.frombuffer(values.buffers()[1], np.uint64).reshape(-1, 2)[values.offset : values.offset + len(values)]
    return words[:, 0], words[:, 1]
