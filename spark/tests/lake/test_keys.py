"""A key is the same from a message, from a data file, and from one after the column's type changed."""

import base64

import pytest
from lake.debezium import columns, part
from lake.test_exact_values import array_of, exact
from lake.test_source_columns import unscaled
from lake.typed_table import typed, write

from cdc.lake.column_type import ColumnType
from cdc.lake.data_files import DataFiles
from cdc.lake.event import UNCHANGED, Unwritable
from cdc.lake.key_codes import codes_of_keys, codes_of_rows
from cdc.lake.key_reader import needed_for_keys
from cdc.lake.keys import key_of_message, same_in_files
from cdc.lake.rescued import restored
from cdc.lake.storage import open_storage
from cdc.lake.table_log import TableLog
from cdc.lake.table_schema import Column, columns_of

DECIMAL = "org.apache.kafka.connect.data.Decimal"
KEYS = {
    "smallint": (part("k", "int16"), [-5, 0]),
    "bigint": (part("k", "int64"), [2**62, -1]),
    "boolean": (part("k", "boolean"), [True, False]),
    "real": (part("k", "float"), [0.1, -0.0, "NaN", "-Infinity", 16777216]),
    "double": (part("k", "double"), [0.1, -0.0, "NaN", 1e300, 5]),
    "numeric": (exact("k", "Numeric"), ["1", "2.5", "12345678901234567890123", "NaN"]),
    "numeric(10,2)": (exact("k", "Numeric", precision="10", scale="2"), ["1.50", "0.00", "NaN"]),
    "numeric(38,10)": (exact("k", "Numeric", precision="38", scale="10"), ["-" + "9" * 28 + "." + "9" * 10, "0.0000000000"]),  # noqa: E501
    "date": (exact("k", "Date"), ["2024-02-29", "infinity", "0044-03-15 BC"]),
    "timestamp": (exact("k", "Timestamp"), ["2024-01-01 12:00:00.5", "2024-01-01 12:00:00", "-infinity"]),
    "timestamptz": (exact("k", "TimestampTz"), ["2024-01-01 12:00:00.5+00", "infinity"]),
    "time": (exact("k", "Text"), ["12:34:56.1", "24:00:00"]),
    "text": (exact("k", "Text"), ["", "a", "A", "ab  ", "None", "ü🦆"]),
    "bytea": (exact("k", "Bytes"), ["", "/wA="]),
    "integer[]": (array_of("int4"), ["{}", "{1,NULL}", "{12}", "{1,2}"]),
    "text[]": (array_of("text"), ['{NULL,"NULL"}', '{"a,b"}', "{a,b}"]),
    "vector": (exact("k", "Vector"), ["[0,-0.5,0.001]", "[1]"]),
    "date[]": (array_of("date"), ["{2024-02-29}", "{infinity}"]),
    "float8[]": (array_of("float8"), ["{-0,NaN}", "{0.1}"]),
    "Debezium's numeric": (part("k", "bytes", DECIMAL, parameters={"scale": "2", "connect.decimal.precision": "10"}), [unscaled(150)]),  # noqa: E501
    "Debezium's numeric of any scale": (part("k", "struct", "io.debezium.data.VariableScaleDecimal"), [{"scale": 1, "value": unscaled(15)}]),  # noqa: E501
    "Debezium's time": (part("k", "int64", "io.debezium.time.MicroTime"), [45_296_100_000]),
    "Debezium's date": (part("k", "int32", "io.debezium.time.Date"), [19_000, 2146033979]),
    "Debezium's timestamptz": (part("k", "string", "io.debezium.time.ZonedTimestamp"), ["2024-05-06T07:08:09.5Z"]),
    "Debezium's array": (part("k", "array", items={"type": "string", "optional": True}), [["a", None], []]),
    "Debezium's bytea": (part("k", "bytes"), [base64.b64encode(b"\xff").decode()]),
}  # fmt: skip


KEYS = {name: ({**field, "field": "k"}, values) for name, (field, values) in KEYS.items()}


SECRET = bytes(range(16))


def codes_in_files(folder, target: str):
    """None for a row without a key."""
    storage = open_storage(f"file:{folder}")
    snapshot = TableLog(storage).snapshot()
    found = columns_of(snapshot)
    kinds = [column if column.name != "k" else type(column)("k", ColumnType(target)) for column in found]
    (file,) = snapshot.files.values()
    key = [column for column in kinds if column.name == "k"]
    # As it is when a table's columns change.
    rows = restored(DataFiles(storage).live(file, kinds)[0])
    needed = [column.name for column in needed_for_keys(key, kinds)]
    codes, keyed = codes_of_rows(rows.select(needed), key, SECRET)
    return [code if has_key else None for code, has_key in zip(codes.numbers, keyed.tolist(), strict=True)]


@pytest.mark.parametrize("name", KEYS)
def test_a_key_of_any_type_is_the_same_in_message_and_file(tmp_path, name):
    field, values = KEYS[name]
    (source,) = columns([field])
    arrays, bad, table = typed([{"k": value} for value in [*values, None]], [field])
    assert bad == []
    write(tmp_path, table, arrays)
    # PostgreSQL's text of a vector has other brackets than that of an array.
    for target in (str(source.type), *(["string"] if field.get("name") != "cdc.Vector" else [])):
        in_messages = [key_of_message(value, source, ColumnType(target)) for value in [*values, None]]
        column = Column("k", ColumnType(target))
        codes = codes_of_keys([(key,) for key in in_messages[:-1]], [column], SECRET).numbers
        assert [*codes, None] == codes_in_files(tmp_path, target)
        assert len(set(codes)) == len(values)
        assert len(set(in_messages)) == len(values) + 1
        assert in_messages[-1] is None


def test_keys_are_equal_where_postgresqls_are():
    (source,) = columns([part("k", "double")])
    key = lambda value: key_of_message(value, source, source.type)  # noqa: E731
    assert key(-0.0) == key(0) == key(0.0)
    assert repr(key(-0.0)) == repr(key(0))
    assert key("NaN") == key("NaN")
    (source,) = columns([exact("k", "Numeric", precision="10", scale="2")])
    (other,) = columns([exact("k", "Numeric", precision="10", scale="1")])
    target = ColumnType("decimal(10,2)")
    assert repr(key_of_message("1.5", other, target)) == repr(key_of_message("1.50", source, target))


def test_a_whole_number_stays_the_same_key_when_its_type_is_widened():
    (narrow,), (wide,) = columns([part("k", "int16")]), columns([part("k", "int64")])
    assert key_of_message(7, narrow, ColumnType("long")) == key_of_message(7, wide, ColumnType("long")) == 7


@pytest.mark.parametrize("value", [UNCHANGED, Unwritable("NullPointerException"), "soon", 2**70, {"a": 1}])
def test_a_value_that_is_no_key_says_of_which_column(value):
    (source,) = columns([exact("k", "Date")])
    with pytest.raises(ValueError, match="column k"):
        key_of_message(value, source, source.type)


@pytest.mark.parametrize("kind", ["short", "integer", "long", "boolean", "string", "binary"])
def test_some_types_need_no_look_at_each_value(kind):
    assert same_in_files(ColumnType(kind))


@pytest.mark.parametrize(
    "kind", ["float", "double", "date", "timestamp", "timestamp_ntz", "array<integer>", "decimal(5,2)"]
)
def test_the_others_do(kind):
    assert not same_in_files(ColumnType(kind))
