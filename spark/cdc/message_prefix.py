"""The part of a message that all messages of one schema have in common: everything up to its payload."""

import json

START = b'{"schema":{'
END = b',"payload":{'


def prefix_of(content: bytes) -> bytes | None:
    """A key or value up to its payload, as Connect's JSON converter lays it out: schema first, no blank.

    None for any other layout. A quote inside a JSON string is escaped, so that the end is not found in a string;
    that both parts are JSON objects shows that it is not found in the middle of one either.
    """
    end = content.find(END)
    if not content.startswith(START) or end < 0 or not content.endswith(b"}"):
        return None
    prefix = content[: end + len(END) - 1]
    try:
        schema, payload = json.loads(content[len(START) - 1 : end]), json.loads(content[len(prefix) : -1])
    except ValueError:
        return None
    return prefix if isinstance(schema, dict) and isinstance(payload, dict) else None


def schema_text(prefix: bytes) -> str:
    return prefix[len(START) - 1 : -len(END) + 1].decode()
