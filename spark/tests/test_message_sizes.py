import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from cdc.message_sizes import divided, first_held_back, steps


def messages(*rows: tuple[str, int, int, int, bool]) -> pa.Table:
    columns = list(zip(*rows, strict=True)) or [[]] * 5
    kinds = {
        "topic": pa.string(),
        "partition": pa.int32(),
        "offset": pa.int64(),
        "size": pa.int32(),
        "fits": pa.bool_(),
    }
    return pa.table([pa.array(column, kind) for column, kind in zip(columns, kinds.values(), strict=True)], list(kinds))


def test_what_is_behind_a_message_that_was_held_back_waits_with_it() -> None:
    rows = messages(
        ("a", 0, 7, 9, True), ("a", 0, 5, 9, True), ("a", 0, 6, 900, False), ("a", 1, 7, 9, True), ("b", 0, 9, 1, True)
    )
    held_back = first_held_back(rows)
    assert held_back == {("a", 0): 6}
    first, rest = divided(rows, held_back)
    assert set(zip(first["topic"].to_pylist(), first["offset"].to_pylist(), strict=True)) == {
        ("a", 5),
        ("a", 7),
        ("b", 9),
    }
    assert sorted(rest["offset"].to_pylist()) == [6, 7]


def test_without_any_all_are_first() -> None:
    rows = messages(("a", 0, 7, 9, True))
    assert divided(rows, first_held_back(rows)) == (rows, rows.slice(0, 0))


def test_a_step_has_what_fits_and_a_larger_message_alone() -> None:
    rows = messages(
        ("b", 0, 1, 60, False),
        ("a", 0, 4, 10, True),
        ("a", 0, 2, 30, False),
        ("a", 0, 3, 500, False),
        ("a", 3, 9, 50, True),
    )
    assert list(steps(rows, 100)) == [
        {"a": {0: (2, 3)}},
        {"a": {0: (3, 4)}},
        {"a": {0: (4, 5), 3: (9, 10)}},
        {"b": {0: (1, 2)}},
    ]
    assert not list(steps(messages(), 100))


@given(
    st.lists(
        st.tuples(st.sampled_from("ab"), st.integers(0, 2), st.integers(0, 99), st.integers(0, 90), st.booleans())
    ),
    st.integers(1, 200),
)
def test_each_message_is_in_one_step_in_its_partitions_order(rows: list, most: int) -> None:
    rows = messages(*{row[:3]: row for row in rows}.values())
    first, rest = divided(rows, first_held_back(rows))
    assert first.num_rows + rest.num_rows == rows.num_rows
    sizes = {tuple(row[name] for name in ("topic", "partition", "offset")): row["size"] for row in rest.to_pylist()}
    read: list[tuple[str, int, int]] = []
    for wanted in steps(rest, most):
        step = [
            place
            for place in sorted(sizes)
            if place[1] in wanted.get(place[0], {})
            and wanted[place[0]][place[1]][0] <= place[2] < wanted[place[0]][place[1]][1]
        ]
        assert len(step) == 1 or sum(sizes[place] for place in step) <= most
        read += step
    assert read == sorted(sizes)
