"""Which messages of a micro-batch are read at once, so that no number of wide rows fills a process. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pyarrow as pa
import pyarrow.compute as pc

Ranges = Mapping[str, Mapping[int, tuple[int, int]]]
"""topic → partition → first offset, and the one behind the last"""


def first_held_back(rows: pa.Table) -> dict[tuple[str, int], int]:
    """Topic and partition → offset of the first message that was not sent.

    rows: topic, partition, offset, fits bool
    """
    kept = rows.filter(pc.invert(rows["fits"])).group_by(["topic", "partition"]).aggregate([("offset", "min")])
    return {(row["topic"], row["partition"]): row["offset_min"] for row in kept.to_pylist()}


def divided(rows: pa.Table, held_back: Mapping[tuple[str, int], int]) -> tuple[pa.Table, pa.Table]:
    """The messages before those, and those with all behind them: a partition's messages are taken in their order."""
    later = pa.chunked_array([pa.repeat(False, rows.num_rows)])
    for (topic, partition), offset in held_back.items():
        of_partition = pc.and_(pc.equal(rows["topic"], topic), pc.equal(rows["partition"], partition))
        later = pc.or_(later, pc.and_(of_partition, pc.greater_equal(rows["offset"], offset)))
    return rows.filter(pc.invert(later)), rows.filter(later)


def steps(rows: pa.Table, most: int) -> Iterator[Ranges]:
    """Ranges of messages that have at most so many bytes together; a message that has more is read alone.

    rows: topic, partition, offset, size
    """
    rows = rows.sort_by([(name, "ascending") for name in ("topic", "partition", "offset")])
    wanted: dict[str, dict[int, tuple[int, int]]] = {}
    size = 0
    columns = (rows[name].to_pylist() for name in ("topic", "partition", "offset", "size"))
    for topic, partition, offset, bytes_of in zip(*columns, strict=True):
        if wanted and size + bytes_of > most:
            yield wanted
            wanted, size = {}, 0
        size += bytes_of
        of_topic = wanted.setdefault(topic, {})
        first, _ = of_topic.get(partition, (offset, 0))
        of_topic[partition] = first, offset + 1
    if wanted:
        yield wanted
