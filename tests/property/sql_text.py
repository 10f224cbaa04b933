"""Text forms of PostgreSQL: written into statements, and read back without any code of the product. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

_ARRAY_SPECIAL = set('{},;"\\ \t\n\r\v\f')
_ROW_SPECIAL = set('(),"\\ \t\n\r\v\f')


def literal(text: str | None, kind: str | None = None) -> str:
    """`'…'::kind`, or NULL."""
    if text is None:
        return "NULL"
    quoted = "'" + text.replace("'", "''") + "'"
    return f"{quoted}::{kind}" if kind else quoted


def identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def array_text(elements: Sequence[Any], delimiter: str = ",") -> str:
    """`{…}` of texts, of None, and of lists of them for further dimensions. delimiter: pg_type.typdelim."""
    return "{" + delimiter.join(_array_element(element, delimiter) for element in elements) + "}"


def _array_element(element: Any, delimiter: str) -> str:
    if element is None:
        return "NULL"
    if isinstance(element, list):
        return array_text(element, delimiter)
    if element == "" or element.upper() == "NULL" or _ARRAY_SPECIAL.intersection(element):
        return '"' + element.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return element


def row_text(fields: Sequence[str | None]) -> str:
    """`(…)` of a composite value."""
    return "(" + ",".join(map(_row_field, fields)) + ")"


def _row_field(field: str | None) -> str:
    if field is None:
        return ""
    if field == "" or _ROW_SPECIAL.intersection(field):
        return '"' + field.replace("\\", "\\\\").replace('"', '""') + '"'
    return field


def parse_array(text: str, delimiter: str = ",") -> tuple[str, list[Any]]:
    """Its bounds (`[0:2]`, or nothing) and elements: texts, None, lists of them."""
    bounds, start = "", text.index("{")
    if text.startswith("["):
        bounds, start = text[: text.index("=")], text.index("=") + 1
    elements, end = _parse_level(text, start, delimiter)
    if end != len(text):
        raise ValueError(f"not an array's text: {text!r}")
    return bounds, elements


def _parse_level(text: str, at: int, delimiter: str) -> tuple[list[Any], int]:
    elements: list[Any] = []
    at += 1
    if text[at] == "}":
        return elements, at + 1
    while True:
        if text[at] == "{":
            element, at = _parse_level(text, at, delimiter)
        elif text[at] == '"':
            element, at = _quoted(text, at + 1)
        else:
            start = at
            while text[at] not in (delimiter, "}"):
                at += 1
            element = text[start:at]
            if element == "NULL":
                element = None
        elements.append(element)
        if text[at] == "}":
            return elements, at + 1
        at += 1


def _quoted(text: str, at: int) -> tuple[str, int]:
    """A text in double quotes, from behind the first; and the place behind the second."""
    letters = []
    while text[at] != '"':
        if text[at] == "\\":
            at += 1
        letters.append(text[at])
        at += 1
    return "".join(letters), at + 1


def parse_hstore(text: str) -> list[tuple[str, str | None]]:
    """Pairs in the order of the text."""
    pairs, at = [], 0
    while at < len(text):
        key, at = _quoted(text, at + 1)
        at += len("=>")
        if text[at] == '"':
            value, at = _quoted(text, at + 1)
        else:
            value, at = None, at + len("NULL")
        pairs.append((key, value))
        at += len(", ")
    return pairs
