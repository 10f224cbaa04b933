"""One change of a source table, read from a message's payload."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import orjson

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


def read_event(payload: bytes, topic: str, partition: int, offset: int, schema_id: int) -> Event:
    """Raises ValueError when the payload is not a change event's."""
    try:
        content = orjson.loads(payload)
    except ValueError as error:
        raise ValueError(NOT_JSON) from error
    try:
        source = content["source"]
        lookup = source.get
        before, after = content.get("before"), content.get("after")
        event = Event(
            content["op"],
            before,
            after,
            lookup("lsn"),
            lookup("txId"),
            lookup("ts_ms"),
            content.get("ts_ms"),
            topic,
            partition,
            offset,
            schema_id,
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(NO_CHANGE) from error
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
