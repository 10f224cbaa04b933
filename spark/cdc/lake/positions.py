"""How far a table is in each partition of its topics.

Kept in the table's own log (`txn` actions), so that each message is written once whatever becomes of the query's
checkpoint, and however micro-batches divide the messages when they come again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter

from cdc.lake.event import Event
from cdc.lake.snapshot import Action

_PREFIX = "kafka:"
_TOPIC, _PARTITION = attrgetter("topic"), attrgetter("partition")
Offsets = Mapping[str, tuple[int, int]]
"""by `txn` application: the first and the last offset of some messages"""


@dataclass(frozen=True)
class Topics:
    """What tells a topic from one of the same name in another cluster, or made anew: Kafka's id of it."""

    ids: Mapping[str, str] = field(default_factory=dict)
    """by name; a topic that is not in it is known by its name"""

    def application(self, topic: str, partition: int, part: str = "") -> str:
        """Name under which a table's log says how far it is. part: of a table that takes messages in two orders."""
        return f"{_PREFIX}{self.ids.get(topic, topic)}:{partition}{part and f':{part}'}"

    def offsets(self, events: Sequence[Event]) -> dict[str, tuple[int, int]]:
        """First and last offset of these changes, which are in their partitions' order."""
        if events and len({*map(_TOPIC, events)}) == 1 and len({*map(_PARTITION, events)}) == 1:
            first, last = events[0], events[-1]
            return {self.application(first.topic, first.partition): (first.offset, last.offset)}
        found: dict[tuple[str, int], list[int]] = {}
        for event in events:
            known = found.get((event.topic, event.partition))
            if known is None:
                found[event.topic, event.partition] = [event.offset, event.offset]
            else:
                known[1] = event.offset
        return {self.application(*place): (first, last) for place, (first, last) in found.items()}

    def new(self, events: Iterable[Event], reached: Callable[[str], int]) -> list[Event]:
        """Changes that a table does not have yet. reached: by application, the offset that it waits for."""
        return [event for event in events if event.offset >= reached(self.application(event.topic, event.partition))]


def reached(transactions: Mapping[str, int], application: str) -> int:
    """Offset that the table waits for."""
    return transactions.get(application, -1) + 1


def knows_positions(transactions: Mapping[str, int]) -> bool:
    """False of a table that was written before positions were kept: by the micro-batch's number alone."""
    return any(application.startswith(_PREFIX) for application in transactions)


def advance(offsets: Offsets) -> list[Action]:
    """Actions that say that the table has these messages."""
    return [{"txn": {"appId": application, "version": last}} for application, (_, last) in offsets.items()]
