"""A table in the source database, and where its changes lie in the lake."""

from dataclasses import dataclass
from urllib.parse import quote, unquote


@dataclass(frozen=True, order=True)
class SourceTable:
    schema: str
    name: str

    def __str__(self) -> str:
        return f"{self.schema}.{self.name}"

    @classmethod
    def of_topic(cls, topic: str) -> "SourceTable":
        """By Debezium's name of a table's topic: `<prefix>.<schema>.<table>`."""
        *prefix, name = topic.split(".")
        return cls(prefix[-1] if prefix else "", name)

    @classmethod
    def of_path(cls, path: str) -> "SourceTable":
        """The table of a folder that `path_in` names."""
        schema, name = path.split("/")[-2:]
        return cls(unquote(schema), unquote(name))

    def path_in(self, lake: str) -> str:
        """URL of the Delta table: `<lake>/<schema>/<table>`, characters that a path cannot have as %XX."""
        return f"{lake}/{_path_segment(self.schema)}/{_path_segment(self.name)}"


_AS_THEY_ARE = "_-. $"
"""Encoded, a blank or a $ would be encoded once more in a URL, which readers undo once too often."""


def _path_segment(name: str) -> str:
    return "".join(letter if letter.isalnum() or letter in _AS_THEY_ARE else quote(letter, safe="") for letter in name)
