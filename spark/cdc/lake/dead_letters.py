"""Messages that could not be applied, as they came, with the reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from cdc.lake.append_table import AppendTable
from cdc.lake.batch_id import BatchId
from cdc.lake.column_type import LONG, STRING, ColumnType
from cdc.lake.positions import Topics

Position = tuple[str, int, int]
"""topic, partition, offset"""
Originals = Callable[[Sequence[Position]], Mapping[Position, tuple[bytes | None, bytes | None]]]
"""gets the keys and values of messages as Kafka has them"""


@dataclass(frozen=True)
class DeadLetter:
    position: Position
    reason: str


def write_dead_letters(
    table: AppendTable,
    letters: Sequence[DeadLetter],
    originals: Originals,
    batch: BatchId,
    topics: Topics,
    *,
    part: str = "",
) -> bool:
    """Appends them with their original bytes, in one commit; false when that was done before.

    part: letters come in two orders: those that no table can take, and those that the current state cannot take.
    """
    letters = sorted(letters, key=lambda letter: letter.position)
    applications = [topics.application(*letter.position[:2], part) for letter in letters]
    new = [
        (letter, application)
        for letter, application in zip(letters, applications, strict=True)
        if letter.position[2] >= table.reached(application)
    ]
    if not new:
        return False
    letters = [letter for letter, _ in new]
    offsets: dict[str, tuple[int, int]] = {}
    for letter, application in new:
        first, _ = offsets.get(application, (letter.position[2], 0))
        offsets[application] = first, letter.position[2]
    found = originals([letter.position for letter in letters])
    messages = [found.get(letter.position, (None, None)) for letter in letters]
    values: dict[str, tuple[ColumnType, list[Any]]] = {
        "topic": (STRING, [letter.position[0] for letter in letters]),
        "partition": (LONG, [letter.position[1] for letter in letters]),
        "offset": (LONG, [letter.position[2] for letter in letters]),
        "key": (ColumnType("binary"), [key for key, _ in messages]),
        "value": (ColumnType("binary"), [value for _, value in messages]),
        "reason": (STRING, [letter.reason for letter in letters]),
        "rejected_at": (ColumnType("timestamp"), [datetime.now(UTC)] * len(letters)),
    }
    columns = {name: (kind, pa.array(column, kind.arrow)) for name, (kind, column) in values.items()}
    return table.append(columns, batch, offsets)
