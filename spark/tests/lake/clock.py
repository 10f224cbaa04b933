"""A clock that tests set: the program's and the store's at once."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from cdc.lake.storage import Storage, StoredFile, open_storage


@dataclass
class Clock:
    seconds: float = 1_750_000_000.0
    written: dict[str, int] = field(default_factory=dict)
    """path → when it was written, milliseconds since 1970"""

    def time(self) -> float:
        return self.seconds

    def pass_by(self, seconds: float) -> None:
        self.seconds += seconds

    @property
    def milliseconds(self) -> int:
        return int(self.seconds * 1000)

    def storage(self, folder: Path) -> Storage:
        """The folder, whose files are as old as this clock says."""
        storage = _ClockedStorage(open_storage(f"file:{folder}")._store)
        storage.clock = self
        return storage

    def rule(self, monkeypatch: pytest.MonkeyPatch) -> Clock:
        """The lake's modules ask this clock from now on."""
        monkeypatch.setattr("cdc.lake.snapshot.time", self)
        return self


class _ClockedStorage(Storage):
    clock: Clock

    def folder(self, path: str) -> Storage:
        storage = _ClockedStorage(self._store, self._path(path))
        storage.clock = self.clock
        return storage

    def put(self, path: str, content: bytes) -> None:
        super().put(path, content)
        self.clock.written[self._path(path)] = self.clock.milliseconds

    def create(self, path: str, content: bytes) -> None:
        super().create(path, content)
        self.clock.written[self._path(path)] = self.clock.milliseconds

    def files(self, folder: str = "") -> list[StoredFile]:
        place = self._path(folder) if folder else self._folder
        return [
            replace(file, modified=self.clock.written[f"{place}/{file.name}".lstrip("/")])
            for file in super().files(folder)
        ]
