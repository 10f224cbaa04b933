import pytest
from envelope import message

from cdc.message_prefix import prefix_of, schema_text

MARY = {"customerId": 3, "payload": {"a": 1}}


def test_messages_of_a_table_begin_alike_up_to_their_payload() -> None:
    one, other = message(None, MARY, "c").encode(), message(MARY, None, "d").encode()
    prefix = prefix_of(one)
    assert prefix.endswith(b',"payload":')
    assert one.startswith(prefix)
    assert other.startswith(prefix)
    assert prefix_of(other) == prefix


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
    assert prefix_of(text.encode()) is None


def test_a_key_has_a_prefix_too_where_it_has_a_schema() -> None:
    assert prefix_of(b'{"schema":{"a":1},"payload":{"id":3}}') == b'{"schema":{"a":1},"payload":'
    assert prefix_of(b'{"id":3}') is None
    assert prefix_of(b"{}") is None


def test_the_schema_is_in_the_prefix() -> None:
    assert schema_text(prefix_of(message(None, MARY, "c").encode())).startswith('{"type":"struct"')
