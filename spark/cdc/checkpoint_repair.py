"""A checkpoint whose newest files are incomplete, such as after an upload that was cut off: Spark cannot go on from it.

What such a file planned is planned again without it. No message is doubled by that: the lake's tables say by themselves
how far they are.
"""

import json
import logging
from collections.abc import Callable

from pyspark.sql import SparkSession

from cdc.checkpoint_folder import CheckpointFolder

log = logging.getLogger("cdc")


def repair_checkpoint(spark: SparkSession, checkpoint: str) -> list[str]:
    """Removes incomplete files from the end of the checkpoint; returns their names, none mostly."""
    folder = CheckpointFolder(spark, checkpoint)
    removed = []
    if folder.names("") and _is_bad(folder.read("metadata"), is_metadata):
        removed += folder.remove("metadata")
    for number in sorted(folder.numbers("offsets"), reverse=True):
        if not _is_bad(folder.read(f"offsets/{number}"), is_offsets):
            break
        # A commit of what is planned again would keep Spark from it.
        removed += folder.remove(f"offsets/{number}") + folder.remove(f"commits/{number}")
    for number in sorted(folder.numbers("commits"), reverse=True):
        if not _is_bad(folder.read(f"commits/{number}"), is_commit):
            break
        removed += folder.remove(f"commits/{number}")
    for name in removed:
        log.warning("%s/%s was incomplete, and is removed: what it planned is planned again", checkpoint, name)
    return removed


def is_offsets(text: str) -> bool:
    """Whether a file of Spark's offset log is whole: a version, a line of metadata, each source's offsets. Pure."""
    lines = text.splitlines()
    return len(lines) >= 3 and lines[0].startswith("v") and all(_is_json(line) for line in lines[1:] if line != "-")


def is_commit(text: str) -> bool:
    """Whether a file of Spark's commit log is whole: a version, and a line of metadata. Pure."""
    lines = text.splitlines()
    return len(lines) >= 2 and lines[0].startswith("v") and _is_json(lines[1])


def is_metadata(text: str) -> bool:
    """Whether the file that says which query it is is whole. Pure."""
    return _is_json(text) and "id" in json.loads(text)


def _is_json(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except ValueError:
        return False


def _is_bad(text: str | None, is_whole: Callable[[str], bool]) -> bool:
    return text is not None and not is_whole(text)
