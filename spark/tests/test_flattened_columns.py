from envelope import CUSTOMER_COLUMNS

from cdc.flattened_rows import column_names, need_column_mapping
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


def test_dots_need_no_column_mapping_and_blanks_do() -> None:
    assert not need_column_mapping(CUSTOMERS)
    assert need_column_mapping(RowColumns(("first name",), ("first name",)))
