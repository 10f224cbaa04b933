"""The part of a message that all messages of one schema have in common: everything up to its payload."""

import json
from dataclasses import dataclass

_START = b'{"schema":{'
_END = b',"payload":{'


@dataclass(frozen=True)
class MessagePrefix:
    """Messages of this topic whose value begins like this, and whose key does, have the same schema."""

    topic: str
    value: bytes
    key: bytes | None
    """empty where keys have no schema; None: there is no key, as in the message of a TRUNCATE"""

    @property
    def schema_text(self) -> str:
        return self.value[len(_START) - 1 : -len(_END) + 1].decode()


def prefix_of(content: bytes) -> bytes | None:
    """A key or value up to its payload, as Connect's JSON converter lays it out: schema first, no blank.

    None for any other layout. A quote inside a JSON string is escaped, so that the end is not found in a string;
    that both parts are JSON objects shows that it is not found in the middle of one either.
    """
    end = content.find(_END)
    if not content.startswith(_START) or end < 0 or not content.endswith(b"}"):
        return None
    prefix = content[: end + len(_END) - 1]
    try:
        schema, payload = json.loads(content[len(_START) - 1 : end]), json.loads(content[len(prefix) : -1])
    except ValueError:
        return None
    return prefix if isinstance(schema, dict) and isinstance(payload, dict) else None


def message_prefix(topic: str, key: bytes | None, value: bytes) -> MessagePrefix | None:
    """None when the value cannot be cut."""
    prefix = prefix_of(value)
    return None if prefix is None else MessagePrefix(topic, prefix, None if key is None else prefix_of(key) or b"")
