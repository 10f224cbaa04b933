"""What a message says, and what it leaves out."""

import json

import pytest

from cdc.lake.event import NO_CHANGE, NOT_JSON, PLACEHOLDER, UNCHANGED, Resnapshot, Unwritable, read_event

SOURCE = {"schema": "public", "table": "t", "lsn": 5, "txId": 7, "ts_ms": 1}


def event(before, after, op="u", exact=False, **more):
    payload = {"before": before, "after": after, "source": SOURCE, "op": op, "ts_ms": 2, **more}
    return read_event(json.dumps(payload, separators=(",", ":")).encode(), "t", 0, 3, 1, exact=exact)


def test_the_converters_mark_is_a_value_that_was_not_logged():
    read = event(None, {"id": 1, "doc": "\0", "words": "\0"}, exact=True)
    assert read.after == {"id": 1, "doc": UNCHANGED, "words": UNCHANGED}
    assert read.partial


def test_what_the_row_before_has_is_what_it_still_is():
    read = event({"id": 1, "doc": "large", "other": "\0"}, {"id": 1, "doc": "\0", "other": "\0"}, exact=True)
    assert read.after == {"id": 1, "doc": "large", "other": UNCHANGED}
    assert read.before == {"id": 1, "doc": "large", "other": UNCHANGED}
    assert read.partial
    read = event({"id": 1, "doc": "large"}, {"id": 1, "doc": "\0"}, exact=True)
    assert not read.partial
    read = event({"doc": "large"}, {"doc": PLACEHOLDER})
    assert (read.after, read.partial) == ({"doc": "large"}, False)


def test_what_the_converter_could_not_write_comes_with_its_reason():
    read = event({"id": "\0no key"}, {"id": 1, "doc": "\0NullPointerException: x"}, exact=True)
    assert read.after == {"id": 1, "doc": Unwritable("NullPointerException: x")}
    assert read.before == {"id": Unwritable("no key")}
    assert not read.partial


@pytest.mark.parametrize(
    "text",
    [PLACEHOLDER, f'{{"{PLACEHOLDER}":"{PLACEHOLDER}"}}', "\\u0000", "\\0", "X19kZWJleml1bV91bmF2YWlsYWJsZV92YWx1ZQ==", ""],  # noqa: E501
)  # fmt: skip
def test_no_text_that_a_user_can_write_is_taken_for_the_mark(text):
    read = event(None, {"id": 1, "doc": text, "other": "\0"}, exact=True)
    assert read.after == {"id": 1, "doc": text, "other": UNCHANGED}


DEBEZIUMS = {
    "text": PLACEHOLDER,
    "bytea": "X19kZWJleml1bV91bmF2YWlsYWJsZV92YWx1ZQ==",
    "bytea as hex": PLACEHOLDER.encode().hex(),
    "text[]": [PLACEHOLDER],
    "uuid[]": ["b68a35a7-17ad-35b3-af2a-ae46edb4545a"],
    "bytea[]": ["X19kZWJleml1bV91bmF2YWlsYWJsZV92YWx1ZQ=="],
    "bigint[]": list(PLACEHOLDER.encode()),
    "hstore": {PLACEHOLDER: PLACEHOLDER},
    "hstore as json": json.dumps({PLACEHOLDER: PLACEHOLDER}, separators=(",", ":")),
}


@pytest.mark.parametrize("kind", DEBEZIUMS)
def test_each_of_debeziums_own_placeholders_is_a_value_that_was_not_logged(kind):
    read = event(None, {"id": 1, "x": DEBEZIUMS[kind], "y": ["a"], "z": None})
    assert read.after == {"id": 1, "x": UNCHANGED, "y": ["a"], "z": None}
    assert read.partial
    read = event({"id": 1, "x": DEBEZIUMS[kind]}, {"id": 1, "x": DEBEZIUMS[kind]})
    assert read.before == read.after == {"id": 1, "x": UNCHANGED}


def test_a_text_that_only_mentions_the_placeholder_is_data():
    read = event(None, {"x": f"see {PLACEHOLDER}", "y": ["a", PLACEHOLDER]})
    assert read.after == {"x": f"see {PLACEHOLDER}", "y": ["a", PLACEHOLDER]}
    assert not read.partial


def test_messages_that_say_that_rows_are_read_again():
    about = {"step": "begin", "id": "a uuid", "partitions": 3}
    read = event(None, None, "t", resnapshot=about)
    assert read.resnapshot == Resnapshot("begin", "a uuid", 3)
    read = event(None, None, "m", resnapshot={**about, "step": "end"})
    assert (read.op, read.resnapshot.step) == ("m", "end")
    assert event(None, None, "t").resnapshot is None


@pytest.mark.parametrize(
    ("payload", "reason"),
    [(b"{", NOT_JSON), (b"[]", NO_CHANGE), (b'{"op":"c"}', NO_CHANGE), (b'{"op":"t","source":{},"resnapshot":1}', NO_CHANGE)],  # noqa: E501
)  # fmt: skip
def test_what_is_no_change_is_refused(payload, reason):
    with pytest.raises(ValueError, match=reason):
        read_event(payload, "t", 0, 0, 1)


def test_the_positions():
    read = event({"id": 1}, None, "d")
    assert (read.lsn, read.transaction, read.source_ms, read.ts_ms, read.position) == (5, 7, 1, 2, ("t", 0, 3))
