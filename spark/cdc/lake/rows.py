"""Changes → Arrow columns of a lake table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from cdc.lake.column_names import RESCUED
from cdc.lake.column_type import STRING, ColumnType, common_type
from cdc.lake.columns import columns_of_rows
from cdc.lake.event import UNCHANGED, Row, Unwritable
from cdc.lake.out_of_range import OutOfRange
from cdc.lake.pg_array import Nested
from cdc.lake.pg_value import CANNOT_CONVERT, surely_in_range, texts_of, value_of, values_of
from cdc.lake.rescued import RESCUED_COLUMN, rescued_json
from cdc.lake.source_columns import SourceColumn
from cdc.lake.table_schema import Column, by_source

_NUMBERS = ("boolean", "short", "integer", "long", "float", "double")
_NO_JSON = {type(UNCHANGED), Unwritable}


@dataclass(frozen=True)
class ValueRules:
    """What becomes of values that a column's type does not hold."""

    out_of_range: str = "rescue"
    """of values beyond what the lake's types hold. rescue: NULL, and the text in _rescued_data | reject"""
    follow: bool = True
    """whether a column may become text for arrays of more dimensions; otherwise such values are rejected"""


@dataclass(frozen=True)
class Unconvertible:
    """A row that the table's columns cannot hold."""

    index: int
    reason: str


class NeedsColumns(Exception):
    """The rows need columns that the table does not have, or columns of a wider type."""

    def __init__(self, columns: list[tuple[str, ColumnType]]) -> None:
        super().__init__(", ".join(f"{name} {kind}" for name, kind in columns))
        self.columns = columns
        """the lake's names, with the types that they have to have"""


def typed_rows(
    rows: Sequence[Row],
    source: Sequence[SourceColumn],
    columns: Sequence[Column],
    rules: ValueRules = ValueRules(),
) -> tuple[dict[str, pa.Array], list[Unconvertible]]:
    """Arrays by the lake's name, of the source's columns among the table's; UNCHANGED values are null.

    With _rescued_data where the table has it. When a row cannot be converted, the rows that cannot are returned instead
    of the arrays. Raises NeedsColumns when the table has to change first.
    """
    converted = _converted(rows, source, columns, rules)
    bad = _bad_rows(converted)
    if bad:
        return {}, bad
    needed = [(column.name, STRING) for column, values in converted if values.nested]
    rescued: dict[int, dict[str, str]] = defaultdict(dict)
    for column, values in converted:
        for index, text in values.rescued.items():
            rescued[index][column.name] = text
    has_rescued = any(column.name == RESCUED for column in columns)
    if rescued and not has_rescued:
        needed.append(RESCUED_COLUMN)
    if needed:
        raise NeedsColumns(needed)
    arrays = {column.name: values.array for column, values in converted}
    if has_rescued:
        texts = [rescued_json(rescued[index]) if index in rescued else None for index in range(len(rows))]
        arrays[RESCUED] = pa.array(texts, pa.string())
    return arrays, []


def unconvertible(
    rows: Sequence[Row],
    source: Sequence[SourceColumn],
    columns: Sequence[Column],
    rules: ValueRules = ValueRules(),
) -> list[Unconvertible]:
    """The rows that the table's columns cannot hold, in their order, each with the first reason."""
    return _bad_rows(_converted(rows, source, columns, rules))


def cast(array: pa.Array | pa.ChunkedArray, target: ColumnType, delimiter: str = ",") -> pa.Array | pa.ChunkedArray:
    """Stored values of a column whose type became `common_type` of its own and another: always works.

    Text is PostgreSQL's. A stored date that the other type does not hold (by an older version: infinity) is null.
    """
    if isinstance(array, pa.ChunkedArray):
        return pa.chunked_array([cast(chunk, target, delimiter) for chunk in array.chunks], target.arrow)
    if array.type == target.arrow:
        return array
    if target == STRING:
        return texts_of(array, ColumnType.of_arrow(array.type), delimiter)
    if target.element and pa.types.is_list(array.type):
        return _with_elements(array, cast(array.values, target.element), target)
    try:
        return array.cast(target.arrow)
    except pa.ArrowException:
        return pa.array([_cast_alone(value, target) for value in array], target.arrow)


def _cast_alone(value: pa.Scalar, target: ColumnType) -> Any:
    try:
        return value.cast(target.arrow).as_py()
    except (pa.ArrowException, ValueError, OverflowError):
        return None


def _with_elements(array: pa.ListArray, elements: pa.Array, target: ColumnType) -> pa.ListArray:
    mask = array.is_null() if array.null_count else None
    if array.offset and mask is not None:
        return pa.array([None if each is None else list(each) for each in _sliced(array, elements)], target.arrow)
    return pa.ListArray.from_arrays(array.offsets, elements, type=target.arrow, mask=mask)


def _sliced(array: pa.ListArray, elements: pa.Array) -> list[Any]:
    offsets, valid = array.offsets.to_pylist(), array.is_valid().to_pylist()
    return [
        elements[start:end].to_pylist() if there else None
        for start, end, there in zip(offsets, offsets[1:], valid, strict=False)
    ]


# ------------------------------------------------------------------ one column


@dataclass
class _Values:
    array: pa.Array | None = None
    rescued: dict[int, str] = field(default_factory=dict)
    """row → PostgreSQL's text of a value that the type does not hold"""
    bad: dict[int, str] = field(default_factory=dict)
    """row → why its value cannot be converted"""
    nested: bool = False
    """whether an array of more dimensions needs the column to be text"""


def _converted(
    rows: Sequence[Row], source: Sequence[SourceColumn], columns: Sequence[Column], rules: ValueRules
) -> list[tuple[Column, _Values]]:
    targets = by_source(columns, [column.name for column in source])
    wanted = [(column, targets[column.name]) for column in source if column.name in targets]
    values = columns_of_rows(rows, [column.name for column, _ in wanted])
    return [
        (target, _column(of_column, column, target, rules))
        for (column, target), of_column in zip(wanted, values, strict=True)
    ]


def _bad_rows(converted: Sequence[tuple[Column, _Values]]) -> list[Unconvertible]:
    bad: dict[int, str] = {}
    for column, values in converted:
        for index, reason in values.bad.items():
            bad.setdefault(index, f"column {column.name}, {column.type}: {reason}")
    return [Unconvertible(index, bad[index]) for index in sorted(bad)]


def _column(values: Sequence[Any], source: SourceColumn, target: Column, rules: ValueRules) -> _Values:
    bad: dict[int, str] = {}
    if not _NO_JSON.isdisjoint(map(type, values)):
        bad = {index: value.reason for index, value in enumerate(values) if isinstance(value, Unwritable)}
        values = [None if type(value) in _NO_JSON else value for value in values]
    try:
        return _Values(_at_once(values, source, target.type), bad=bad)
    except CANNOT_CONVERT:
        return _one_by_one(values, source, target.type, rules, bad)


def _at_once(values: Sequence[Any], source: SourceColumn, target: ColumnType) -> pa.Array:
    """Raises one of CANNOT_CONVERT."""
    form = source.form
    if form.type == target:
        return form.array(values)
    if target != STRING and common_type(form.type, target) == target:
        return cast(form.array(values), target)
    if _is_narrowed_by_arrow(form.type, target):
        return form.array(values).cast(target.arrow)
    return values_of([None if value is None else form.text(value) for value in values], target, form.delimiter)


def _is_narrowed_by_arrow(kind: ColumnType, target: ColumnType) -> bool:
    """Where Arrow's own conversion is PostgreSQL's, and says what does not fit; of floats it does not."""
    return target.name != "float" and all(each.name in _NUMBERS or each.is_decimal for each in (kind, target))


def _one_by_one(
    values: Sequence[Any], source: SourceColumn, target: ColumnType, rules: ValueRules, bad: dict[int, str]
) -> _Values:
    result = _Values(bad=bad)
    texts: list[str | None] = []
    for index, value in enumerate(values):
        try:
            texts.append(None if value is None else source.form.text(value))
        except CANNOT_CONVERT as error:
            bad[index] = _first_line(error)
            texts.append(None)
    delimiter = source.form.delimiter
    easy = [text if text is not None and surely_in_range(text, target) else None for text in texts]
    try:
        array = values_of(easy, target, delimiter)
        hard = {
            i: text
            for i, (text, kept) in enumerate(zip(texts, easy, strict=True))
            if text is not None and text is not kept
        }
    except CANNOT_CONVERT:
        array = pa.nulls(len(texts), target.arrow)
        hard = {i: text for i, text in enumerate(texts) if text is not None}
    found: dict[int, Any] = {}
    # A few texts, such as infinity, are mostly all that there are.
    read = {text: _read(text, target, delimiter) for text in set(hard.values())}
    for index, text in hard.items():
        value = read[text]
        if not isinstance(value, Exception):
            found[index] = value
        elif isinstance(value, OutOfRange) and rules.out_of_range == "rescue":
            result.rescued[index] = text
        elif isinstance(value, Nested) and rules.follow:
            result.nested = True
        else:
            bad[index] = _first_line(value)
    result.array = _replaced(array, found)
    return result


def _read(text: str, target: ColumnType, delimiter: str) -> Any:
    """The value, or what is wrong with it."""
    try:
        return value_of(text, target, delimiter)
    except CANNOT_CONVERT as error:
        return error


def _replaced(array: pa.Array, values: dict[int, Any]) -> pa.Array:
    """The array with other values in these places."""
    if not values:
        return array
    others = pa.array(list(values.values()), array.type)
    places = list(range(len(array)))
    for number, index in enumerate(values):
        places[index] = len(array) + number
    return pa.concat_arrays([array, others]).take(pa.array(places, pa.int64()))


def _first_line(error: BaseException) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__
