"""Added, dropped, renamed and widened columns, under each of the three policies."""

from collections.abc import Callable

import pytest
from lake.debezium import Source, columns, part
from lake.readers import with_delta_rs
from lake.test_exact_values import array_of
from lake.test_state_table import Lake

from cdc.lake.event import UNCHANGED
from cdc.lake.schema_following import SchemaChanged
from cdc.lake.table_options import TableOptions

ID, NAME, AMOUNT = part("id", "int64"), part("name", "string"), part("amount", "int32")
BEFORE = [ID, NAME, AMOUNT]

CHANGES = {
    "added": [*BEFORE, part("city", "string")],
    "dropped": [ID, AMOUNT],
    "renamed": [ID, part("title", "string"), AMOUNT],
    "widened": [ID, NAME, part("amount", "int64")],
    "another type": [ID, NAME, part("amount", "boolean")],
}
NEW_ROWS = {
    "added": {"id": 2, "name": "b", "amount": 2, "city": "Bursa"},
    "dropped": {"id": 2, "amount": 2},
    "renamed": {"id": 2, "title": "b", "amount": 2},
    "widened": {"id": 2, "name": "b", "amount": 2**40},
    "another type": {"id": 2, "name": "b", "amount": True},
}
EVOLVED = {
    "added": [("a", 1, None), ("b", 2, "Bursa")],
    "dropped": [("a", 1), (None, 2)],
    "renamed": [("a", 1), ("b", 2)],
    "widened": [("a", 1), ("b", 2**40)],
    "another type": [("a", "1"), ("b", "true")],
}
STEPS = {
    "added": ("column city string added",),
    "dropped": (),
    "renamed": ("column name is called title now",),
    "widened": ("column amount integer becomes long",),
    "another type": ("column amount integer becomes string",),
}


def changed(tmp_path, policy: str, change: str):
    """A table with a row from before the change, and one from after it that is about to be applied."""
    lake, source = Lake(tmp_path, options=TableOptions(on_schema_change=policy)), Source()
    schemas = {1: columns(BEFORE), 2: columns(CHANGES[change])}
    source.emit("c", None, {"id": 1, "name": "a", "amount": 1})
    lake.apply(source.take(), schemas)
    source.schema_id = 2
    source.emit("c", None, NEW_ROWS[change])
    apply: Callable = lambda: lake.apply(source.take(), schemas)  # noqa: E731
    return lake, apply


def values(lake: Lake) -> list[tuple]:
    rows = sorted(with_delta_rs(lake.path), key=lambda row: row["id"])
    return [tuple(value for name, value in row.items() if name not in ("id", "_lsn")) for row in rows]


@pytest.mark.parametrize("change", CHANGES)
def test_evolve_follows_and_keeps_the_old_values(tmp_path, change):
    lake, apply = changed(tmp_path, "evolve", change)
    assert apply().schema_changes == STEPS[change]
    assert values(lake) == EVOLVED[change]
    lake.restart(lose_index=True)
    source = Source(lsn=5000, schema_id=2)
    source.emit("u", None, {**NEW_ROWS[change], "id": 1})
    lake.apply(source.take(), {2: columns(CHANGES[change])})
    assert len(values(lake)) == 2


@pytest.mark.parametrize("change", CHANGES)
def test_ignore_keeps_the_columns_and_converts_what_fits(tmp_path, change):
    lake, apply = changed(tmp_path, "ignore", change)
    applied = apply()
    assert applied.schema_changes == ()
    rejected = {"widened": ["column amount, integer"]}.get(change, [])
    assert [item.reason[: len(start)] for item, start in zip(applied.rejected, rejected, strict=True)] == rejected
    expected = {
        "added": [("a", 1), ("b", 2)],
        "dropped": [("a", 1), (None, 2)],
        "renamed": [("a", 1), (None, 2)],
        "widened": [("a", 1)],
        "another type": [("a", 1), ("b", 1)],
    }
    assert values(lake) == expected[change]


@pytest.mark.parametrize("change", CHANGES)
def test_fail_stops_at_what_it_would_have_to_follow_and_leaves_the_table(tmp_path, change):
    lake, apply = changed(tmp_path, "fail", change)
    if not STEPS[change]:
        apply()
        assert values(lake) == EVOLVED[change]
        return
    with pytest.raises(SchemaChanged, match=STEPS[change][0]):
        apply()
    assert values(lake) == [("a", 1)]


@pytest.mark.parametrize("at_once", [False, True])
def test_a_column_that_comes_again_after_it_went_needs_the_old_rows_again(tmp_path, at_once):
    """The lake has values of the dropped one in old rows; in the source they are NULL."""
    lake, source = Lake(tmp_path), Source()
    schemas = {1: columns(BEFORE), 2: columns(CHANGES["dropped"]), 3: columns([ID, AMOUNT, NAME])}
    source.emit("c", None, {"id": 1, "name": "a", "amount": 1})
    lake.apply(source.take(), schemas)
    source.schema_id = 2
    source.emit("c", None, {"id": 2, "amount": 2})
    if not at_once:
        lake.apply(source.take(), schemas)
        assert lake.table.needs_rows is None
    source.schema_id = 3
    source.emit("c", None, {"id": 3, "amount": 3, "name": "c"})
    lake.apply(source.take(), schemas)
    assert lake.table.needs_rows == "column name was dropped and made again"


AS_TWO = [ID, part("select", "string"), part("SELECT", "string")]


@pytest.mark.parametrize(
    ("before", "after", "names"),
    [
        ([*AS_TWO, part("last", "string")], ["select", "now", "last"], ["select", "now", "last"]),
        (AS_TWO, ["now", "SELECT"], ["now", "SELECT_2"]),
        (AS_TWO, ["SELECT_2", "SELECT"], ["SELECT_2_2", "SELECT_2"]),
        ([ID, part("select", "string"), part("other", "string"), part("last", "string")],
         ["select", "SELECT", "last"], ["select", "SELECT_2", "last"]),
        ([ID, part("other", "string"), part("last", "string")], ["_LSN", "last"], ["_LSN_2", "last"]),
    ],
)  # fmt: skip
@pytest.mark.parametrize("restarted", [False, True])
def test_names_that_differ_in_case_only_stay_two_columns_when_one_is_renamed(tmp_path, before, after, names, restarted):
    lake, source = Lake(tmp_path), Source()
    schemas = {1: columns(before), 2: columns([ID, *(part(name, "string") for name in after), part("n", "int32")])}
    old = {"id": 1, **{each["field"]: f"old {place}" for place, each in enumerate(before[1:])}}
    source.emit("c", None, old)
    lake.apply(source.take(), schemas)
    if restarted:
        lake.restart(lose_index=True)
    source.schema_id = 2
    source.emit("c", None, {"id": 2, **{name: f"new {place}" for place, name in enumerate(after)}, "n": 1})
    source.emit("u", None, {"id": 3, **{name: f"other {place}" for place, name in enumerate(after)}, "n": 1})
    assert lake.apply(source.take(), schemas).schema_changes[0].endswith("now")
    texts = {
        row["id"]: [row[name] for name in names] for row in sorted(with_delta_rs(lake.path), key=lambda row: row["id"])
    }
    assert texts == {
        number: [f"{which} {place}" for place in range(len(after))]
        for number, which in ((1, "old"), (2, "new"), (3, "other"))
    }


def test_what_was_not_logged_and_is_null_in_the_table_is_said_to_be_lost(tmp_path):
    """A column of the source was renamed, and another one got its name, without a row in between."""
    lake, source = Lake(tmp_path), Source()
    schemas = {1: columns(BEFORE), 2: columns([ID, part("title", "string"), AMOUNT, NAME])}
    source.emit("c", None, {"id": 1, "name": "large", "amount": 1})
    lake.apply(source.take(), schemas)
    source.schema_id = 2
    source.emit("u", None, {"id": 1, "title": "__debezium_unavailable_value", "amount": 2, "name": None})
    applied = lake.apply(source.take(), schemas)
    assert [item.reason for item in applied.rejected] == [
        "title did not change, and the table does not have what was there: null is written"
    ]
    assert "came in front of amount, name: renamed" in lake.table.needs_rows


@pytest.mark.parametrize("there_before", [False, True])
def test_rows_of_the_same_micro_batch_from_before_a_column_with_a_default_are_needed_again(tmp_path, there_before):
    lake, source = Lake(tmp_path), Source()
    schemas = {1: columns(BEFORE), 2: columns([*BEFORE, part("city", "string", parameters={"default": "true"})])}
    if there_before:
        source.emit("c", None, {"id": 1, "name": "a", "amount": 1})
        source.emit("d", {"id": 1, "name": "a", "amount": 1})
        lake.apply(source.take(), schemas)
    source.emit("c", None, {"id": 1, "name": "a", "amount": 1})
    source.schema_id = 2
    source.emit("c", None, {"id": 2, "name": "a", "amount": 1, "city": "Bursa"})
    lake.apply(source.take(), schemas)
    assert lake.table.needs_rows.startswith("column city was added with a DEFAULT")


@pytest.mark.parametrize("nested", [False, True])
def test_an_unlogged_array_is_found_under_its_old_name_also_where_that_became_text(tmp_path, nested):
    lake, source = Lake(tmp_path), Source()
    old, new = array_of("text") | {"field": "old"}, array_of("text") | {"field": "new"}
    schemas = {1: columns([ID, old]), 2: columns([ID, new])}
    source.emit("c", None, {"id": 1, "old": "{{a},{b}}" if nested else "{a,b}"})
    source.emit("c", None, {"id": 2, "old": "{{a},{b}}"})
    lake.apply(source.take(), schemas)
    source.schema_id = 2
    source.emit("u", None, {"id": 1, "new": None})
    for event in source.events:
        event.after["new"], event.partial = UNCHANGED, True
    applied = lake.apply(source.take(), schemas)
    rows = {row["id"]: row["new"] for row in with_delta_rs(lake.path)}
    assert rows[1] == (None if nested else ["a", "b"])
    assert len(applied.rejected) == nested


@pytest.mark.parametrize("restarted", [False, True])
def test_boxes_that_become_text_have_their_own_delimiter(tmp_path, restarted):
    lake, source = Lake(tmp_path), Source()
    schemas = {1: columns([ID, array_of("box") | {"field": "areas"}])}
    source.emit("c", None, {"id": 1, "areas": "{(1,1),(0,0);NULL;(3,4),(1,2)}"})
    lake.apply(source.take(), schemas)
    if restarted:
        lake.restart(lose_index=True)
    nested = "{{(1,1),(0,0)};{(3,4),(1,2)}}"
    source.emit("c", None, {"id": 2, "areas": nested})
    lake.apply(source.take(), schemas)
    assert values(lake) == [("{(1,1),(0,0);NULL;(3,4),(1,2)}",), (nested,)]
