"""Keys that move: chains, swaps, `id = id + 1`, also where two rows have one key until the transaction ends."""

import itertools
import random

import pytest
from lake.debezium import Source, columns, part
from lake.readers import with_delta_rs
from lake.test_exact_values import array_of
from lake.test_state_table import FIELDS, Lake, row

from cdc.lake.table_options import TableOptions

UNCHANGED = "__debezium_unavailable_value"


class Rows:
    """A table in PostgreSQL with REPLICA IDENTITY FULL: rows that may have one key while a transaction goes on."""

    def __init__(self, source: Source, chance: random.Random) -> None:
        self.source, self.chance = source, chance
        self.rows: list[dict] = []
        self.transaction = 1

    def emit(self, op: str, before: dict | None, after: dict | None, lsn: int | None = None) -> None:
        event = self.source.emit(op, before, after, lsn)
        event.transaction = self.transaction

    def insert(self, key: int, name: str) -> None:
        new = row(key, name)
        self.rows.append(new)
        self.emit("c", None, dict(new))

    def move(self, old: dict, key: int) -> None:
        if old["id"] == key:
            return
        lsn = self.source.lsn + 10
        self.emit("d", dict(old), None, lsn)
        after = {**old, "id": key}
        # A large value that stays is not logged again.
        self.emit("c", None, {**after, "name": UNCHANGED} if self.chance.random() < 0.7 else dict(after), lsn)
        old["id"] = key

    def change(self, old: dict, amount: int) -> None:
        before = dict(old)
        old["amount"] = amount
        self.emit("u", before, dict(old))

    def delete(self, old: dict) -> None:
        self.rows.remove(old)
        self.emit("d", dict(old), None)

    def model(self) -> dict:
        assert len({each["id"] for each in self.rows}) == len(self.rows)
        return {each["id"]: (each["name"], each["amount"]) for each in self.rows}


def live(lake: Lake) -> dict:
    rows = with_delta_rs(lake.path)
    assert len({row["id"] for row in rows}) == len(rows)
    return {row["id"]: (row["name"], row["amount"]) for row in rows if not row.get("_deleted")}


def in_parts(lake: Lake, events: list, cuts: list[int], lose_index: bool) -> None:
    for first, end in itertools.pairwise([0, *cuts, len(events)]):
        if events[first:end]:
            if lose_index:
                lake.restart(lose_index=True)
            lake.apply(events[first:end])


@pytest.mark.parametrize("lose_index", [False, True])
@pytest.mark.parametrize("soft_delete", [False, True])
@pytest.mark.parametrize("order", list(itertools.permutations(range(3))), ids=str)
def test_every_key_moves_up_by_one_in_any_order_cut_anywhere(tmp_path, order, soft_delete, lose_index):
    for cut in range(7):
        chance = random.Random(cut)
        lake = Lake(tmp_path / str(cut), options=TableOptions(soft_delete=soft_delete))
        source = Source()
        rows = Rows(source, chance)
        for key, name in enumerate("abc", start=1):
            rows.insert(key, name)
        lake.apply(source.take())
        rows.transaction += 1
        for place in order:
            rows.move(rows.rows[place], rows.rows[place]["id"] + 1)
        in_parts(lake, source.take(), [cut], lose_index)
        assert live(lake) == rows.model() == {2: ("a", 1), 3: ("b", 1), 4: ("c", 1)}
        rows.transaction += 1
        first, second = rows.rows[:2]
        rows.move(first, 3)
        rows.move(second, 2)
        in_parts(lake, source.take(), [cut % 4], lose_index)
        assert live(lake) == {2: ("b", 1), 3: ("a", 1), 4: ("c", 1)}


@pytest.mark.parametrize("seed", range(12))
def test_any_transactions_leave_the_sources_rows(tmp_path, seed):
    """Permutations of keys, inserts beside rows that leave, deletes of what just came; repeats, restarts, cuts."""
    chance = random.Random(seed)
    lake = Lake(tmp_path, options=TableOptions(soft_delete=seed % 3 == 0))
    source = Source()
    rows = Rows(source, chance)
    history: list = []
    for number in range(25):
        rows.transaction += 1
        transaction(rows, chance, number)
        history += source.take()
        if chance.random() < 0.6:
            continue
        sent = len(history)
        cuts = sorted(chance.sample(range(sent), min(sent, chance.randrange(4))))
        in_parts(lake, history, cuts, lose_index=False)
        if chance.random() < 0.3:
            lake.restart()
        again = history[-chance.randrange(1, 20) :]
        history = []
        assert live(lake) == rows.model()
        # A connector that could not note how far it was sends everything again from there on.
        for event in again:
            source.again(event)
        lake.apply(source.take())
        assert live(lake) == rows.model()


def transaction(rows: Rows, chance: random.Random, number: int) -> None:
    what = chance.random()
    free = [key for key in range(12) if key not in {each["id"] for each in rows.rows}]
    if what < 0.3 or len(rows.rows) < 3:
        for key in chance.sample(free, min(3, len(free))):
            rows.insert(key, f"text {number} {key}")
    elif what < 0.6:
        moving = chance.sample(rows.rows, chance.randrange(2, len(rows.rows) + 1))
        keys = [each["id"] for each in moving]
        chance.shuffle(keys)
        for each, key in zip(moving, keys, strict=True):
            rows.move(each, key)
            if chance.random() < 0.3:
                rows.change(each, chance.randrange(100))
    elif what < 0.7:
        for each in chance.sample(rows.rows, len(rows.rows)):
            rows.move(each, each["id"] + 1)
    elif what < 0.85:
        take_its_key(rows, chance, number, free)
    else:
        for each in chance.sample(rows.rows, min(2, len(rows.rows))):
            rows.delete(each)


def take_its_key(rows: Rows, chance: random.Random, number: int, free: list[int]) -> None:
    """Another row takes a key that is only left afterwards."""
    old = chance.choice(rows.rows)
    rows.insert(old["id"], f"instead {number}")
    if chance.random() < 0.5:
        rows.change(rows.rows[-1], number)
    if chance.random() < 0.5 and free:
        rows.move(old, chance.choice(free))
    else:
        rows.delete(old)


def test_what_came_and_moved_in_one_transaction_keeps_its_large_values(tmp_path):
    for cut in range(4):
        lake, source = Lake(tmp_path / str(cut)), Source()
        rows = Rows(source, random.Random(1))
        rows.insert(1, "large")
        lsn = source.lsn + 10
        rows.emit("d", {"id": 1, "name": None, "amount": None}, None, lsn)
        rows.emit("c", None, row(2, UNCHANGED, 7), lsn)
        in_parts(lake, source.take(), [cut], lose_index=True)
        assert live(lake) == {2: ("large", 7)}


def test_a_key_that_becomes_an_equal_one_is_there(tmp_path):
    """-0 and 0: the deletion of the one and the creation of the other have one position."""
    schemas = {1: columns([part("id", "double"), *FIELDS[1:]])}
    for cut in range(3):
        for again in (False, True):
            lake, source = Lake(tmp_path / f"{cut}{again}"), Source()
            source.emit("c", None, row(-0.0, "zero"))
            lake.apply(source.take(), schemas)
            lsn = source.lsn + 10
            events = [source.emit("d", row(-0.0, "zero"), None, lsn), source.emit("c", None, row(0.0, UNCHANGED), lsn)]
            source.take()
            for part_of in filter(None, (events[:cut], events[cut:])):
                lake.apply(part_of, schemas)
            if again:
                for event in events:
                    source.again(event)
                lake.apply(source.take(), schemas)
            assert lake.rows() == {0.0: ("zero", 1)}


@pytest.mark.parametrize("restart", [False, True])
def test_arrays_whose_first_element_is_not_number_1_are_other_keys(tmp_path, restart):
    schemas = {1: columns([array_of("text") | {"field": "id"}, *FIELDS[1:]])}
    lake, source = Lake(tmp_path), Source()
    for number, key in enumerate(["{Z,0}", "[0:1]={Z,0}", "{}"]):
        source.emit("c", None, row(key, "new", number))
        if number != 1:
            lake.apply(source.take(), schemas)
            if restart:
                lake.restart(lose_index=True)
    source.emit("d", row("[0:1]={Z,0}"))
    source.emit("u", None, row("{Z,0}", "changed", 7))
    lake.apply(source.take(), schemas)
    assert lake.rows() == {"{Z,0}": ("changed", 7), "{}": ("new", 2)}


def test_a_truncate_spares_what_came_after_it_through_another_partition(tmp_path):
    for soft_delete in (False, True):
        lake, source = Lake(tmp_path / str(soft_delete), options=TableOptions(soft_delete=soft_delete)), Source()
        for number in range(4):
            source.emit("c", None, row(number, "before"))
        lake.apply(source.take())
        truncate = source.emit("t")
        source.take()
        source.emit("c", None, row(1, "after"))
        source.emit("c", None, row(9, "after"))
        for event in source.events:
            event.partition = 1
        lake.apply(source.take())
        lake.apply([truncate])
        assert live(lake) == {1: ("after", 1), 9: ("after", 1)}
        lake.restart(lose_index=True)
        source.emit("u", None, row(9, UNCHANGED, 5))
        lake.apply(source.take())
        assert live(lake) == {1: ("after", 1), 9: ("after", 5)}
