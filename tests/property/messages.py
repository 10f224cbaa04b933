"""Whether the messages alone make the source's rows: tells a defect of the connector from one of the lake. Pure.

For connectors with the converter cdc.connect.ExactValues.
"""

from __future__ import annotations

import base64
import json
import math
import struct
from collections import Counter
from collections.abc import Mapping, Sequence
from operator import eq
from typing import Any

from tests.property.database import Kind, SourceTable
from tests.property.kafka import Record
from tests.property.limits import column_limit, without_bounds
from tests.property.oracle import lake_text

UNLOGGED = "\u0000"
Row = dict[str, Any]


def differences_of_messages(source: SourceTable, records: Sequence[Record], key: Sequence[str]) -> list[str]:
    """key: of the table, where the messages' own is not to be taken."""
    rows = list(_folded(records, key).values())
    found = []
    broken = {(name, value[1:]) for row in rows for name, value in row.items() if _is_broken(value)}
    found += [f"column {name}: the converter could not write a value: {reason}" for name, reason in sorted(broken)]
    columns = [(at, column) for at, column in enumerate(source.columns) if not column_limit(column)]
    if rows and (missing := [column.name for _, column in columns if column.name not in rows[-1]]):
        found.append(f"the newest row has no column {', '.join(missing)}")
    expected = Counter(tuple(wire_value(row[at], column.kind) for at, column in columns) for row in source.rows)
    actual = Counter(tuple(_plain(row.get(column.name), column.kind) for _, column in columns) for row in rows)
    for row in (expected - actual).elements():
        closest = max((actual - expected).elements(), key=lambda one: sum(map(eq, row, one)), default=None)
        if closest is None:
            found.append(f"missing in the messages: {row!r}"[:600])
            continue
        found += [
            f"message column {column.name} ({column.declared}): source {want!r}, message {got!r}"[:600]
            for (_, column), want, got in zip(columns, row, closest, strict=True)
            if want != got
        ]
    found += [
        f"only in the messages: {row!r}"[:600]
        for row in ((actual - expected).elements())
        if len(rows) > len(source.rows)
    ]
    return found


def _is_broken(value: Any) -> bool:
    return isinstance(value, str) and value.startswith(UNLOGGED) and value != UNLOGGED


def _folded(records: Sequence[Record], key: Sequence[str]) -> dict[str, Row]:
    rows: dict[str, Row] = {}
    moved: tuple[int | None, Row] | None = None
    for record in records:
        payload = json.loads(record.value)["payload"]
        op, after, lsn = payload["op"], payload.get("after"), payload["source"].get("lsn")
        if op == "t":
            rows.clear()
            continue
        identity = _identity(record, payload, key)
        if op == "d":
            moved = lsn, rows.pop(identity, {})
            continue
        earlier = rows.get(identity) or (moved[1] if moved and moved[0] == lsn else {})
        before = payload.get("before") or {}
        rows[identity] = {
            name: _known(before.get(name), earlier.get(name)) if value == UNLOGGED else value
            for name, value in after.items()
        }
        old = json.dumps([before.get(name) for name in key]) if key and before else identity
        if old != identity:
            rows.pop(old, None)
    return rows


def _known(before: Any, earlier: Any) -> Any:
    return earlier if before is None or before == UNLOGGED else before


def _identity(record: Record, payload: Mapping[str, Any], key: Sequence[str]) -> str:
    if key or not record.key:
        row = payload.get("after") or payload.get("before") or {}
        return json.dumps([row.get(name) for name in key])
    return json.dumps(json.loads(record.key)["payload"])


def wire_value(text: str | None, kind: Kind) -> Any:
    """JSON of PostgreSQL's text, in a form that can be compared."""
    if text is None:
        return None
    if kind.name in ("bool", "bit") and (kind.name == "bool" or kind.modifier == 1):
        return text in ("t", "1")
    if kind.name in ("int2", "int4", "int8", "oid"):
        return int(text)
    if kind.name in ("float4", "float8"):
        return _float(text, kind)
    if kind.name == "bytea":
        return base64.b64encode(bytes.fromhex(text[2:])).decode()
    return lake_text(text, kind)


def _plain(value: Any, kind: Kind) -> Any:
    if value is None:
        return None
    if kind.name in ("float4", "float8"):
        return _float(value, kind)
    if kind.name == "hstore":
        return json.dumps(json.loads(value))
    return without_bounds(value) if kind.element else value


def _float(value: float | str, kind: Kind) -> Any:
    number = float(value)
    return "NaN" if math.isnan(number) else struct.pack("f" if kind.name == "float4" else "d", number)
