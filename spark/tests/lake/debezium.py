"""Debezium's messages of a made-up table, and what its rows should be: a model in a dict."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from cdc.lake.event import Event, read_event
from cdc.lake.source_columns import SourceColumn, source_columns

Field = dict[str, Any]


def part(name: str, kind: str, logical: str | None = None, **more: Any) -> Field:
    return {"field": name, "type": kind, "optional": True, **({"name": logical} if logical else {}), **more}


def schema_text(fields: Iterable[Field]) -> str:
    row = list(fields)
    structs = [{"type": "struct", "fields": row, "optional": True, "field": name} for name in ("before", "after")]
    return json.dumps({"type": "struct", "fields": structs})


def columns(fields: Iterable[Field]) -> tuple[SourceColumn, ...]:
    return source_columns(schema_text(fields))


@dataclass
class Source:
    """Makes events one behind the other."""

    lsn: int = 1000
    offset: int = 0
    schema_id: int = 1
    events: list[Event] = field(default_factory=list)

    def emit(self, op: str, before: Any = None, after: Any = None, lsn: int | None = None) -> Event:
        self.lsn += 10
        payload = {
            "before": before,
            "after": after,
            "source": {"schema": "public", "table": "t", "lsn": lsn or self.lsn, "txId": 7, "ts_ms": 1_700_000_000_000},
            "op": op,
            "ts_ms": 1_700_000_000_100,
        }
        event = read_event(
            json.dumps(payload, separators=(",", ":")).encode(), "s.public.t", 0, self.offset, self.schema_id
        )
        self.offset += 1
        self.events.append(event)
        return event

    def again(self, event: Event) -> Event:
        """The same change, sent once more."""
        repeated = Event(*(getattr(event, name) for name in Event.__slots__))
        repeated.offset = self.offset
        self.offset += 1
        self.events.append(repeated)
        return repeated

    def take(self) -> list[Event]:
        events, self.events = self.events, []
        return events
