"""Removes files that a table no longer uses: of replaced rows, and of writes that never got their commit."""

from __future__ import annotations

import re
from collections.abc import Iterable

from cdc.lake.deletion_vectors import Descriptor, stored_at
from cdc.lake.snapshot import Snapshot
from cdc.lake.storage import Storage, StoredFile

_OF_A_TABLE = re.compile(r"^[^_.].*\.parquet$|^deletion_vector_.*\.bin$")


def unused_files(files: Iterable[StoredFile], snapshot: Snapshot) -> list[StoredFile]:
    """Data files and deletion vectors that the snapshot's version does not use, oldest first. Pure.

    The snapshot has to be read after the files were listed: what is committed in between is then part of it.
    """
    used = _used(snapshot)
    unused = (file for file in files if _OF_A_TABLE.match(file.name) and file.name not in used)
    return sorted(unused, key=lambda file: file.modified)


def removable_files(unused: Iterable[StoredFile], snapshot: Snapshot, before: int) -> list[str]:
    """Those whose removal, or for one that no commit names whose writing, is older than `before`. Pure.

    before: milliseconds since 1970. The files of a write that is going on are younger than any retention worth it.
    """
    recently = _removed_since(snapshot, before)
    return [file.name for file in unused if file.modified < before and file.name not in recently]


def vacuum(storage: Storage, unused: Iterable[StoredFile], snapshot: Snapshot, before: int, most: int) -> int:
    """One bounded step: removes at most so many files, and says how many."""
    names = removable_files(unused, snapshot, before)[:most]
    storage.delete_all(names)
    return len(names)


def _used(snapshot: Snapshot) -> set[str]:
    names = set()
    for file in snapshot.files.values():
        names |= {file.location, *_vector_file(file.vector)}
    return names


def _removed_since(snapshot: Snapshot, since: int) -> set[str]:
    names = set()
    for removed in snapshot.removed_since(since):
        names |= {removed.location, *_vector_file(removed.vector)}
    return names


def _vector_file(vector: Descriptor | None) -> tuple[str, ...]:
    place = stored_at(vector) if vector else None
    return (place[0],) if place else ()
