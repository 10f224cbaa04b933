from envelope import CUSTOMER_COLUMNS, MARY, as_text, payload

from cdc.lake.change_rows import change_rows, column_names
from cdc.lake.event import read_event
from cdc.row_columns import RowColumns

CUSTOMERS = RowColumns(tuple(CUSTOMER_COLUMNS), tuple(CUSTOMER_COLUMNS))


def test_customers_have_the_walkthroughs_twenty_columns() -> None:
    assert column_names(CUSTOMERS) == [
        "payload.before.customerId",
        "payload.before.customerFName",
        "payload.before.customerLName",
        "payload.before.customerEmail",
        "payload.before.customerPassword",
        "payload.before.customerStreet",
        "payload.before.customerCity",
        "payload.before.customerState",
        "payload.before.customerZipcode",
        "payload.after.customerId",
        "payload.after.customerFName",
        "payload.after.customerLName",
        "payload.after.customerEmail",
        "payload.after.customerPassword",
        "payload.after.customerStreet",
        "payload.after.customerCity",
        "payload.after.customerState",
        "payload.after.customerZipcode",
        "payload.ts_ms",
        "payload.op",
    ]


def texts(values):
    event = read_event(as_text(payload(None, values, "c")).encode(), "t", 0, 5, 1)
    rows = change_rows([event], RowColumns((), tuple(values)))
    assert all(kind.name == "string" for name, (kind, _) in rows.items() if name.startswith("payload.after"))
    return {name: rows[f"payload.after.{name}"][1].to_pylist()[0] for name in values}


def test_any_json_value_becomes_its_json_text() -> None:
    values = {
        "bigint": 9007199254740993,
        "double": 0.1,
        "long_decimal": "12345678901234567890.123456789",
        "flag": True,
        "variable_scale": {"scale": 2, "value": "AN3t"},
        "tags": ["a", None, "ü"],
        "json": '{"a": 1}',
        "nothing": None,
    }
    assert texts(values) == {
        "bigint": "9007199254740993",
        "double": "0.1",
        "long_decimal": "12345678901234567890.123456789",
        "flag": "true",
        "variable_scale": '{"scale":2,"value":"AN3t"}',
        "tags": '["a",null,"ü"]',
        "json": '{"a": 1}',
        "nothing": None,
    }


def test_a_column_of_numbers_and_of_both_is_text() -> None:
    def column(*values):
        events = [
            read_event(as_text(payload(None, {"x": value}, "c")).encode(), "t", 0, offset, 1)
            for offset, value in enumerate(values)
        ]
        return change_rows(events, RowColumns(("x",), ("x",)))["payload.after.x"][1].to_pylist()

    assert column(1, None, -3) == ["1", None, "-3"]
    assert column(1, "a", True) == ["1", "a", "true"]
    assert column(True, False) == ["true", "false"]
    assert column(None, None) == [None, None]


def test_a_row_before_and_one_after() -> None:
    events = [
        read_event(as_text(payload(before, after, op)).encode(), "t", 0, offset, 1)
        for offset, (before, after, op) in enumerate([(None, MARY, "c"), (MARY, None, "d")])
    ]
    rows = {name: array.to_pylist() for name, (_, array) in change_rows(events, CUSTOMERS).items()}
    assert list(rows)[:20] == column_names(CUSTOMERS)
    assert rows["payload.op"] == ["c", "d"]
    assert rows["payload.ts_ms"] == ["1666164929967"] * 2
    assert rows["payload.after.customerId"] == ["3", None]
    assert rows["payload.before.customerId"] == [None, "3"]
    assert rows["payload.after.customerStreet"] == ['3422 "Blue" Bend \\ {,}', None]
    assert rows["payload.before.customerLName"] == [None, None]
    assert rows["payload.source.lsn"] == [37101112] * 2
    assert rows["kafka.offset"] == [0, 1]
