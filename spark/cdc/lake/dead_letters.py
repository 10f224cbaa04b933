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

Position = tuple[str, int, int]
"""topic, partition, offset"""
Originals = Callable[[Sequence[Position]], Mapping[Position, tuple[bytes | None, bytes | None]]]
"""gets the keys and values of messages as Kafka has them"""


@dataclass(frozen=True)
class DeadLetter:
    position: Position
    reason: str


def write_dead_letters(table: AppendTable, letters: Sequence[DeadLetter], originals: Originals, batch: BatchId) -> bool:
    """Appends them with their original bytes, in one commit; false when that was done before."""
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
    return table.append(columns, batch)
