"""What the messages that begin and end the reading of all rows again do to a current-state table."""

from __future__ import annotations

import pyarrow as pa

from cdc.lake.current_state import NEVER, PERHAPS, TRUNCATED, CurrentState
from cdc.lake.event import Event
from cdc.lake.kept_rows import flagged
from cdc.lake.positions import advance
from cdc.lake.resnapshot import CUTOFF, NEEDS_ROWS, PROPERTY, Reading
from cdc.lake.snapshot import milliseconds_now


def begin_reading(table: CurrentState, event: Event) -> None:
    """What is there counts as older than anything from now on."""
    asked = event.resnapshot
    if table.reading is not None and table.reading.id == asked.id:
        reading = table.reading.with_begin(event.partition)
        actions = advance(table.topics.offsets([event]))
        table.configure({PROPERTY: reading.text}, "BEGIN RESNAPSHOT", actions)
        table.read_log(columns=False)
        return
    if table.reading is not None and asked.id in table.reading.replaces:
        _advance(table, event)
        return
    cutoff = max([milliseconds_now(), *(file.modified for file in table.data_files)])
    reading = Reading.first(event, cutoff, table.reading, table.needs_rows)
    properties: dict[str, str | None] = {PROPERTY: reading.text}
    actions = [
        {"txn": {"appId": CUTOFF, "version": cutoff}},
        {"txn": {"appId": TRUNCATED, "version": NEVER}},
        *advance(table.topics.offsets([event])),
    ]
    table.configure(properties, "BEGIN RESNAPSHOT", actions)
    table.read_log(columns=False)


def end_reading(table: CurrentState, event: Event) -> None:
    """Once it has come in all partitions, what is left of the rows from before the reading is removed."""
    if table.reading is None or table.reading.id != event.resnapshot.id:
        _advance(table, event)
        return
    reading = table.reading.with_end(event.partition)
    actions = advance(table.topics.offsets([event]))
    if not reading.complete:
        table.configure({PROPERTY: reading.text}, "END RESNAPSHOT", actions)
        table.read_log(columns=False)
        return
    old = [file for file in table.data_files if table.is_old(file)]
    gone = [file.path for file in old]
    if table.options.soft_delete:
        actions += flagged(table, old, lambda lsns: pa.array([True] * len(lsns), pa.bool_()), forget=True)
    else:
        actions += [file.remove() for file in old]
    # A reason that came up meanwhile stays.
    rest = (table.needs_rows or "").removeprefix(table.reading.mends or "").removeprefix("; ")
    properties: dict[str, str | None] = {PROPERTY: None, PERHAPS: None, NEEDS_ROWS: rest or None}
    table.configure(properties, "END RESNAPSHOT", actions)
    table.forget(gone)
    table.read_log(columns=False)


def _advance(table: CurrentState, event: Event) -> None:
    table.log.commit(table.snapshot, advance(table.topics.offsets([event])), "STREAMING UPDATE", {})
