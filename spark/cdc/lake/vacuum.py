"""Removes files that a table no longer uses: of replaced rows, and of writes that never got their commit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from cdc.lake.deleted_keys import deleted_path, deleted_version
from cdc.lake.deletion_vectors import Descriptor, stored_at
from cdc.lake.index_files import index_path, indexed_location
from cdc.lake.snapshot import Snapshot
from cdc.lake.storage import Storage, StoredFile

_OF_A_TABLE = re.compile(r"^[^_.].*\.parquet$|^deletion_vector_.*\.bin$")


def unused_files(files: Iterable[StoredFile], snapshot: Snapshot) -> list[StoredFile]:
    """Data files, deletion vectors and index files that the snapshot's version does not use, oldest first. Pure.

    files: their names as paths in the table. The snapshot has to be read after they were listed: what is committed in
    between is then part of it.
    """
    files = list(files)
    used = _used(snapshot)
    stored = (deleted_version(file.name) for file in files)
    deleted = max((version for version in stored if version is not None and version <= snapshot.version), default=None)
    if deleted is not None:
        used.add(deleted_path(deleted))
    unused = (file for file in files if _is_of_a_table(file.name) and file.name not in used)
    return sorted(unused, key=lambda file: file.modified)


def unused_since(unused: Iterable[StoredFile], snapshot: Snapshot) -> dict[str, int]:
    """Each file's name and since when nothing uses it: its removal, or its writing if no commit names it. Pure.

    Milliseconds since 1970. The files of a write that is going on are younger than any retention worth it.
    """
    removed: dict[str, int] = {}
    for file, at in snapshot.removals():
        for name in (file.location, index_path(file.location), *_vector_file(file.vector)):
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
        names |= {file.location, index_path(file.location), *_vector_file(file.vector)}
    return names


def _is_of_a_table(path: str) -> bool:
    is_index = indexed_location(path) is not None or deleted_version(path) is not None
    return is_index or _OF_A_TABLE.match(path) is not None


def _vector_file(vector: Descriptor | None) -> tuple[str, ...]:
    place = stored_at(vector) if vector else None
    return (place[0],) if place else ()
