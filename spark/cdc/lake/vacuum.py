"""Removes files that a table no longer uses: of replaced rows, and of writes that never got their commit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

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


def unused_since(unused: Iterable[StoredFile], snapshot: Snapshot) -> dict[str, int]:
    """Each file's name and since when nothing uses it: its removal, or its writing if no commit names it. Pure.

    Milliseconds since 1970. The files of a write that is going on are younger than any retention worth it.
    """
    removed: dict[str, int] = {}
    for file, at in snapshot.removals():
        for name in (file.location, *_vector_file(file.vector)):
            removed[name] = max(at, removed.get(name, 0))
    return {file.name: max(file.modified, removed.get(file.name, 0)) for file in unused}


def vacuum(storage: Storage, since: Mapping[str, int], before: int, most: int) -> list[str]:
    """One bounded step: removes at most so many of the files that nothing has used since then, and says which."""
    names = [name for name, at in since.items() if at < before][:most]
    storage.delete_all(names)
    return names


def _used(snapshot: Snapshot) -> set[str]:
    names = set()
    for file in snapshot.files.values():
        names |= {file.location, *_vector_file(file.vector)}
    return names


def _vector_file(vector: Descriptor | None) -> tuple[str, ...]:
    place = stored_at(vector) if vector else None
    return (place[0],) if place else ()
