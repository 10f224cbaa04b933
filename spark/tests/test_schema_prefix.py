import pytest
from envelope import message

from cdc.schema_prefix import schema_prefix

MARY = {"customerId": 3, "payload": {"a": 1}}


def test_messages_of_a_table_begin_alike_up_to_their_payload() -> None:
    one, other = message(None, MARY, "c").encode(), message(MARY, None, "d").encode()
    prefix = schema_prefix(one)
    assert prefix.endswith(b',"payload":')
    assert one.startswith(prefix)
    assert other.startswith(prefix)
    assert schema_prefix(other) == prefix


@pytest.mark.parametrize(
    "text",
    [
        '{"payload":{},"schema":{}}',
        '{"schema": {}, "payload": {}}',
        '{"schema":null,"payload":{}}',
        '{"schema":{},"payload":null}',
        '{"schema":{"default":{"x":1,"payload":{}}},"payload":{}}',
        '{"schema":{},"payload":{"a":',
        "not json",
    ],
)
def test_any_other_layout_has_no_prefix(text: str) -> None:
    assert schema_prefix(text.encode()) is None
