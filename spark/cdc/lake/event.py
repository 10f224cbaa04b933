"""One change of a source table, read from a message's payload."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import msgspec

Row = dict[str, Any]


class _Unchanged:
    """Stands for a value that PostgreSQL did not log, because the update left it as it was."""

    def __repr__(self) -> str:
        return "UNCHANGED"


UNCHANGED: Final = _Unchanged()


class Unwritable(NamedTuple):
    """Stands for a value that the converter could not write."""

    reason: str


PLACEHOLDER = "__debezium_unavailable_value"
_AS_BYTES = "X19kZWJleml1bV91bmF2YWlsYWJsZV92YWx1ZQ=="
_AS_HEX = PLACEHOLDER.encode().hex()
_AS_UUID = "b68a35a7-17ad-35b3-af2a-ae46edb4545a"
_PLACEHOLDER_FORMS: tuple[Any, ...] = (
    *(PLACEHOLDER, _AS_BYTES, _AS_HEX),
    *([PLACEHOLDER], [_AS_BYTES], [_AS_HEX], [_AS_UUID]),
    list(PLACEHOLDER.encode()),
    {PLACEHOLDER: PLACEHOLDER},
    f'{{"{PLACEHOLDER}":"{PLACEHOLDER}"}}',
)
"""Debezium's, by type and by its handling modes: texts and bytes, arrays of them, uuid[], arrays of numbers, hstore"""
_PLACEHOLDER_SIGNS = tuple(
    sign.encode() for sign in (PLACEHOLDER, _AS_BYTES[:20], _AS_HEX, _AS_UUID, "95,95,100,101,98,101,122")
)
MARK = "\0"
"""the converter's own: alone for a value that was not logged, before a reason for one that it could not write"""
_MARK_SIGN = b'"\\u0000'

NOT_JSON = "it is not a JSON object"
NO_CHANGE = "its payload has no 'op' and 'source' with schema and table, so it is not a Debezium change event"


class Resnapshot(msgspec.Struct, frozen=True):
    """Says that all rows of the table are read again, from here on (begin) or up to here (end)."""

    step: str
    """begin | end"""
    id: str
    partitions: int
    """of the topic; each gets the message"""


@dataclass(slots=True)
class Event:
    op: str
    """r (was there before) | c | u | d | t (TRUNCATE, and before rows are read again) | m (they were)"""
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
    resnapshot: Resnapshot | None = None
    """of the messages that say so"""

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
    resnapshot: Resnapshot | None = None


_decoded = msgspec.json.Decoder(_Payload).decode


def read_event(
    payload: bytes, topic: str, partition: int, offset: int, schema_id: int, *, exact: bool = False
) -> Event:
    """exact: whether the converter of this project wrote it, so that what equals Debezium's placeholder is data.

    Raises ValueError when the payload is not a change event's.
    """
    try:
        content = _decoded(payload)
    except msgspec.ValidationError as error:
        raise ValueError(NO_CHANGE) from error
    except msgspec.DecodeError as error:
        raise ValueError(NOT_JSON) from error
    source = content.source
    event = Event(
        content.op,
        content.before,
        content.after,
        source.lsn,
        source.txId,
        source.ts_ms,
        content.ts_ms,
        topic,
        partition,
        offset,
        schema_id,
        False,
        content.resnapshot,
    )
    if exact:
        if _MARK_SIGN in payload:
            event.before = event.before and {name: _unmarked(value) for name, value in event.before.items()}
            event.after = event.after and {name: _unmarked(value) for name, value in event.after.items()}
            _take_from_before(event)
    elif event.after and _may_have_placeholders(payload):
        event.after = {name: UNCHANGED if _is_placeholder(value) else value for name, value in event.after.items()}
        event.before = event.before and {
            name: UNCHANGED if event.after.get(name) is UNCHANGED and _is_placeholder(value) else value
            for name, value in event.before.items()
        }
        _take_from_before(event)
    return event


def _may_have_placeholders(payload: bytes) -> bool:
    # Written out: a generator takes five times as long, and each message comes by here.
    text, as_bytes, as_hex, as_uuid, numbers = _PLACEHOLDER_SIGNS
    return text in payload or as_bytes in payload or as_uuid in payload or numbers in payload or as_hex in payload


def _is_placeholder(value: Any) -> bool:
    return type(value) in (str, list, dict) and value in _PLACEHOLDER_FORMS


def _unmarked(value: Any) -> Any:
    if type(value) is not str or value[:1] != MARK:
        return value
    return Unwritable(value[1:]) if len(value) > 1 else UNCHANGED


def _take_from_before(event: Event) -> None:
    """What was not logged, from the row before, where the replica identity let it be logged: it is the same."""
    if not event.after:
        return
    before = event.before or {}
    for name, value in event.after.items():
        if value is UNCHANGED:
            known = before.get(name)
            if known is not None and known is not UNCHANGED:
                event.after[name] = known
            else:
                event.partial = True
