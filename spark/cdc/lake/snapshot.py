"""A Delta table at one version: what the actions of its log add up to (Delta protocol, "Action Reconciliation")."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

import msgspec

from cdc.lake.deletion_vectors import Descriptor, unique_id

Action = dict[str, Any]


class _Stats(msgspec.Struct, rename="camel"):
    """Of an `add` action; bounds as they are: not all digits of numbers would come through Python's."""

    num_records: int | None = None
    tight_bounds: bool | None = None
    min_values: msgspec.Raw = msgspec.Raw()
    max_values: msgspec.Raw = msgspec.Raw()
    null_count: msgspec.Raw = msgspec.Raw()

    @property
    def members(self) -> str:
        known = {"minValues": self.min_values, "maxValues": self.max_values, "nullCount": self.null_count}
        return ",".join(f'"{name}":{bytes(raw).decode()}' for name, raw in known.items() if bytes(raw))


@dataclass(frozen=True)
class DataFile:
    """A Parquet file of the table."""

    path: str
    """as the log has it: relative to the table, percent-encoded"""
    size: int
    rows: int
    """with those that the deletion vector takes away"""
    vector: Descriptor | None = None
    modified: int = 0
    """milliseconds since 1970"""
    statistics: str = ""
    """of its columns, as members of a JSON object: `minValues`, `maxValues`, `nullCount`; empty: none are known"""
    tight: bool = False
    """whether these are of no other rows than the file's"""

    @property
    def deleted(self) -> int:
        return self.vector["cardinality"] if self.vector else 0

    @property
    def live(self) -> int:
        return self.rows - self.deleted

    @property
    def location(self) -> str:
        return unquote(self.path)

    def add(self, data_change: bool = True) -> Action:
        action: Action = {
            "path": self.path,
            "partitionValues": {},
            "size": self.size,
            "modificationTime": self.modified,
            "dataChange": data_change,
            "stats": self._stats,
        }
        if self.vector:
            action["deletionVector"] = self.vector
        return {"add": action}

    @property
    def _stats(self) -> str:
        # A deletion vector needs the number of rows; the bounds are then also those of rows that are gone.
        tight = json.dumps(bool(self.statistics) and self.tight and not self.vector)
        return f'{{"numRecords":{self.rows},"tightBounds":{tight}{self.statistics and "," + self.statistics}}}'

    def remove(self, data_change: bool = True) -> Action:
        action: Action = {
            "path": self.path,
            "deletionTimestamp": milliseconds_now(),
            "dataChange": data_change,
            "extendedFileMetadata": True,
            "partitionValues": {},
            "size": self.size,
        }
        if self.vector:
            action["deletionVector"] = self.vector
        return {"remove": action}


@dataclass
class Snapshot:
    """Changed by `apply`, commit after commit. version is -1 before the first one."""

    version: int = -1
    protocol: Action = field(default_factory=dict)
    metadata: Action = field(default_factory=dict)
    files: dict[str, DataFile] = field(default_factory=dict)
    transactions: dict[str, int] = field(default_factory=dict)
    """appId → version of the newest `txn` action"""
    removed: dict[tuple[str, str | None], Action] = field(default_factory=dict)
    """tombstones of files, which a checkpoint has to keep for a while"""
    checkpoint: int = -1
    """version of the checkpoint that it was read from, or that was made of it; -1: there is none"""
    notes: dict[int, str] = field(default_factory=dict)
    """by version since then, the notes of commits that tell of deleted keys"""

    @property
    def configuration(self) -> dict[str, str]:
        return self.metadata.get("configuration", {})

    @property
    def fields(self) -> list[dict[str, Any]]:
        """The schema's columns, as the log has them."""
        text = self.metadata.get("schemaString")
        return json.loads(text)["fields"] if text else []

    def removals(self) -> Iterator[tuple[DataFile, int]]:
        """Files that were removed, and when: milliseconds since 1970."""
        for content in self.removed.values():
            file = DataFile(content["path"], content.get("size", 0), -1, content.get("deletionVector"))
            yield file, content.get("deletionTimestamp", 0)

    def apply(self, version: int, actions: Iterable[Action]) -> None:
        for action in actions:
            ((kind, content),) = action.items()
            if kind == "add":
                self._add(content)
            elif kind == "remove":
                self._remove(content)
            elif kind == "txn":
                self.transactions[content["appId"]] = content["version"]
            elif kind == "metaData":
                self.metadata = content
            elif kind == "protocol":
                self.protocol = content
            elif kind == "commitInfo" and (note := note_of_deleted(content)):
                self.notes[version] = note
        self.version = version

    def _add(self, content: Action) -> None:
        vector = content.get("deletionVector")
        self.removed.pop((content["path"], unique_id(vector)), None)
        stats = msgspec.json.decode(content.get("stats") or "{}", type=_Stats)
        self.files[content["path"]] = DataFile(
            path=content["path"],
            size=content["size"],
            rows=-1 if stats.num_records is None else stats.num_records,
            vector=vector,
            modified=content["modificationTime"],
            statistics=stats.members,
            tight=stats.tight_bounds is not False,
        )

    def _remove(self, content: Action) -> None:
        vector = content.get("deletionVector")
        known = self.files.get(content["path"])
        # A commit may remove a file with one vector and add it with another, in any order.
        if known is not None and unique_id(known.vector) == unique_id(vector):
            del self.files[content["path"]]
        self.removed[(content["path"], unique_id(vector))] = content


def note_of_deleted(info: Mapping[str, Any]) -> str | None:
    """A commit's userMetadata, if it tells of deleted keys."""
    text = info.get("userMetadata")
    return text if isinstance(text, str) and '"deletedOf"' in text else None


def milliseconds_now() -> int:
    return int(time.time() * 1000)
