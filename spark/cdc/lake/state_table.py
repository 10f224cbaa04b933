"""The current state of one source table: one row a key."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from cdc.lake.applied import Applied, Rejected, lost_rows
from cdc.lake.batch_id import BatchId
from cdc.lake.current_state import CurrentState, Schemas
from cdc.lake.event import Event, Row
from cdc.lake.fold import Keyed, fold, keys_of
from cdc.lake.kept_rows import flag_truncated
from cdc.lake.key_reader import message_keys
from cdc.lake.merge_commit import Merge, commit_merge, keys_of_groups
from cdc.lake.outcome_rows import as_one_table, is_row, outcome_rows
from cdc.lake.positions import Offsets, advance, knows_positions, reached
from cdc.lake.reading_steps import begin_reading, end_reading
from cdc.lake.resnapshot import BEGIN, Reading, step_of
from cdc.lake.rows import NeedsColumns
from cdc.lake.schema_following import follow_schema, widen
from cdc.lake.snapshot import Action, DataFile, milliseconds_now
from cdc.lake.spare_time import SPARE_TIME
from cdc.lake.state_compaction import compact, due_files, improvable_files
from cdc.lake.table_log import ConcurrentCommit, DamagedTable

log = logging.getLogger("cdc")

_READ_AT = "cdc.snapshotAt"
"""`txn` application whose version is the position of the newest snapshot of all rows"""
_ATTEMPTS = 5


class NullKey(Exception):
    """A row has NULL in what its messages have as key: that is no primary key."""


class StateTable:
    """Applies micro-batches; only one writer may do so at a time, and notices when it is not the only one."""

    def __init__(self, state: CurrentState, *, configured_key: bool = True) -> None:
        """configured_key: whether its key columns are the user's choice: rows without a key are rejected then; where
        they are the messages' key, such a row raises NullKey.
        """
        self.state = state
        self._configured_key = configured_key

    @property
    def version(self) -> int:
        return self.state.version

    @property
    def files(self) -> list[DataFile]:
        return self.state.data_files

    @property
    def transactions(self) -> Mapping[str, int]:
        return self.state.snapshot.transactions

    @property
    def uncommitted(self) -> set[str]:
        return self.state.files.uncommitted

    @property
    def reading(self) -> Reading | None:
        """The reading of all its rows again, while it goes on."""
        return self.state.reading

    @property
    def needs_rows(self) -> str | None:
        """Why its rows have to be read again."""
        return self.state.needs_rows

    def apply(
        self,
        events: Sequence[Event],
        schemas: Schemas,
        batch: BatchId,
        before_commit: Callable[[list[Rejected]], None] = lambda _: None,
    ) -> Applied:
        """Applies the changes of a micro-batch, in one commit; does nothing when that was done before.

        events: in the order of their partitions. before_commit: gets the changes that cannot be applied, so that they
        are kept before the micro-batch counts as done; it gets them again when the micro-batch is repeated.
        Raises SchemaChanged, NullKey, DamagedTable, or ConcurrentCommit when other writers keep coming in between.
        """
        reading = self.state.reading
        before = [event for event in events if reading.is_before(event)] if reading else []
        if not before:
            return self._repeatedly(lambda: self._apply_new(events, schemas, batch, before_commit, False))
        # Of partitions whose begin has not come yet. Nothing of what a TRUNCATE there empties will stay.
        old = [event for event in before if event.op != "t"]
        rest = [event for event in events if not reading.is_before(event)]
        applied = Applied()
        for part, is_old in ((old, True), (rest, False)):
            if part:
                applied.add(
                    self._repeatedly(
                        lambda part=part, is_old=is_old: self._apply_new(part, schemas, batch, before_commit, is_old)
                    )
                )
        return applied

    def control(self, event: Event, batch: BatchId) -> None:
        """Begins or ends the reading of all rows again."""

        def once() -> None:
            if not self.state.exists or event.resnapshot is None or not self._new([event], batch)[0]:
                return
            if step_of(event) == BEGIN:
                begin_reading(self.state, event)
            else:
                end_reading(self.state, event)

        self._repeatedly(once)

    def goes_on_with(self, reading: Reading) -> None:
        """A reading of all rows that began when there was no table yet."""
        if not self.state.exists:
            self.state.go_on_with(replace(reading, cutoff=milliseconds_now()))

    def need_rows(self, reason: str) -> None:
        """Notes that the rows have to be read again; the first reason stays."""

        def once() -> None:
            if self.state.exists and (needing := self.state.needing(reason)):
                self.state.configure(needing, "NEEDS ROWS")

        self._repeatedly(once)

    def make_anew(self) -> None:
        """Removes what there is of a damaged table; the next changes make it again."""
        self.state.log.remove()
        self.state.index.clear()
        self.state.read_anew()

    def missing(self) -> list[str]:
        """Its files that are not there."""
        return self.state.files.missing(self.files)

    def maintain(self, busy: bool = False) -> int:
        """One bounded step of maintenance, if it cannot wait when busy; returns how many files it wrote anew as one."""
        self.state.log.checkpoint_when_due(self.state.snapshot, self.state.index.checkpoint)
        if files := due_files(self.state, busy):
            return self._compact(files)
        if not busy and SPARE_TIME.is_left and (files := improvable_files(self.state)):
            with SPARE_TIME.spent():
                return self._compact(files)
        return 0

    def rest(self) -> None:
        """Holds little in memory until it is needed again."""
        self.state.index.rest()

    def close(self) -> None:
        self.state.index.rest()

    def _compact(self, files: list[DataFile]) -> int:
        try:
            compact(self.state, files)
        except ConcurrentCommit:
            self.state.reload()
            return 0
        except DamagedTable:
            if not self._was_behind():
                raise
            return 0
        finally:
            self.state.files.committed()
        return len(files)

    def _was_behind(self) -> bool:
        """Whether somebody wrote the table, and may have removed what it does not need any more; it is read again."""
        version = self.state.version
        self.state.reload()
        return self.state.version > version

    def _repeatedly(self, once: Callable[[], Any]) -> Any:
        for attempt in range(_ATTEMPTS):
            try:
                return once()
            except ConcurrentCommit:
                if attempt == _ATTEMPTS - 1:
                    raise
                log.warning("another writer changed the table; reading it again")
                self.state.reload()
            except DamagedTable:
                if attempt == _ATTEMPTS - 1 or not self._was_behind():
                    raise
            finally:
                self.state.files.committed()
        raise AssertionError("unreachable")

    # ------------------------------------------------------------------ one micro-batch

    def _apply_new(
        self,
        events: Sequence[Event],
        schemas: Schemas,
        batch: BatchId,
        before_commit: Callable[[list[Rejected]], None],
        is_old: bool,
    ) -> Applied:
        """is_old: whether they are from before the reading of all rows that goes on."""
        new, offsets = self._new(events, batch)
        if not new:
            return Applied(skipped=len(events))
        while True:
            try:
                applied = self._apply(new, offsets, schemas, batch, before_commit, is_old)
            except NeedsColumns as needed:
                widen(self.state, needed.columns)
            else:
                applied.skipped += len(events) - len(new)
                return applied

    def _new(self, events: Sequence[Event], batch: BatchId) -> tuple[Sequence[Event], Offsets]:
        """The changes that the table does not have yet, and their offsets."""
        known, topics = self.transactions, self.state.topics
        offsets = topics.offsets(events)
        if not knows_positions(known):
            return [] if known.get(batch.query_id, -1) >= batch.number else events, offsets
        if all(first >= reached(known, application) for application, (first, _) in offsets.items()):
            return events, offsets
        new = topics.new(events, lambda application: reached(known, application))
        return new, topics.offsets(new)

    def _apply(  # noqa: PLR0917
        self,
        events: Sequence[Event],
        offsets: Offsets,
        schemas: Schemas,
        batch: BatchId,
        before_commit: Callable[[list[Rejected]], None],
        is_old: bool,
    ) -> Applied:
        state = self.state
        applied = Applied(schema_changes=follow_schema(state, schemas, [event.schema_id for event in events]))
        if state.options.soft_delete:
            flag_truncated(state, events)
        keyed = self._with_keys(events, schemas, applied)
        since = min((event.lsn for event in events if event.lsn is not None), default=None)
        stored = state.index.lookup({key for _, keys in keyed for key, _ in keys}, since)
        moves = [event.lsn for event, _ in keyed if event.partial and event.op == "c" and event.lsn is not None]
        moved = state.index.moved(moves) if moves else {}
        while True:
            folded = fold(keyed, stored, state.truncated, moved, lambda held, row: is_row(state, held, row, schemas))
            groups, arrays, bad = outcome_rows(state, folded, keyed, schemas)
            if not bad:
                break
            applied.rejected += bad
            rejected = {item.event.position for item in bad}
            keyed = [(event, keys) for event, keys in keyed if event.position not in rejected]
        applied.skipped += folded.skipped
        rows, incomplete = as_one_table(state, groups, arrays, schemas)
        applied.rejected += incomplete
        if applied.rejected:
            before_commit(applied.rejected)
        read_at = _read_at(events)
        needs_rows = lost_rows(applied.rejected) or self._read_twice(read_at) or self._truncated_meanwhile(events)
        notes: list[Action] = [{"txn": {"appId": batch.query_id, "version": batch.number}}, *advance(offsets)]
        if read_at is not None:
            notes.append({"txn": {"appId": _READ_AT, "version": read_at}})
        commit_merge(state, Merge(folded, stored, rows, keys_of_groups(groups), is_old), batch, notes, needs_rows)
        applied.deleted = sum(outcome.row is None for outcome in folded.outcomes.values())
        applied.written = len(folded.outcomes) - applied.deleted
        return applied

    def _with_keys(self, events: Sequence[Event], schemas: Schemas, applied: Applied) -> list[Keyed]:
        """The changes that say which row they are about; the others are rejected."""
        key = self.state.key_columns
        in_table = message_keys(schemas, key, self.state.columns, self.state.options.rules.follow)
        good = []
        for event in events:
            try:
                good.append((event, keys_of(event, key, in_table)))
            except ValueError as error:
                if not self._configured_key and _has_null(event.after, key):
                    topic, partition, offset = event.position
                    raise NullKey(
                        f"{', '.join(key)} is no key, as it is NULL in a row "
                        f"(topic {topic}, partition {partition}, offset {offset})"
                    ) from error
                applied.rejected.append(Rejected(event, str(error)))
        return good

    def _read_twice(self, read_at: int | None) -> str | None:
        """Why the rows have to be read again after a snapshot that nobody announced.

        read_at: its position; None: there was none.
        """
        known = self.transactions.get(_READ_AT)
        if read_at is None or known in (None, read_at) or self.state.reading is not None:
            return None
        return "the connector took a second snapshot: rows that were gone or had another key by then are still here"

    def _truncated_meanwhile(self, events: Sequence[Event]) -> str | None:
        """Why the rows have to be read again after some that were read in chunks came behind a TRUNCATE.

        Debezium sends a chunk after the changes that came while it was read, and takes no notice of a TRUNCATE.
        """
        truncated = self.state.truncated is not None and self.state.reading is None
        for event in events:
            if event.op == "t":
                truncated = True
            elif truncated and event.op == "r" and event.lsn is None:
                return "it was truncated while its rows were read in chunks: rows that are gone may be here"
        return None


def _has_null(row: Row | None, names: Sequence[str]) -> bool:
    return row is not None and any(name in row and row[name] is None for name in names)


def _read_at(events: Sequence[Event]) -> int | None:
    """Position of the snapshot that read the last of these rows; one that reads in chunks has none."""
    return next((event.lsn for event in reversed(events) if event.op == "r" and event.lsn is not None), None)
