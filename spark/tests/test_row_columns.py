import json

import pytest
from envelope import CUSTOMER_COLUMNS, schema

from cdc.row_columns import RowColumns, SchemaError, merged, row_columns


def test_columns_come_from_the_envelopes_schema_in_the_tables_order() -> None:
    columns = row_columns(json.dumps(schema(CUSTOMER_COLUMNS)))
    assert columns == RowColumns(before=tuple(CUSTOMER_COLUMNS), after=tuple(CUSTOMER_COLUMNS))


def test_versions_of_a_table_merge_into_all_their_columns() -> None:
    old, new = RowColumns(("a", "b"), ("a", "b")), RowColumns(("a", "c"), ("a", "c"))
    assert merged([old, new]) == RowColumns(("a", "b", "c"), ("a", "b", "c"))


def test_a_column_renamed_in_case_only_is_one_and_two_at_the_same_time_are_two() -> None:
    old, new = RowColumns((), ("id", "name")), RowColumns((), ("id", "Name"))
    both = RowColumns((), ("id", "Name", "name"))
    assert merged([old, new]) == RowColumns((), ("id", "name"), {"name": ("Name",)})
    assert merged([old, new, both]) == RowColumns((), ("id", "name", "Name"))


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("{", "its schema is not JSON"),
        ("[]", "no struct 'before'"),
        ('{"type":"string","optional":false}', "no struct 'before'"),
        ('{"type":"struct","fields":[{"type":"int32","field":"customerId"}]}', "not a Debezium change event"),
        ('{"type":"struct","fields":[{"type":"struct","fields":[],"field":"before"}]}', "no struct 'after'"),
    ],
)
def test_a_schema_that_is_no_change_events_is_refused_with_the_reason(text: str, complaint: str) -> None:
    with pytest.raises(SchemaError, match=complaint):
        row_columns(text)
