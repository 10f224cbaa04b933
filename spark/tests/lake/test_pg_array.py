"""Texts of arrays are read as PostgreSQL writes them, and written as it does (the texts are PostgreSQL 17's)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdc.lake.pg_array import Nested, array_text, elements

TEXTS = [
    ("{}", []),
    ("{1,NULL,3}", ["1", None, "3"]),
    ('{"NULL",NULL,"null",""}', ["NULL", None, "null", ""]),
    (
        r'{"a b","x\"y","back\\slash","{","}",",",a;b,ü,' "'}",
        ["a b", 'x"y', "back\\slash", "{", "}", ",", "a;b", "ü", "'"],
    ),
    ('{"new\nline","tab\t"," "}', ["new\nline", "tab\t", " "]),
    (r'{"\\x00ff","\\x",NULL}', ["\\x00ff", "\\x", None]),
    ("{0.1,NaN,Infinity,1e+20}", ["0.1", "NaN", "Infinity", "1e+20"]),
    ('{"(1,2)","(3,4)"}', ["(1,2)", "(3,4)"]),
    ("{\u00a0,a\u2003b}", ["\u00a0", "a\u2003b"]),
]


@pytest.mark.parametrize(("text", "expected"), TEXTS)
def test_elements_are_read_and_written_as_postgresql_does(text, expected):
    assert elements(text) == expected
    assert array_text(expected) == text


def test_the_first_element_is_first_whatever_its_number_is():
    assert elements("[0:2]={1,2,3}") == ["1", "2", "3"]
    assert elements('[-3:-2]={"a=b",NULL}') == ["a=b", None]


def test_boxes_have_another_delimiter():
    text = "{(1,1),(0,0);NULL;(3,4),(1,2)}"
    assert elements(text, ";") == ["(1,1),(0,0)", None, "(3,4),(1,2)"]
    assert array_text(elements(text, ";"), ";") == text


@pytest.mark.parametrize("text", ["{{1,2},{3,4}}", "[0:1][2:3]={{1,2},{3,4}}", "{{{a}}}"])
def test_more_dimensions_are_told_apart(text):
    with pytest.raises(Nested):
        elements(text)


@pytest.mark.parametrize("text", ["", "x", "{1,2", "1,2}", '{"a}', '{"a"b}', '{a"b"}', '{"a",}', '["a"]', "null"])
def test_what_is_no_array_is_refused(text):
    with pytest.raises(ValueError, match="not the text of an array"):
        elements(text)


@given(st.lists(st.none() | st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))))
def test_any_elements_come_back_as_they_were(texts):
    assert elements(array_text(texts)) == texts
