"""Removes the part of a table's log that no reader needs: what is before an old enough checkpoint.

Source of the rule: the Delta protocol's section "Metadata Cleanup".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from cdc.lake.storage import Storage, StoredFile
from cdc.lake.table_log import LOG

_CHECKPOINT = re.compile(r"^(\d{20})\.checkpoint\.parquet$")
_OF_A_VERSION = re.compile(r"^(?:\d{20}\.)?(\d{20})\.(?:json|crc|compacted\.json|checkpoint\..*)$")


def unneeded_log_files(files: Iterable[StoredFile], before: int, hint: int) -> list[str]:
    """Commits and checkpoints of versions before the newest checkpoint that is older than `before`, oldest first. Pure.

    That checkpoint stays, and whatever is behind it, so that each version since can still be read.

    before: milliseconds since 1970. hint: version that `_last_checkpoint` names, where readers start; it stays too.
    """
    files = list(files)
    kept = max(
        (int(found[1]) for file in files if file.modified < before and (found := _CHECKPOINT.match(file.name))),
        default=0,
    )
    kept = min(kept, hint)
    versions = sorted((int(found[1]), file.name) for file in files if (found := _OF_A_VERSION.match(file.name)))
    return [name for version, name in versions if version < kept]


def clean_log(storage: Storage, unneeded: Sequence[str], most: int) -> int:
    """One bounded step: removes at most so many of the log's files, and says how many."""
    names = unneeded[:most]
    storage.delete_all(f"{LOG}/{name}" for name in names)
    return len(names)


def checkpoints_since(files: Iterable[StoredFile], before: int) -> list[int]:
    """When the checkpoints were made that are not older than `before`: milliseconds since 1970. Pure."""
    return [file.modified for file in files if file.modified >= before and _CHECKPOINT.match(file.name)]
