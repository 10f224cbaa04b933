"""Reads and writes the log of one Delta table: snapshots, commits, checkpoints (Delta protocol)."""

from __future__ import annotations

import io
import json
import re
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from cdc.lake.retention import DEFAULT, Retention
from cdc.lake.snapshot import Action, Snapshot, milliseconds_now, note_of_deleted
from cdc.lake.storage import AlreadyExists, Storage

LOG = "_delta_log"
_COMMIT = re.compile(r"^(\d{20})\.json$")
_CHECKPOINT = re.compile(r"^(\d{20})\.checkpoint\.parquet$")
_ENGINE = "cdc-platform"
_COMMITS_A_CHECKPOINT = 100
_MOST_COMMITS_READ = 2 * _COMMITS_A_CHECKPOINT


class ConcurrentCommit(Exception):
    """Somebody else committed this version of the table first."""


class DamagedTable(Exception):
    """Files of the table are gone: it cannot be read, or could not be after another commit. Its rows have to be read
    again."""


class IncompleteLog(DamagedTable):
    """Commits are missing."""


class UnsupportedTable(Exception):
    """Another program gave the table a feature that this one would break."""


class TableLog:
    """The log of the table in this folder."""

    def __init__(self, storage: Storage, retention: Retention = DEFAULT) -> None:
        self._storage = storage
        self._retention = retention
        self._checkpointed = 0

    def snapshot(self) -> Snapshot:
        """The newest version, from the newest checkpoint on. Its version is -1 when there is no table."""
        snapshot = Snapshot()
        start = self._newest_checkpoint()
        if start is not None:
            self._checkpointed = start
            snapshot.apply(start, self._read_checkpoint(start))
            snapshot.checkpoint = start
        self.catch_up(snapshot)
        return snapshot

    def catch_up(self, snapshot: Snapshot) -> None:
        """Brings a snapshot to the newest version. Raises IncompleteLog or UnsupportedTable."""
        for name in self._storage.names(LOG, after=f"{snapshot.version:020d}.json" if snapshot.version >= 0 else ""):
            match = _COMMIT.match(name)
            if match and int(match[1]) > snapshot.version:
                if int(match[1]) != snapshot.version + 1:
                    raise IncompleteLog(
                        f"the table's log lacks version {snapshot.version + 1}, but has {match[1]}"
                        f" ({self._storage.name})"
                    )
                lines = self._storage.get(f"{LOG}/{name}").splitlines()
                snapshot.apply(int(match[1]), (json.loads(line) for line in lines if line.strip()))
        _require_known_features(snapshot)

    def commit(self, snapshot: Snapshot, actions: list[Action], operation: str, note: dict[str, Any]) -> None:
        """Adds the version after the snapshot's, and brings the snapshot there.

        note: becomes the commit's userMetadata. Raises ConcurrentCommit when that version is there already, and
        IncompleteLog when the version before it is gone: a log without a beginning is a table that nobody can read.
        """
        version = snapshot.version + 1
        self.require_newest(snapshot)
        info = {
            "timestamp": milliseconds_now(),
            "operation": operation,
            "operationParameters": {},
            "engineInfo": _ENGINE,
            "txnId": str(uuid.uuid4()),
            "userMetadata": json.dumps(note),
        }
        # No letter as a pair of escapes: delta-rs 1.6 reads some of these as other letters, and skips files by them.
        lines = (
            json.dumps(action, separators=(",", ":"), ensure_ascii=False) for action in [{"commitInfo": info}, *actions]
        )
        try:
            self._storage.create(f"{LOG}/{version:020d}.json", ("\n".join(lines) + "\n").encode())
        except AlreadyExists as error:
            raise ConcurrentCommit(f"version {version} was committed by another writer") from error
        snapshot.apply(version, [{"commitInfo": info}, *actions])

    def require_newest(self, snapshot: Snapshot) -> None:
        """Raises IncompleteLog when the version that the snapshot has is gone."""
        version = snapshot.version
        if version >= 0 and not self._is_there(version):
            raise IncompleteLog(
                f"{self._storage.name}: version {version} of its log is gone: somebody removed files of the table"
            )

    def newest_note(self, snapshot: Snapshot, key: str, most: int = 50) -> dict[str, Any]:
        """The note of the newest commit whose note has this key; empty when none of the last commits has."""
        for version in range(snapshot.version, max(snapshot.version - most, -1), -1):
            try:
                lines = self._storage.get(f"{LOG}/{version:020d}.json").splitlines()
            except FileNotFoundError:
                break
            infos = (json.loads(line).get("commitInfo") for line in lines if b'"commitInfo"' in line)
            text = next((info.get("userMetadata") for info in infos if info), None)
            try:
                note = json.loads(text or "{}")
            except ValueError:  # another program's
                continue
            if isinstance(note, dict) and key in note:
                return note
        return {}

    def notes_of_deleted(self, snapshot: Snapshot, after: int) -> Iterator[dict[str, Any]]:
        """Notes of the commits since a version that tell of deleted keys, as far as they are there."""
        for version in range(max(after, snapshot.version - _MOST_COMMITS_READ) + 1, snapshot.version + 1):
            text = snapshot.notes.get(version)
            if text is None and version <= snapshot.checkpoint:
                with suppress(FileNotFoundError):
                    lines = self._storage.get(f"{LOG}/{version:020d}.json").splitlines()
                    infos = (json.loads(line)["commitInfo"] for line in lines if b'"commitInfo"' in line)
                    text = next((note for info in infos if (note := note_of_deleted(info))), None)
            if text is not None:
                yield json.loads(text)

    def remove(self) -> None:
        """Removes the whole log, so that the table can be made anew; data files are removed as unused ones."""
        self._storage.delete_all(f"{LOG}/{name}" for name in self._storage.tree(LOG))
        self._checkpointed = 0

    def checkpoint_when_due(self, snapshot: Snapshot, before: Callable[[], None] = lambda: None) -> bool:
        """Writes a checkpoint when the newest one is a hundred commits old. before: what is to be done first."""
        if snapshot.version - self._checkpointed < _COMMITS_A_CHECKPOINT:
            return False
        before()
        self.checkpoint(snapshot)
        return True

    def checkpoint(self, snapshot: Snapshot) -> None:
        """Writes the whole snapshot into one file, so that readers need none of the older commits."""
        # What was removed longer ago nobody has to spare, and a commit a second removes many files.
        oldest = milliseconds_now() - self._retention.milliseconds
        snapshot.removed = {
            key: content for key, content in snapshot.removed.items() if content.get("deletionTimestamp", 0) >= oldest
        }
        actions: list[Action] = [
            {"protocol": snapshot.protocol},
            {"metaData": snapshot.metadata},
            *({"txn": {"appId": app, "version": at}} for app, at in snapshot.transactions.items()),
            *(file.add(data_change=False) for file in snapshot.files.values()),
            *({"remove": {**content, "dataChange": False}} for content in snapshot.removed.values()),
        ]
        content = io.BytesIO()
        pq.write_table(pa.Table.from_pylist(actions, schema=_CHECKPOINT_SCHEMA), content)
        self._storage.put(f"{LOG}/{snapshot.version:020d}.checkpoint.parquet", content.getvalue())
        last = {"version": snapshot.version, "size": len(actions)}
        self._storage.put(f"{LOG}/_last_checkpoint", json.dumps(last).encode())
        self._checkpointed = snapshot.version
        snapshot.notes.clear()
        snapshot.checkpoint = snapshot.version

    def checkpoint_hint(self) -> int:
        """Version that `_last_checkpoint` names; 0 when there is none."""
        try:
            return json.loads(self._storage.get(f"{LOG}/_last_checkpoint"))["version"]
        except FileNotFoundError:
            return 0

    def _is_there(self, version: int) -> bool:
        names = (f"{LOG}/{version:020d}.json", f"{LOG}/{version:020d}.checkpoint.parquet")
        return any(self._storage.exists(name) for name in names)

    def _newest_checkpoint(self) -> int | None:
        # The hint may be older than the newest checkpoint, or name one in several parts, which has another name.
        after = f"{max(self.checkpoint_hint() - 1, 0):020d}.json"
        found = [match for name in self._storage.names(LOG, after=after) if (match := _CHECKPOINT.match(name))]
        return int(found[-1][1]) if found else None

    def _read_checkpoint(self, version: int) -> Iterable[Action]:
        content = self._storage.get(f"{LOG}/{version:020d}.checkpoint.parquet")
        kinds = ["protocol", "metaData", "txn", "add", "remove"]
        file = pq.ParquetFile(pa.BufferReader(content))
        kinds = [kind for kind in kinds if kind in file.schema_arrow.names]
        for row in file.read(columns=kinds).to_pylist(maps_as_pydicts="strict"):
            for kind, content in row.items():
                if content is not None:
                    yield {kind: {key: value for key, value in content.items() if value is not None}}


def _require_known_features(snapshot: Snapshot) -> None:
    unknown = sorted({*snapshot.protocol.get("writerFeatures", [])} - _KNOWN_FEATURES)
    if unknown:
        raise UnsupportedTable(
            f"the table has the Delta feature {', '.join(unknown)}, which this program does not write; "
            "drop it with ALTER TABLE … DROP FEATURE, or let the table be made again"
        )


_KNOWN_FEATURES = {
    *("deletionVectors", "timestampNtz", "columnMapping"),
    # What Spark lists when it names the features of an older protocol version, used or not.
    *("appendOnly", "invariants", "checkConstraints", "changeDataFeed", "generatedColumns"),
    "vacuumProtocolCheck",
}
_TEXT_MAP = pa.map_(pa.string(), pa.string())
_VECTOR = pa.struct(
    [
        ("storageType", pa.string()),
        ("pathOrInlineDv", pa.string()),
        ("offset", pa.int32()),
        ("sizeInBytes", pa.int32()),
        ("cardinality", pa.int64()),
    ]
)
_CHECKPOINT_SCHEMA = pa.schema(
    [
        ("txn", pa.struct([("appId", pa.string()), ("version", pa.int64()), ("lastUpdated", pa.int64())])),
        (
            "add",
            pa.struct(
                [
                    ("path", pa.string()),
                    ("partitionValues", _TEXT_MAP),
                    ("size", pa.int64()),
                    ("modificationTime", pa.int64()),
                    ("dataChange", pa.bool_()),
                    ("stats", pa.string()),
                    ("tags", _TEXT_MAP),
                    ("deletionVector", _VECTOR),
                ]
            ),
        ),
        (
            "remove",
            pa.struct(
                [
                    ("path", pa.string()),
                    ("deletionTimestamp", pa.int64()),
                    ("dataChange", pa.bool_()),
                    ("extendedFileMetadata", pa.bool_()),
                    ("partitionValues", _TEXT_MAP),
                    ("size", pa.int64()),
                    ("deletionVector", _VECTOR),
                ]
            ),
        ),
        (
            "metaData",
            pa.struct(
                [
                    ("id", pa.string()),
                    ("name", pa.string()),
                    ("description", pa.string()),
                    ("format", pa.struct([("provider", pa.string()), ("options", _TEXT_MAP)])),
                    ("schemaString", pa.string()),
                    ("partitionColumns", pa.list_(pa.string())),
                    ("configuration", _TEXT_MAP),
                    ("createdTime", pa.int64()),
                ]
            ),
        ),
        (
            "protocol",
            pa.struct(
                [
                    ("minReaderVersion", pa.int32()),
                    ("minWriterVersion", pa.int32()),
                    ("readerFeatures", pa.list_(pa.string())),
                    ("writerFeatures", pa.list_(pa.string())),
                ]
            ),
        ),
    ]
)
