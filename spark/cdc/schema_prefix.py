"""The part of a message that all messages of a table have in common: everything up to its payload."""

import json
from dataclasses import dataclass

_START = b'{"schema":{'
_END = b',"payload":{'


@dataclass(frozen=True)
class SchemaPrefix:
    """Messages of this topic that begin with `length` bytes whose xxhash64 is `schema_id` have the same schema."""

    topic: str
    length: int
    schema_id: int


def schema_prefix(message: bytes) -> bytes | None:
    """The message up to its payload's opening brace, as Connect's JSON converter lays it out: schema first, no blanks.

    None for any other layout. A quote inside a JSON string is escaped, so that the end is not found in a string;
    that both parts are JSON objects shows that it is not found in the middle of one either.
    """
    end = message.find(_END)
    if not message.startswith(_START) or end < 0 or not message.endswith(b"}"):
        return None
    prefix = message[: end + len(_END) - 1]
    try:
        schema, payload = json.loads(message[len(_START) - 1 : end]), json.loads(message[len(prefix) : -1])
    except ValueError:
        return None
    return prefix if isinstance(schema, dict) and isinstance(payload, dict) else None
