"""What a run says about a table that is not as its source."""

from __future__ import annotations

import json

from tests.property.kafka import Record
from tests.property.rounds import Found

_MOST_RECORDS = 12


def print_now(text: str) -> None:
    print(text, flush=True)


def failure_text(found: Found, replay: str) -> str:
    """The differences, the table's statements, its newest records, and how to do it again."""
    table = found.table
    lines = [f"── {replay}: table {table.name} ({table.arrives}, replica identity {table.replica_identity})"]
    lines += [f"   ✗ {difference}" for difference in found.differences]
    lines += [f"   {done}" for done in found.statements if not done.error]
    if found.lake:
        lines += [f"   lake: {facts}" for facts in found.lake.facts[-5:]]
        lines += [f"   dead letter: {reason}" for reason in found.lake.letters[-5:]]
    lines += [f"   record {record.offset}: {_shown(record)}" for record in found.records[-_MOST_RECORDS:]]
    return "\n".join(lines)


def _shown(record: Record) -> str:
    payload = json.loads(record.value)["payload"]
    text = json.dumps({name: payload.get(name) for name in ("op", "before", "after")}, ensure_ascii=False)
    return text if len(text) < 1_500 else f"{text[:1_500]} … ({len(text)} characters)"
