import pytest

from cdc.row_columns import SchemaError
from cdc.schema_references import SchemaReferences

SCHEMAS = {"one.schemas": {"a": '{"a":1}'}, "two.schemas": {"a": '{"a":2}'}}


def test_a_schema_stands_for_itself() -> None:
    for text in ('{"type":"struct","fields":[]}', "[1]"):
        assert SchemaReferences(SCHEMAS.__getitem__).resolve(text) == text


def test_a_reference_stands_for_what_its_topic_has() -> None:
    references = SchemaReferences(SCHEMAS.__getitem__)
    assert references.resolve('{"type":"struct","$ref":"kafka:one.schemas/a"}') == '{"a":1}'
    assert references.resolve('{"$ref":"kafka:two.schemas/a"}') == '{"a":2}'


def test_a_topic_is_read_again_for_a_schema_that_came_later() -> None:
    topic = {"a": "{}"}
    references = SchemaReferences(lambda _: dict(topic))
    references.resolve('{"$ref":"kafka:t/a"}')
    with pytest.raises(SchemaError, match="the topic t has no message with the key b"):
        references.resolve('{"$ref":"kafka:t/b"}')
    topic["b"] = '{"b":1}'
    assert references.resolve('{"$ref":"kafka:t/b"}') == '{"b":1}'


@pytest.mark.parametrize("reference", ['"#/definitions/x"', "7", '"kafka:"', '"kafka:t"'])
def test_another_kind_of_reference_is_said(reference: str) -> None:
    with pytest.raises(SchemaError, match="expected kafka:<topic>/<key>"):
        SchemaReferences(lambda _: {}).resolve(f'{{"$ref":{reference}}}')
