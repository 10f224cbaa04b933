"""What it means for a table's old rows that the source's columns are others now. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from cdc.lake.column_names import matched
from cdc.lake.column_type import ColumnType, common_type
from cdc.lake.source_columns import SourceColumn

Known = tuple[str, str]
"""name and type of a column of the source, as the table's log has them"""
_WHOLE = ("short", "integer", "long")


@dataclass(frozen=True)
class SourceChange:
    """From one version of the source's columns to the next."""

    renamed: dict[str, str] = field(default_factory=dict)
    """old name → new name: the values are the same"""
    perhaps: dict[str, str] = field(default_factory=dict)
    """new name → old name: it was renamed, or one was dropped and the other added"""
    reasons: tuple[str, ...] = ()
    """why old rows are not as the source has them now, in words"""

    @property
    def parts_rows(self) -> bool:
        """Whether rows from before it have to be written before it is followed."""
        return bool(self.renamed)


def known_columns(columns: Iterable[SourceColumn]) -> tuple[Known, ...]:
    return tuple((column.name, str(column.type)) for column in columns)


def source_change(
    old: Sequence[Known], new: Sequence[SourceColumn], old_key: Sequence[str] = (), new_key: Sequence[str] = ()
) -> SourceChange:
    """PostgreSQL puts new columns behind the others, and a renamed one stays where it was.

    So a column that comes in the middle where another one went is that one renamed. Behind all others one may as well
    have been dropped and another added, which is a reason to read the rows again; unless the key says the same.
    """
    types = {name: ColumnType(kind) for name, kind in old}
    by_name = {column.name: column for column in new}
    found = matched(by_name, dict(zip(types, types, strict=True)))
    stays = {name: found[name] for name in by_name if name in found}
    made_again = _made_again([name for name, _ in old], stays)
    reasons = [f"column {name} was dropped and made again" for name in made_again]
    for name, of_old in stays.items():
        kind = by_name[name].type
        if name not in made_again and not is_wider(types[of_old], kind):
            reasons.append(f"column {name} became {kind} (was {types[of_old]}): old values may be others in the source")
    firm = {name: of_old for name, of_old in stays.items() if name not in made_again}
    gone = _by_place([name for name, _ in old], set(firm.values()), skip=set(stays.values()))
    come = _by_place(list(by_name), set(firm), skip=set(stays))
    renamed: dict[str, str] = {}
    perhaps: dict[str, str] = {}

    def same_type(one: str, other: str) -> bool:
        return types[one] == by_name[other].type

    of_key = dict(zip(old_key, new_key, strict=True)) if len(old_key) == len(new_key) else {}
    for place, names in come.items():
        went = gone.get(place, [])
        of_place = {one: of_key[one] for one in went if of_key.get(one) in names and same_type(one, of_key[one])}
        renamed |= of_place
        went = [name for name in went if name not in of_place]
        come_here = [name for name in names if name not in of_place.values()]
        pairs = [pair for pair in zip(went, come_here, strict=False) if same_type(*pair)]
        last = place == len(firm)
        if not last and len(pairs) == len(went) == len(come_here):
            renamed |= dict(pairs)
            continue
        if last:
            perhaps |= {other: one for one, other in pairs}
            reasons += [f"column {one} became {other}: renamed, or dropped and added" for one, other in pairs]
        if went and len(pairs) < len(come_here if last else went):
            reasons.append(f"columns {', '.join(went)} went and {', '.join(come_here)} came")
        if not last and len(come_here) > len(went):
            # Only a column that was there before can be, and its name is that of a new one behind it.
            behind = [name for name in by_name if name in firm][place:] + made_again
            reasons.append(
                f"columns {', '.join(come_here)} came in front of {', '.join(behind)}: "
                "renamed, and their names given again"
            )
    taken = set(renamed.values())
    reasons += [
        f"column {column.name} was added with a DEFAULT, which old rows have in the source and not here"
        for column in new
        if column.has_default and column.name not in stays and column.name not in taken
    ]
    return SourceChange(renamed, perhaps, tuple(reasons))


def is_wider(old: ColumnType, new: ColumnType) -> bool:
    """Whether any way of converting values of the old type that is not made up gives what the lake makes of them."""
    if old == new:
        return True
    if old.element and new.element:
        return is_wider(old.element, new.element)
    if old.name in _WHOLE or old.is_decimal:
        return (new.name in _WHOLE or new.is_decimal) and common_type(old, new) == new
    return (old.name, new.name) == ("float", "double")


def _made_again(old: Sequence[str], stays: dict[str, str]) -> list[str]:
    """Columns that are behind others which they were in front of."""
    places = {name: place for place, name in enumerate(old)}
    again, furthest = [], -1
    for name, of_old in stays.items():
        if places[of_old] < furthest:
            again.append(name)
        furthest = max(furthest, places[of_old])
    return again


def _by_place(names: Sequence[str], firm: set[str], skip: set[str]) -> dict[int, list[str]]:
    """Names that are not among the firm ones, by how many of those are in front of them."""
    found: dict[int, list[str]] = defaultdict(list)
    place = 0
    for name in names:
        if name in firm:
            place += 1
        elif name not in skip:
            found[place].append(name)
    return found
