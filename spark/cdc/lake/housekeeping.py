"""Vacuum and log clean-up of all tables, beside the micro-batches: a table that got quiet needs them as well."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from cdc.lake.index_files import FOLDER as INDEX
from cdc.lake.log_cleanup import checkpoints_since, clean_log, unneeded_log_files
from cdc.lake.resnapshot import NEEDS_ROWS
from cdc.lake.retention import Retention
from cdc.lake.snapshot import milliseconds_now
from cdc.lake.storage import Storage
from cdc.lake.table_log import LOG, TableLog
from cdc.lake.vacuum import unused_files, unused_since, vacuum

log = logging.getLogger("cdc")

MOST_DELETES = 1_000
"""files of each kind that one step removes: one request to the store"""
PAUSE_SECONDS = 60.0
_SHARE_OF_TIME = 0.1
"""of a round and the pause behind it: many tables make the pause longer"""


@dataclass(frozen=True)
class TableUpkeep:
    """What housekeeping saw of a table, and did to it since the application's start."""

    seen_at: str
    """UTC, ISO 8601"""
    version: int
    rows: int
    files: int
    """data files of the newest version"""
    bytes: int
    """of these"""
    unused_files: int
    """which are kept for readers of older versions"""
    log_files: int
    needs_rows: str | None = None
    """of a current state: why its rows have to be read again"""
    removed: int = 0
    """data files, deletion vectors and index files removed since the application's start"""
    removed_log_files: int = 0
    vacuumed_at: str | None = None
    """when files were removed last"""
    due: int | None = None
    """milliseconds since 1970 before which nothing more can be removed unless something is committed; None: never"""

    def may_have_more(self) -> bool:
        """Whether something may have to be removed now though nothing was committed."""
        return self.due is not None and milliseconds_now() > self.due

    def facts(self) -> dict[str, object]:
        """For the status file."""
        return {
            "seenAt": self.seen_at,
            "version": self.version,
            "rows": self.rows,
            "files": self.files,
            "bytes": self.bytes,
            "unusedFiles": self.unused_files,
            "logFiles": self.log_files,
            "removedFiles": self.removed,
            "removedLogFiles": self.removed_log_files,
            "vacuumedAt": self.vacuumed_at,
        }


class Housekeeping:
    """Looks at one table after the other. Shares nothing with who writes them, so that neither waits for the other.

    It only removes what no version within the retention uses; so it needs no lock, and may stop at any point.
    """

    def __init__(
        self,
        storage: Storage,
        retention: Retention,
        uncommitted: Callable[[str], set[str]] = lambda _folder: set(),
    ) -> None:
        """uncommitted: by the table's folder, files that are being written into it: a rewrite may take longer than the
        retention."""
        self._storage = storage
        self._retention = retention
        self._uncommitted = uncommitted
        self.seen: dict[str, TableUpkeep] = {}
        """by the table's folder; replaced with each round, never changed"""

    def round(self, folders: Iterable[str], stopped: Callable[[], bool] = lambda: False) -> float:
        """One bounded step for each table; returns how many seconds to pause then."""
        started = time.monotonic()
        seen = dict(self.seen)
        for folder in folders:
            if stopped():
                break
            try:
                found = self.step(folder)
            except Exception as error:  # such as a store that is down for a moment: the next round tries again
                log.warning("housekeeping of %s: %s", folder, error)
                continue
            if found:
                seen[folder] = found
        self.seen = seen
        return max(PAUSE_SECONDS, (time.monotonic() - started) / _SHARE_OF_TIME)

    def step(self, folder: str) -> TableUpkeep | None:
        """Vacuum and log clean-up of one table, a thousand files of each at most; None when there is no table."""
        storage = self._storage.folder(folder)
        known = self.seen.get(folder)
        # Reading a long log costs a second of CPU: not for a table that got quiet, until something can be removed.
        if known and not known.may_have_more() and not any(storage.names(LOG, after=f"{known.version:020d}.json")):
            return None
        # First the files, then the log: what is committed in between is then known to be used.
        writing = self._uncommitted(folder)
        index_files = (replace(file, name=f"{INDEX}/{file.name}") for file in storage.files(INDEX))
        files, log_files = [*storage.files(), *index_files], storage.files(LOG)
        files = [file for file in files if file.name not in writing]
        table = TableLog(storage)
        snapshot = table.snapshot()
        if snapshot.version < 0:
            return None
        before = milliseconds_now() - self._retention.milliseconds
        since = unused_since(unused_files(files, snapshot), snapshot)
        removed = vacuum(storage, since, before, MOST_DELETES)
        kept = [at for name, at in since.items() if name not in removed]
        old_logs = unneeded_log_files(log_files, before, table.checkpoint_hint())
        removed_logs = clean_log(storage, old_logs, MOST_DELETES)
        # What a step had to leave is due at once, the rest when it is as old as the retention.
        dues = [*kept, *checkpoints_since(log_files, before), *([0] if len(old_logs) > removed_logs else [])]
        now = datetime.fromtimestamp(milliseconds_now() / 1000, UTC).isoformat(timespec="seconds")
        live = snapshot.files.values()
        return TableUpkeep(
            seen_at=now,
            version=snapshot.version,
            needs_rows=snapshot.configuration.get(NEEDS_ROWS),
            rows=sum(file.live for file in live),
            files=len(live),
            bytes=sum(file.size for file in live),
            unused_files=len(kept),
            log_files=len(log_files) - removed_logs,
            removed=len(removed) + (known.removed if known else 0),
            removed_log_files=removed_logs + (known.removed_log_files if known else 0),
            vacuumed_at=now if removed else known.vacuumed_at if known else None,
            due=min(dues) + self._retention.milliseconds if dues else None,
        )
