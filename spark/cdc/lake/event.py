"""One change of a source table, read from a message's payload."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import msgspec

Row = dict[str, Any]


class _Unchanged:
    """Stands for a value that PostgreSQL did not log, because the update left it as it was."""

    def __repr__(self) -> str:
        return "UNCHANGED"


UNCHANGED: Final = _Unchanged()

PLACEHOLDER = "__debezium_unavailable_value"
_PLACEHOLDER_FORMS: tuple[Any, ...] = (
    PLACEHOLDER,
    "X19kZWJleml1bV91bmF2YWlsYWJsZV92YWx1ZQ==",
    [PLACEHOLDER],
    list(PLACEHOLDER.encode()),
    {PLACEHOLDER: PLACEHOLDER},
)
"""as text, bytes, arrays of text and of numbers, and map"""
_TEXT_MARK, _BYTES_MARK, _NUMBERS_MARK = PLACEHOLDER.encode(), b"X19kZWJleml1bV91bmF2", b"95,95,100,101,98,101,122"

NOT_JSON = "it is not a JSON object"
NO_CHANGE = "its payload has no 'op' and 'source' with schema and table, so it is not a Debezium change event"


@dataclass(slots=True)
class Event:
    op: str
    """r (was there before) | c | u | d | t (TRUNCATE)"""
    before: Row | None
    after: Row | None
    lsn: int | None
    """position of the change in PostgreSQL's log; of an `r`, that of the snapshot"""
    transaction: int | None
    source_ms: int | None
    """when it was committed in the source, milliseconds since 1970"""
    ts_ms: int | None
    """when Debezium read it"""
    topic: str
    partition: int
    offset: int
    schema_id: int
    partial: bool = False
    """whether `after` has values that are UNCHANGED"""

    @property
    def position(self) -> tuple[str, int, int]:
        return self.topic, self.partition, self.offset


class _Source(msgspec.Struct):
    lsn: int | None = None
    txId: int | None = None  # noqa: N815 (Debezium's name)
    ts_ms: int | None = None


class _Payload(msgspec.Struct):
    """What is needed of a payload: nothing is made of the rest, which is half of it."""

    op: str
    source: _Source
    before: Row | None = None
    after: Row | None = None
    ts_ms: int | None = None


_decoded = msgspec.json.Decoder(_Payload).decode


def read_event(payload: bytes, topic: str, partition: int, offset: int, schema_id: int) -> Event:
    """Raises ValueError when the payload is not a change event's."""
    try:
        content = _decoded(payload)
    except msgspec.ValidationError as error:
        raise ValueError(NO_CHANGE) from error
    except msgspec.DecodeError as error:
        raise ValueError(NOT_JSON) from error
    before, after, source = content.before, content.after, content.source
    event = Event(
        content.op,
        before,
        after,
        source.lsn,
        source.txId,
        source.ts_ms,
        content.ts_ms,
        topic,
        partition,
        offset,
        schema_id,
    )
    if after and (_TEXT_MARK in payload or _BYTES_MARK in payload or _NUMBERS_MARK in payload):
        before = before or {}
        event.after = {
            name: _known(value, before.get(name)) if value in _PLACEHOLDER_FORMS else value
            for name, value in after.items()
        }
        event.partial = UNCHANGED in event.after.values()
    return event


def _known(placeholder: Any, before: Any) -> Any:
    """The value before, where the replica identity let it be logged; the change left it alone."""
    return UNCHANGED if before is None or before == placeholder else before
