"""How long what a table no longer needs is kept, for readers of older versions."""

from __future__ import annotations

import re
from dataclasses import dataclass

_UNITS = {"minute": 60, "hour": 3600, "day": 86_400, "week": 604_800}
_TEXT = re.compile(rf"^(\d+) ({'|'.join(_UNITS)})s?$")


@dataclass(frozen=True)
class Retention:
    seconds: int

    @property
    def milliseconds(self) -> int:
        return self.seconds * 1000

    @property
    def properties(self) -> dict[str, str]:
        """The same, as properties of the table, for other programs that maintain it."""
        interval = f"interval {self.seconds} seconds"
        return {"delta.deletedFileRetentionDuration": interval, "delta.logRetentionDuration": interval}


DEFAULT = Retention(3600)


def parse_retention(text: str) -> Retention:
    """Reads `1 hour`, `90 minutes`, `7 days`. Raises ValueError.

    At least five minutes: a file that a running micro-batch has written but not yet committed must be younger.
    """
    found = _TEXT.match(text)
    if not found:
        raise ValueError(f"expected a duration such as '1 hour' or '7 days', found '{text}'")
    retention = Retention(int(found[1]) * _UNITS[found[2]])
    if retention.seconds < 300:
        raise ValueError(f"expected at least 5 minutes, found '{text}'")
    return retention
