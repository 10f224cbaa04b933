"""Tables that could not be written: why, since when, and from which messages on. The others go on meanwhile."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any

from obstore.exceptions import BaseError, NotFoundError
from py4j.protocol import Py4JError
from pyspark.errors import PySparkException

from cdc.failure_text import failure_text
from cdc.lake.dead_letters import Position
from cdc.lake.table_log import DamagedTable
from cdc.source_table import SourceTable

SUBJECT = "setAside"
_FIRST_PAUSE, _LONGEST_PAUSE = 60, 1800
"""seconds"""
Offsets = Mapping[str, Mapping[int, int]]
"""topic → partition → offset"""


@dataclass(frozen=True)
class SetAside:
    reason: str
    since: str
    """UTC, ISO 8601"""
    offsets: dict[str, dict[int, int]]
    """of the first messages that were not applied; a partition that is not named has none of them"""
    tries: int = 0
    """how often it was tried again in vain"""

    @classmethod
    def read(cls, note: Mapping[str, Any]) -> SetAside:
        offsets = {topic: {int(number): at for number, at in of.items()} for topic, of in note["offsets"].items()}
        return cls(**{**note, "offsets": offsets})

    @property
    def note(self) -> dict[str, object]:
        return asdict(self)

    def facts(self) -> dict[str, str]:
        return {"reason": self.reason, "since": self.since}

    def with_first(self, positions: Iterable[Position]) -> SetAside:
        """With partitions of which no message was left out before."""
        offsets = {topic: dict(of_topic) for topic, of_topic in self.offsets.items()}
        for topic, partition, offset in positions:
            offsets.setdefault(topic, {}).setdefault(partition, offset)
        return replace(self, offsets=offsets)

    def failed_again(self, reason: str) -> SetAside:
        return replace(self, reason=reason, tries=self.tries + 1)

    @property
    def pause(self) -> int:
        """Seconds until the next try."""
        return min(_FIRST_PAUSE * 2**self.tries, _LONGEST_PAUSE)


def new_set_aside(reason: str, positions: Iterable[Position]) -> SetAside:
    since = datetime.now(UTC).isoformat(timespec="seconds")
    return SetAside(reason, since, {}).with_first(sorted(positions))


def concerns_one_table(error: BaseException) -> bool:
    """False for what all tables have in common: the store or Kafka away, no memory, no disk."""
    if isinstance(error, (BaseError, OSError)):
        return isinstance(error, (NotFoundError, FileNotFoundError))
    if isinstance(error, (Py4JError, PySparkException, MemoryError)):
        return False
    return isinstance(error, Exception)


def reason_of(error: BaseException, table: SourceTable) -> str:
    """What is wrong, and what to do."""
    text = failure_text(error, "")
    if isinstance(error, (DamagedTable, FileNotFoundError)):
        return f"{text}; read the table again: npm run resnapshot -- {table}"
    name = "" if type(error).__module__.startswith("cdc.") else f"{type(error).__name__}: "
    return f"{name}{text}; it is tried again by itself; to give up what it waits for: npm run resnapshot -- {table}"
