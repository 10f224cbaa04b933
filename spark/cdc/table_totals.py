"""What happened to each table since the application's start, for its status."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from cdc.lake.lake_tables import TableReport
from cdc.source_table import SourceTable

_LAST = 5
"""schema changes of a table that are told"""


@dataclass
class _Total:
    changes: int = 0
    written: int = 0
    deleted: int = 0
    skipped: int = 0
    rejected: int = 0
    problem: str | None = None
    standing: Mapping[str, object] = field(default_factory=dict)
    schema_changes: list[dict[str, str]] = field(default_factory=list)


class TableTotals:
    """Adds up the reports of micro-batches. Filled by one thread, and may be read by others."""

    def __init__(self) -> None:
        self._totals: dict[SourceTable, _Total] = defaultdict(_Total)

    @property
    def tables(self) -> list[SourceTable]:
        return list(self._totals)

    def add(self, reports: Mapping[SourceTable, TableReport]) -> None:
        now = datetime.now(UTC).isoformat(timespec="seconds")
        for table, report in reports.items():
            total = self._totals[table]
            total.changes += report.changes
            total.written += report.written
            total.deleted += report.deleted
            total.skipped += report.skipped
            total.rejected += report.rejected
            total.problem = report.problem
            total.standing = report.standing()
            changes = [{"at": now, "change": change} for change in report.schema_changes]
            total.schema_changes = [*total.schema_changes, *changes][-_LAST:]

    def note(self, table: SourceTable, standing: Mapping[str, object]) -> None:
        """What is to be told of a table though no micro-batch had changes of it."""
        if standing or table in self._totals:
            self._totals[table].standing = standing

    def facts(self) -> dict[str, dict[str, object]]:
        """By the table's name: changes, written, deleted, skipped, rejected, problem?, schemaChanges [{at, change}],

        and what stays until something mends it: setAside? {reason, since}, needsRows?, resnapshot? {id, since}.
        """
        return {
            str(table): {
                "changes": total.changes,
                "written": total.written,
                "deleted": total.deleted,
                "skipped": total.skipped,
                "rejected": total.rejected,
                **({"problem": total.problem} if total.problem else {}),
                **total.standing,
                "schemaChanges": total.schema_changes,
            }
            for table, total in list(self._totals.items())
        }
