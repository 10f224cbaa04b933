"""PostgreSQL's text of an array: `{1,NULL,3}`, `{"a b","\\"",NULL}`, `[0:2]={1,2,3}`, `{{1,2},{3,4}}`; and of a
vector: `[1,2,3]`."""

from __future__ import annotations

import re
from collections.abc import Iterable

_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_NEEDS_QUOTES = {delimiter: re.compile(rf'[\s"\\{{}}{delimiter}]', re.ASCII) for delimiter in ",;"}


class Nested(ValueError):
    """An array of more than one dimension."""

    def __init__(self) -> None:
        super().__init__("an array of more than one dimension")


def elements(text: str, delimiter: str = ",") -> list[str | None]:
    """The texts of the elements, from the first on, whatever its number is; None for NULL.

    delimiter: `;` for box. Raises Nested, or ValueError when the text is no array.
    """
    if text[:1] == "[":
        if text[-1:] == "]" and '"' not in text:
            return list(text[1:-1].split(",")) if len(text) > 2 else []
        text = text[text.find("=") + 1 :]
    if text[:1] != "{" or text[-1:] != "}":
        raise ValueError("it is not the text of an array")
    if text[1:2] == "{":
        raise Nested
    inner = text[1:-1]
    if not inner:
        return []
    if '"' in inner or "\\" in inner:
        return list(_with_quotes(inner, delimiter))
    found = inner.split(delimiter)
    if "NULL" in inner:
        return [None if element == "NULL" else element for element in found]
    return list(found)


def has_bounds(text: str) -> bool:
    """Whether it says the numbers of its first and last element: the first is not 1."""
    return text[:1] == "[" and text[-1:] == "}"


def _with_quotes(inner: str, delimiter: str) -> Iterable[str | None]:
    at, end = 0, len(inner)
    while True:
        quoted = _QUOTED.match(inner, at)
        if quoted:
            at = quoted.end()
            content = quoted[1]
            yield _ESCAPED.sub(r"\1", content) if "\\" in content else content
        else:
            stop = inner.find(delimiter, at)
            element = inner[at:] if stop < 0 else inner[at:stop]
            at += len(element)
            if not element or '"' in element:
                raise ValueError("it is not the text of an array")
            yield None if element == "NULL" else element
        if at == end:
            return
        if inner[at] != delimiter:
            raise ValueError("it is not the text of an array")
        at += 1


def array_text(texts: Iterable[str | None], delimiter: str = ",") -> str:
    """Of elements that are texts already."""
    needs_quotes = _NEEDS_QUOTES[delimiter]
    return "{" + delimiter.join(_element_text(text, needs_quotes) for text in texts) + "}"


def _element_text(text: str | None, needs_quotes: re.Pattern[str]) -> str:
    if text is None:
        return "NULL"
    if text and not needs_quotes.search(text) and text.upper() != "NULL":
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
