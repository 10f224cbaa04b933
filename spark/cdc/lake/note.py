"""What a commit says of its micro-batch besides what it is: what the next one may need."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cdc.lake.fold import Place

_MOST_MOVING = 16
"""rows that are remembered because the next change may put them back under another key"""
_MOST_DOUBLED = 100_000
"""entries of a note; more are in memory alone"""

Doubled = tuple[int, int, Place]
"""a key's code, a transaction, and a further row that has the key in it"""


@dataclass(frozen=True)
class CarriedOver:
    """What the micro-batches up to now left for the next one."""

    moving: Mapping[int, Place] = field(default_factory=dict)
    """by position: rows that changes took away, the newest last"""
    doubled: Sequence[Doubled] = ()
    """further rows of keys, the oldest of a key first"""

    def after(
        self, moving: Mapping[int, Place], doubled: Iterable[Doubled], going_on: Iterable[int], touched: Iterable[int]
    ) -> CarriedOver:
        """What is left after another one. going_on: transactions. touched: codes of keys of which `doubled` says
        all."""
        going_on, touched = set(going_on), set(touched)
        kept = [entry for entry in self.doubled if entry[1] in going_on and entry[0] not in touched]
        places = list({**self.moving, **moving}.items())[-_MOST_MOVING:]
        return CarriedOver(dict(places), (*kept, *doubled))

    @property
    def note(self) -> dict[str, Any]:
        """Part of a commit's userMetadata."""
        moving = [[lsn, *place] for lsn, place in self.moving.items()]
        doubled = [[text_of(code), tx, *place] for code, tx, place in self.doubled]
        return {
            **({"moving": moving} if moving else {}),
            **({"doubled": doubled} if 0 < len(doubled) <= _MOST_DOUBLED else {}),
        }

    @classmethod
    def of_note(cls, note: Mapping[str, Any]) -> CarriedOver:
        moving = {lsn: (path, row) for lsn, path, row in note.get("moving", [])}
        doubled = [(code_of(key), tx, (path, row)) for key, tx, path, row in note.get("doubled", [])]
        return cls(moving, doubled)


def text_of(code: int) -> str:
    return f"{code:x}"


def code_of(text: Any) -> int:
    """An older version wrote other texts and numbers, which are no key's code now."""
    return int(text, 16) if isinstance(text, str) else -1
