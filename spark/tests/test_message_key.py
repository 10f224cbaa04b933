import pytest

from cdc.message_key import key_columns


@pytest.mark.parametrize(
    ("key", "columns"),
    [
        (b'{"schema":{"type":"struct"},"payload":{"line":"A","seat":1}}', ("line", "seat")),
        (b'{"line":"A","seat":1}', ("line", "seat")),
        (b'{"schema":null,"payload":null}', ()),
        (b"not json", ()),
        (b"5", ()),
        (None, ()),
    ],
)
def test_the_keys_columns_are_read_from_a_message_with_a_schema_or_without(key, columns) -> None:
    assert key_columns(key) == columns
