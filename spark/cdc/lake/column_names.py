"""Names of columns, compared as readers of Delta tables compare them: whether letters are capital does not count."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from typing import TypeVar

LSN = "_lsn"
DELETED = "_deleted"
RESCUED = "_rescued_data"
OWN_NAMES = (LSN, DELETED, RESCUED)
"""of columns that are the lake's, not the source's"""

Named = TypeVar("Named")


def folded(name: str) -> str:
    """Equal for names that some reader takes for one: Java compares letter by letter, Rust whole words."""
    return "".join(map(_folded_letter, name.lower().replace("i\u0307", "i")))


def _folded_letter(letter: str) -> str:
    capital = letter.upper()
    return (capital if len(capital) == 1 else letter).lower()[0]


def free_name(name: str, taken: Container[str]) -> str:
    """The name, or with the first suffix `_2`, `_3` … that makes it one of its own. taken: folded names."""
    free, number = name, 1
    while folded(free) in taken:
        number += 1
        free = f"{name}_{number}"
    return free


def matched(names: Iterable[str], known: Mapping[str, Named]) -> dict[str, Named]:
    """names → the known things that they mean: by the very name, else one that differs in case only.

    Each is meant once, so of two names that differ in case only the second may mean nothing.
    """
    names = list(names)
    found = {name: known[name] for name in names if name in known}
    if len(found) == len(names):
        return found
    free: dict[str, str] = {}
    for name in known:
        if name not in found:
            free.setdefault(folded(name), name)
    for name in names:
        if name not in found and (other := free.pop(folded(name), None)) is not None:
            found[name] = known[other]
    return found
