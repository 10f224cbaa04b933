"""Any history leaves what a plain dict has, with index files and the local disk lost or damaged at any time, other
programs that write the table in between, and late changes that come alone."""

import shutil
import tempfile
from pathlib import Path

import pytest
from deltalake import DeltaTable
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lake.test_random_histories import KEYS, STEPS, World
from lake.test_state_table import SCHEMAS

from cdc.lake.index_files import FOLDER

CHANGES = st.one_of(
    st.tuples(st.just("put"), KEYS, st.integers(0, 99)),
    st.tuples(st.just("touch"), KEYS, st.integers(0, 99)),
    st.tuples(st.just("delete"), KEYS),
    st.tuples(st.just("move"), KEYS, KEYS),
    st.tuples(st.just("commit")),
)
MORE = st.one_of(
    st.tuples(st.just("late"), st.integers(0, 1000)),
    st.tuples(st.just("late"), st.integers(0, 1000)),
    st.tuples(st.just("lose_local_disk")),
    st.tuples(st.just("lose_index_file"), st.integers(0, 20)),
    st.tuples(st.just("damage_index_file"), st.integers(0, 20), st.integers(0, 10_000)),
    st.tuples(st.just("damage_local_file"), st.integers(0, 20), st.integers(0, 10_000)),
    st.tuples(st.just("optimize_by_hand")),
    st.tuples(st.just("vacuum_by_hand")),
    st.tuples(st.just("update_by_hand"), KEYS),
    st.tuples(st.just("delete_by_hand"), KEYS),
    st.tuples(st.just("checkpoint_by_hand")),
)


class Rough(World):
    """A world in which nothing but the table's data and log can be relied on."""

    def __init__(self, folder: Path, soft_delete: bool) -> None:
        super().__init__(folder, soft_delete)
        self.by_hand: set[int] = set()
        """keys that somebody deleted in the lake alone: an old change would bring them back, and rightly so"""

    def put(self, key: int, amount: int) -> None:
        super().put(key, amount)
        self.by_hand.discard(key)

    def move(self, key: int, to: int) -> None:
        if to not in self.by_hand:
            super().move(key, to)

    def repeat(self, count: int) -> None:
        if not self.by_hand:
            super().repeat(count)

    def late(self, which: int) -> None:
        """One change that came before comes once more, and nothing behind it."""
        self.commit()
        if self.history and not self.by_hand:
            self.source.again(self.history[which % len(self.history)])
            self.lake.apply(self.source.take(), SCHEMAS)

    def lose_local_disk(self) -> None:
        self.restart(lose_index=True)

    def lose_index_file(self, which: int) -> None:
        if file := self._one_of(self.lake.path / FOLDER, "*.keys", which):
            file.unlink()
        self.restart(lose_index=True)

    def damage_index_file(self, which: int, at: int) -> None:
        if file := self._one_of(self.lake.path / FOLDER, "*.keys", which):
            _damage(file, at)
        self.restart(lose_index=True)

    def damage_local_file(self, which: int, at: int) -> None:
        self.restart(lose_index=False)
        if file := self._one_of(self.lake.index, "*.keys.*", which):
            _damage(file, at)

    def optimize_by_hand(self) -> None:
        if table := self._table():
            table.optimize.compact()

    def vacuum_by_hand(self) -> None:
        if table := self._table():
            table.vacuum(0, dry_run=False, enforce_retention_duration=False)

    def checkpoint_by_hand(self) -> None:
        if table := self._table():
            table.create_checkpoint()

    def update_by_hand(self, key: int) -> None:
        if (table := self._table()) and key in self.model:
            table.update(updates={"name": "'by hand'"}, predicate=f"id = {key}")
            self.model[key] = {**self.model[key], "name": "by hand"}

    def delete_by_hand(self, key: int) -> None:
        if (table := self._table()) and key in self.model:
            table.delete(f"id = {key}")
            del self.model[key]
            self.by_hand.add(key)

    def truncate(self) -> None:
        super().truncate()
        self.by_hand.clear()

    def check(self) -> None:
        super().check()
        if self.lake.table.version >= 0:
            self.lake.table.state.reload()
            entries = list(self.lake.table.state.index.entries())
            live = sum(file.live for file in self.lake.table.files)
            assert len(entries) == len({code for code, _ in entries}) == live

    def _table(self) -> DeltaTable | None:
        self.commit()
        return DeltaTable(str(self.lake.path)) if self.lake.table.version >= 0 else None

    def _one_of(self, folder: Path, pattern: str, which: int) -> Path | None:
        self.commit()
        files = sorted(folder.glob(pattern))
        return files[which % len(files)] if files else None


def _damage(file: Path, at: int) -> None:
    content = bytearray(file.read_bytes())
    if at % 3 == 0:
        del content[at % (len(content) + 1) :]
    elif content:
        content[at % len(content)] ^= 1 + at % 255
    # Another file of this name: to cut one that is mapped into memory ends the process.
    file.unlink()
    file.write_bytes(content)


@pytest.mark.parametrize("soft_delete", [False, True])
@pytest.mark.parametrize("least_rows", [1, 4])
def test_the_table_is_what_a_dict_is_whatever_becomes_of_the_index(soft_delete, least_rows, monkeypatch):
    monkeypatch.setattr("cdc.lake.compaction.FAN_IN", 2)
    monkeypatch.setattr("cdc.lake.table_log._COMMITS_A_CHECKPOINT", 3)
    monkeypatch.setattr("cdc.lake.key_index.LEAST_ROWS", least_rows)

    @settings(max_examples=30, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(st.lists(st.one_of(CHANGES, STEPS, MORE), min_size=25, max_size=60), st.sampled_from([0, 2, 1_000]))
    def any_history(steps, most_in_note) -> None:
        monkeypatch.setattr("cdc.lake.deleted_keys._MOST_IN_NOTE", most_in_note)
        folder = Path(tempfile.mkdtemp())
        try:
            world = Rough(folder, soft_delete)
            for key in range(6):
                world.put(key, key)
            for step in steps:
                world.do(*step)
            world.check()
        finally:
            shutil.rmtree(folder)

    any_history()
