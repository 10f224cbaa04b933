"""What a table's log says of the reading of all its rows again, from the message that begins it to that which ends it.

The rows that are there when it begins (in the files F0: not newer than the cutoff) stay readable, count as older than
anything, and are removed at its end, unless a change or the snapshot wrote them again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any

from cdc.lake.event import Event

BEGIN, END = "begin", "end"
PROPERTY = "cdc.resnapshot"
"""of the table: a Reading as JSON; there is none when no reading goes on"""
NEEDS_ROWS = "cdc.needsRows"
"""property of the table: why its rows have to be read again"""
CUTOFF = "cdc.resnapshot"
"""`txn` application whose version is the cutoff: milliseconds since 1970"""
_REPLACED = 20


@dataclass(frozen=True)
class Reading:
    id: str
    since: str
    """UTC, ISO 8601"""
    cutoff: int
    """milliseconds since 1970: data files that are not newer are from before it"""
    partitions: int
    """of the topic; each of them has a message that ends it"""
    begun: tuple[int, ...] = ()
    """partitions whose begin has come: what still comes of the others is from before the reading"""
    ended: tuple[int, ...] = ()
    """partitions whose end has come"""
    replaces: tuple[str, ...] = ()
    """readings that were begun before and never ended: their begins may still come in other partitions"""
    mends: str | None = None
    """why the rows had to be read again"""

    def with_end(self, partition: int) -> Reading:
        return replace(self, ended=tuple(sorted({*self.ended, partition})))

    @property
    def complete(self) -> bool:
        return len(self.ended) >= self.partitions

    @classmethod
    def first(cls, event: Event, cutoff: int, before: Reading | None = None, mends: str | None = None) -> Reading:
        """event: of the first partition whose begin comes. before: a reading that goes on."""
        asked, since = event.resnapshot, datetime.now(UTC).isoformat(timespec="seconds")
        replaces = (*before.replaces, before.id)[-_REPLACED:] if before else ()
        return cls(asked.id, since, cutoff, asked.partitions, (event.partition,), (), replaces, mends)

    def with_begin(self, partition: int) -> Reading:
        return replace(self, begun=tuple(sorted({*self.begun, partition})))

    def is_before(self, event: Event) -> bool:
        """Whether a change is from before the reading."""
        return event.partition not in self.begun

    @classmethod
    def of_note(cls, content: Mapping[str, Any]) -> Reading:
        return cls(**{name: tuple(value) if isinstance(value, list) else value for name, value in content.items()})

    @property
    def note(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def text(self) -> str:
        return json.dumps(self.note)

    def facts(self) -> dict[str, str]:
        return {"id": self.id, "since": self.since}


def reading_of(configuration: Mapping[str, str]) -> Reading | None:
    text = configuration.get(PROPERTY)
    return Reading.of_note(json.loads(text)) if text else None


def step_of(event: Event) -> str | None:
    """begin | end | None: the message is a change."""
    return event.resnapshot.step if event.resnapshot is not None else None
