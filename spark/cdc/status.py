"""The application's state for whoever supervises it: a small JSON file that is always complete."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any


class Status:
    """Keeps `path` up to date; without a path it keeps quiet.

    state: starting (not reading yet) | running (the query is active) | stopped (as asked) | failed (see error).
    Times are ISO 8601 in UTC.
    """

    def __init__(self, path: str | None, **facts: Any) -> None:
        self._path = Path(path) if path else None
        self._facts = {"state": "starting", "processId": os.getpid(), "startedAt": _now(), **facts}
        self.update()

    def update(self, **facts: Any) -> None:
        self._facts |= {**facts, "updatedAt": _now()}
        if self._path:
            unfinished = self._path.with_suffix(".unfinished")
            unfinished.write_text(json.dumps(self._facts) + "\n", encoding="utf-8")
            unfinished.replace(self._path)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
