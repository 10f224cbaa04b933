"""What a commit says of its micro-batch besides what it is: what the next one may need when the index was lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

InFile = tuple[str, int]
"""path of a data file, and a row in it"""
Doubled = tuple[Any, int, InFile]
"""what the index has for a key, a transaction, and a further row that has the key in it"""
_MOST = 1_000
"""entries of a note; more are in the index alone"""


def carried_over(moving: Mapping[int, InFile], doubled: Sequence[Doubled]) -> dict[str, Any]:
    """Part of a commit's userMetadata. moving: by position, the rows that were taken away last."""
    entries = [[_text(key), tx, *place] for key, tx, place in doubled]
    return {
        **({"moving": [[lsn, *place] for lsn, place in moving.items()]} if moving else {}),
        **({"doubled": entries} if 0 < len(entries) <= _MOST else {}),
    }


def moving_of(note: Mapping[str, Any]) -> dict[int, InFile]:
    return {lsn: (path, row) for lsn, path, row in note.get("moving", [])}


def doubled_of(note: Mapping[str, Any]) -> list[Doubled]:
    return [(_value(key), tx, (path, row)) for key, tx, path, row in note.get("doubled", [])]


def _text(value: Any) -> Any:
    return value.hex() if isinstance(value, bytes) else value


def _value(text: Any) -> Any:
    return bytes.fromhex(text) if isinstance(text, str) else text
