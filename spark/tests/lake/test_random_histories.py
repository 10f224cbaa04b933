"""Any history, in any micro-batches, with repeats, restarts and crashes, leaves what a plain dict has."""

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lake.debezium import Source
from lake.readers import with_delta_rs
from lake.test_state_table import SCHEMAS, Lake

from cdc.lake.table_options import TableOptions

UNCHANGED = "__debezium_unavailable_value"
KEYS = st.integers(0, 5)
STEPS = st.one_of(
    st.tuples(st.just("put"), KEYS, st.integers(0, 99)),
    st.tuples(st.just("put"), KEYS, st.integers(0, 99)),
    st.tuples(st.just("touch"), KEYS, st.integers(0, 99)),
    st.tuples(st.just("delete"), KEYS),
    st.tuples(st.just("move"), KEYS, KEYS),
    st.tuples(st.just("truncate")),
    st.tuples(st.just("commit")),
    st.tuples(st.just("commit")),
    st.tuples(st.just("repeat"), st.integers(1, 20)),
    st.tuples(st.just("restart"), st.booleans()),
    st.tuples(st.just("compact")),
)


class World:
    def __init__(self, folder: Path, soft_delete: bool) -> None:
        self.lake = Lake(folder, options=TableOptions(soft_delete=soft_delete))
        self.source = Source()
        self.model: dict[int, dict[str, Any]] = {}
        self.history: list[Any] = []

    def do(self, what: str, *values: Any) -> None:
        getattr(self, what)(*values)

    def put(self, key: int, amount: int) -> None:
        after = {"id": key, "name": f"{key} at {self.source.lsn}", "amount": amount}
        self.source.emit("u" if key in self.model else "c", None, after)
        self.model[key] = after

    def touch(self, key: int, amount: int) -> None:
        if key in self.model:
            self.source.emit("u", None, {"id": key, "name": UNCHANGED, "amount": amount})
            self.model[key] = {**self.model[key], "amount": amount}

    def delete(self, key: int) -> None:
        if key in self.model:
            self.source.emit("d", {"id": key, "name": None, "amount": None})
            del self.model[key]

    def move(self, key: int, to: int) -> None:
        if key in self.model and to not in self.model:
            lsn = self.source.lsn + 10
            moved = {**self.model.pop(key), "id": to}
            self.source.emit("d", {"id": key, "name": None, "amount": None}, lsn=lsn)
            self.source.emit("c", None, {**moved, "name": UNCHANGED}, lsn=lsn)
            self.model[to] = moved

    def truncate(self) -> None:
        self.source.emit("t")
        self.model.clear()

    def commit(self) -> None:
        if events := self.source.take():
            self.history += events
            self.lake.apply(events, SCHEMAS)

    def repeat(self, count: int) -> None:
        """What a connector does that could not note how far it was: it sends everything again from there on."""
        self.commit()
        for event in self.history[-count:]:
            self.source.again(event)
        if self.history:
            self.lake.apply(self.source.take(), SCHEMAS)

    def restart(self, lose_index: bool) -> None:
        self.lake.restart(lose_index=lose_index)

    def compact(self) -> None:
        self.lake.table.maintain()

    def check(self) -> None:
        self.commit()
        if self.lake.table.version < 0:
            return
        rows = with_delta_rs(self.lake.path)
        live = [row for row in rows if not row.get("_deleted")]
        assert len({row["id"] for row in rows}) == len(rows)
        assert {row["id"]: (row["name"], row["amount"]) for row in live} == {
            key: (row["name"], row["amount"]) for key, row in self.model.items()
        }


@pytest.mark.parametrize("soft_delete", [False, True])
def test_the_table_is_what_a_dict_is(soft_delete, monkeypatch):
    monkeypatch.setattr("cdc.lake.compaction.FAN_IN", 2)
    monkeypatch.setattr("cdc.lake.table_log._COMMITS_A_CHECKPOINT", 3)

    @settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(st.lists(STEPS, max_size=40))
    def any_history(steps) -> None:
        with tempfile.TemporaryDirectory() as folder:
            world = World(Path(folder), soft_delete)
            for step in steps:
                world.do(*step)
            world.check()

    any_history()
