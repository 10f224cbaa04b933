"""What a micro-batch did to a current-state table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from cdc.lake.event import Event


@dataclass(frozen=True)
class Rejected:
    """A change that could not be applied."""

    event: Event
    reason: str


@dataclass
class Applied:
    written: int = 0
    deleted: int = 0
    skipped: int = 0
    rejected: list[Rejected] = field(default_factory=list)
    schema_changes: tuple[str, ...] = ()

    def add(self, other: Applied) -> None:
        self.written += other.written
        self.deleted += other.deleted
        self.skipped += other.skipped
        self.rejected += other.rejected
        self.schema_changes += other.schema_changes


def lost_rows(rejected: Sequence[Rejected]) -> str | None:
    """Why the table is not what the source has after some changes were rejected."""
    unknown = [item for item in rejected if item.event.op in ("d", "c", "u") and "not known which row" in item.reason]
    unlogged = [item for item in rejected if "null is written" in item.reason]
    if unknown:
        return f"{len(unknown)} changes do not say which row they are about (dead letters)"
    if unlogged:
        return f"{len(unlogged)} rows lack values that PostgreSQL did not log (dead letters)"
    return None
