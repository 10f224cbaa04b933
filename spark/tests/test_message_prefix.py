import pytest
from envelope import message

from cdc.message_prefix import message_prefix, prefix_of

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


def test_a_message_is_known_by_its_key_too() -> None:
    value = message(None, MARY, "c").encode()
    prefix = message_prefix("t", b'{"schema":{"a":1},"payload":{"id":3}}', value)
    assert prefix.key == b'{"schema":{"a":1},"payload":'
    assert message_prefix("t", b'{"id":3}', value).key == b""
    assert message_prefix("t", None, value).key is None
    assert prefix.schema_text.startswith('{"type":"struct"')
    assert message_prefix("t", None, b"{}") is None
