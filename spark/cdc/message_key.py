"""Which columns are a message's key: those of the table's primary key, unless the connector says otherwise."""

import json


def key_columns(key: bytes | None) -> tuple[str, ...]:
    """Their names, from the key as Connect's JSON converter writes it; empty when there is none.

    With key.converter.schemas.enable=false the key is the row's key columns alone.
    """
    try:
        content = json.loads(key) if key else None
    except ValueError:
        return ()
    if not isinstance(content, dict):
        return ()
    payload = content["payload"] if content.keys() == {"schema", "payload"} else content
    return tuple(payload) if isinstance(payload, dict) else ()
