"""Numbers, dates and times are written as PostgreSQL 17 writes them."""

from datetime import UTC, date, datetime, timedelta

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdc.lake.column_type import ColumnType
from cdc.lake.out_of_range import OutOfRange
from cdc.lake.pg_time import date_text, read_date, read_timestamp, read_timestamptz, time_text, timestamp_text
from cdc.lake.pg_value import text_of, texts_of, value_of, values_of

DOUBLES = [
    "0.1",
    "1e+15",
    "100000000000000",
    "123456789012345.6",
    "1.234567890123456e+15",
    "0.0001",
    "1e-05",
    "0.00012345",
    "1e+300",
    "5e-324",
    "-0",
    "0",
    "100",
    "1.5",
    "1e+22",
    "99999999999999.9",
    "999999999999999.9",
    "1e+21",
    "-1e-07",
    "NaN",
    "Infinity",
    "-Infinity",
]
FLOATS = [
    "0.1",
    "1e+06",
    "999999",
    "1.234567e+06",
    "0.0001",
    "1e-05",
    "1.6777216e+07",
    "3.4e+38",
    "1e-45",
    "-0",
    "100000",
    "123456.7",
    "1.5",
    "NaN",
    "Infinity",
    "-Infinity",
]
DAYS = {
    2145042905: "5874897-12-31",
    -2440550: "4713-01-01 BC",
    -719528: "0001-01-01 BC",
    -735160: "0044-03-15 BC",
    2932897: "10000-01-01",
    2932896: "9999-12-31",
    -719162: "0001-01-01",
    -2440588: "4714-11-24 BC",
    -141432: "1582-10-10",
    0: "1970-01-01",
}
MOMENTS = {
    -210863520000000000: "4713-01-01 00:00:00 BC",
    -62135596800500000: "0001-12-31 23:59:59.5 BC",
    253402300800000000: "10000-01-01 00:00:00",
    253402300799999999: "9999-12-31 23:59:59.999999",
    1704067200100000: "2024-01-01 00:00:00.1",
    -1: "1969-12-31 23:59:59.999999",
}


@pytest.mark.parametrize(("kind", "texts"), [("double", DOUBLES), ("float", FLOATS)])
def test_floats(kind, texts):
    read = values_of(texts, ColumnType(kind))
    assert texts_of(read, ColumnType(kind)).to_pylist() == texts
    assert [text_of(value_of(text, ColumnType(kind)), ColumnType(kind)) for text in texts] == texts


@pytest.mark.parametrize(("kind", "text"), [("decimal(38,10)", "0.0000000000"), ("decimal(5,2)", "-1.50")])
def test_decimals_have_all_their_digits_and_no_exponent(kind, text):
    assert text_of(value_of(text, ColumnType(kind)), ColumnType(kind)) == text


@pytest.mark.parametrize(("days", "text"), DAYS.items())
def test_dates_of_any_year(days, text):
    assert date_text(days) == text


@pytest.mark.parametrize(("microseconds", "text"), MOMENTS.items())
def test_moments_of_any_year(microseconds, text):
    assert timestamp_text(microseconds) == text
    zoned = text.replace(" BC", "+00 BC") if text.endswith(" BC") else f"{text}+00"
    assert timestamp_text(microseconds, "+00") == zoned


@given(st.dates())
def test_any_date_is_read_as_it_was_written(day):
    text = date_text((day - date(1970, 1, 1)).days)
    assert text == day.isoformat()
    assert read_date(text) == day


@given(st.datetimes())
def test_any_moment_is_read_as_it_was_written(moment):
    microseconds = (moment - datetime(1970, 1, 1)) // timedelta(microseconds=1)
    assert read_timestamp(timestamp_text(microseconds)) == moment
    assert read_timestamptz(timestamp_text(microseconds, "+00")) == moment.replace(tzinfo=UTC)
    for kind, zone in (("timestamp_ntz", ""), ("timestamp", "+00")):
        text = timestamp_text(microseconds, zone)
        array = values_of([text], ColumnType(kind))
        assert array.cast(pa.int64()).to_pylist() == [microseconds]
        assert texts_of(array, ColumnType(kind)).to_pylist() == [text]


@pytest.mark.parametrize("text", ["infinity", "-infinity", "10000-01-01", "5874897-12-31", "0044-03-15 BC"])
def test_what_the_lake_cannot_show_is_told_apart_from_what_is_no_date(text):
    moment = {True: text, False: text.replace(" BC", "") + " 10:00:00"}["inf" in text]
    era = " BC" if text.endswith("BC") else ""
    zone = "" if "inf" in text else "+00"
    for read, written in (
        (read_date, text),
        (read_timestamp, moment + era),
        (read_timestamptz, moment + zone + era),
    ):
        with pytest.raises(OutOfRange):
            read(written)
        with pytest.raises(ValueError) as refused:  # noqa: PT011
            read("soon")
        assert not isinstance(refused.value, OutOfRange)


def test_a_zone_that_leads_out_of_the_years_is_out_of_range():
    with pytest.raises(OutOfRange):
        read_timestamptz("9999-12-31 23:00:00-05")


def test_times_have_no_zeros_behind():
    assert [time_text(number) for number in (0, 45_296_100_000, 86_400_000_000)] == [
        "00:00:00",
        "12:34:56.1",
        "24:00:00",
    ]


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        (True, "boolean", "true"),
        ([True, None, False], "array<boolean>", "{t,NULL,f}"),
        (b"\x00\xff", "binary", "\\x00ff"),
        ([b"\x00\xff", b""], "array<binary>", r'{"\\x00ff","\\x"}'),
        (["a b", None, "NULL"], "array<string>", '{"a b",NULL,"NULL"}'),
        ([date(2024, 2, 29)], "array<date>", "{2024-02-29}"),
        ([datetime(2024, 2, 29)], "array<timestamp_ntz>", '{"2024-02-29 00:00:00"}'),
        ([0.1, 1e6], "array<float>", "{0.1,1e+06}"),
        ([], "array<integer>", "{}"),
    ],
)
def test_a_value_becomes_postgresqls_text_and_is_read_from_it(value, kind, text):
    kind = ColumnType(kind)
    assert text_of(value, kind) == text
    assert pa.array([value_of(text, kind)], kind.arrow) == pa.array([value], kind.arrow)
    assert values_of([text, None], kind).to_pylist() == pa.array([value, None], kind.arrow).to_pylist()


def test_bytes_are_read_in_both_of_postgresqls_ways():
    assert value_of("\\xff00", ColumnType("binary")) == b"\xff\x00"
    assert value_of("a\\\\b\\377", ColumnType("binary")) == b"a\\b\xff"
