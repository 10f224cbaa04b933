"""What a new version of the source's columns says of the rows from before it."""

import pytest

from cdc.lake.column_type import ColumnType
from cdc.lake.source_changes import SourceChange, known_columns, source_change
from cdc.lake.source_columns import SourceColumn


def version(text: str) -> list[SourceColumn]:
    """`id:long name city=` …: text where no type is named; = says that the column has a DEFAULT."""
    found = []
    for word in text.split():
        name, _, kind = word.removesuffix("=").partition(":")
        found.append(SourceColumn(name, ColumnType(kind or "string"), has_default=word.endswith("=")))
    return found


def change(old: str, new: str, old_key: str = "", new_key: str = "") -> SourceChange:
    return source_change(known_columns(version(old)), version(new), old_key.split(), new_key.split())


@pytest.mark.parametrize(
    ("old", "new", "renamed"),
    [
        ("id name city", "id title city", {"name": "title"}),
        ("id a b city", "id x y city", {"a": "x", "b": "y"}),
        ("id name city", "id Name city", {}),
        ("id name city", "id city", {}),
        ("id name", "id name city", {}),
        ("id name city", "id title city street", {"name": "title"}),
    ],
)
def test_what_comes_in_the_middle_where_another_went_is_that_one_renamed(old, new, renamed):
    assert change(old, new) == SourceChange(renamed)


def test_behind_all_others_it_may_be_another_column():
    found = change("id name", "id title")
    assert (found.renamed, found.perhaps) == ({}, {"title": "name"})
    assert found.reasons == ("column name became title: renamed, or dropped and added",)


def test_the_key_says_that_it_was_renamed():
    assert change("id", "item_id city", "id", "item_id") == SourceChange({"id": "item_id"})
    found = change("name id", "item_id", "id", "item_id")
    assert (found.renamed, found.perhaps) == ({"id": "item_id"}, {})
    assert change("id", "item_id", "id", "item_id") == SourceChange({"id": "item_id"})
    assert change("name id", "name item_id", "id", "item_id") == SourceChange({"id": "item_id"})


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("id", "id city=", "column city was added with a DEFAULT"),
        ("id a b", "id b a", "column a was dropped and made again"),
        ("id a b", "id b a:long", "column a was dropped and made again"),
        ("id a:integer", "id a:string", "column a became string (was integer)"),
        ("id a:long", "id a:integer", "column a became integer (was long)"),
        ("id a b:long c", "id x c", "columns a, b went and x came"),
        ("id a b:long", "id x:long y:long", "columns a, b went and x, y came"),
        ("id a", "id d a", "columns d came in front of a: renamed"),
        ("id b z", "id x z b", "columns x came in front of z, b: renamed"),
    ],
)
def test_reasons_to_read_the_rows_again(old, new, reason):
    found = change(old, new)
    assert found.renamed == {}
    assert any(each.startswith(reason) for each in found.reasons)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("short", "integer"),
        ("integer", "long"),
        ("decimal(10,2)", "decimal(12,2)"),
        ("decimal(10,2)", "decimal(12,4)"),
        ("integer", "decimal(12,2)"),
        ("float", "double"),
        ("array<integer>", "array<long>"),
    ],
)
def test_a_wider_type_is_no_reason(old, new):
    assert change(f"id a:{old}", f"id a:{new}") == SourceChange()
    assert change(f"id a:{new}", f"id a:{old}").reasons
