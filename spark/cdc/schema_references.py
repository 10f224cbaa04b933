"""Schemas that messages only refer to, with `"$ref":"kafka:<topic>/<key>"` in the place of the fields.

So writes the converter of this project's Kafka Connect (images/kafka-connect/converter) with `schemas.topic`.
"""

import json
import re
from collections.abc import Callable, Mapping

from cdc.row_columns import SchemaError

_REFERENCE = re.compile(r"^kafka:(?P<topic>[A-Za-z0-9._-]+)/(?P<key>.+)$")


class SchemaReferences:
    """Remembers schemas; reads a topic again when it has one that is not known yet."""

    def __init__(self, read: Callable[[str], Mapping[str, str]]) -> None:
        """read: topic → all schemas that it has, by key."""
        self._read = read
        self._known: dict[tuple[str, str], str] = {}

    def resolve(self, schema_text: str) -> str:
        """The schema, as JSON, that the `schema` part of a message stands for: mostly itself.

        Raises SchemaError when it refers to none.
        """
        schema = json.loads(schema_text)
        if not isinstance(schema, dict) or "$ref" not in schema:
            return schema_text
        found = _REFERENCE.match(str(schema["$ref"]))
        if not found:
            raise SchemaError(f"its schema refers to {schema['$ref']}; expected kafka:<topic>/<key>")
        topic, key = found["topic"], found["key"]
        if (topic, key) not in self._known:
            self._known |= {(topic, each): text for each, text in self._read(topic).items()}
        if (topic, key) not in self._known:
            raise SchemaError(f"its schema is not there: the topic {topic} has no message with the key {key}")
        return self._known[topic, key]
