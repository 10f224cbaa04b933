"""The property test's own pure parts: what it makes is repeatable, and what it compares is compared."""

from random import Random

import pyarrow as pa
import pytest

from tests.property.database import Kind, SourceColumn, SourceTable
from tests.property.histories import History
from tests.property.oracle import OutOfRange, differences, source_value
from tests.property.pg_types import EXTENSIONS, types_for
from tests.property.sql_text import array_text, parse_array, parse_hstore
from tests.property.tables import random_table

INTEGER, TEXT, NUMERIC = Kind("int4", -1), Kind("text", -1), Kind("numeric", 655366)
TYPES = types_for(EXTENSIONS)


class Recorded:
    """A session that takes every second statement."""

    def __init__(self, statements):
        self.in_transaction = False
        self.statements = statements

    def execute(self, sql):
        self.statements.append(sql)
        return len(self.statements) % 2 == 0


def statements(seed):
    table = random_table(Random(seed), 1, "s", TYPES)
    history = History(Random(seed), table, TYPES)
    made = []
    history.rows_before(Recorded(made))
    history.run([Recorded(made), Recorded(made)], 50)
    return table.ddl(), made


@pytest.mark.parametrize("seed", range(5))
def test_a_seed_makes_the_same_table_and_the_same_statements(seed):
    assert statements(seed) == statements(seed)


def test_seeds_make_different_ones():
    assert len({tuple(statements(seed)[1]) for seed in range(5)}) == 5


@pytest.mark.parametrize(
    "elements",
    [
        [],
        ["a", None, "NULL", "null", ""],
        [' "q" ', "b\\c", "{}", "a,b"],
        [["1", "2"], ["3", None]],
        ["tab\t", "new\nline"],
    ],
)
def test_an_array_is_read_back_as_it_was_written(elements):
    assert parse_array(array_text(elements)) == ("", elements)


def test_an_array_says_where_it_begins():
    assert parse_array("[0:1]={a,b}") == ("[0:1]", ["a", "b"])


def test_hstore_is_read_in_its_order():
    assert parse_hstore(r'"a"=>"1", "b\"\\"=>NULL, "NULL"=>"NULL"') == [("a", "1"), ('b"\\', None), ("NULL", "NULL")]


def source(*rows):
    columns = [("id", INTEGER, "integer"), ("note", TEXT, "text"), ("price", NUMERIC, "numeric(10,2)")]
    return SourceTable(tuple(SourceColumn(*column, False) for column in columns), rows)


def lake(rows, names=("id", "note", "price"), rescued=None):
    kinds = [pa.int32(), pa.string(), pa.decimal128(10, 2)]
    arrays = [
        pa.array([row[at] for row in rows], kind) if at < 2 else pa.array([row[at] for row in rows]).cast(kind)
        for at, kind in enumerate(kinds)
    ]
    columns = dict(zip(names, arrays, strict=True))
    return pa.table(columns | ({"_rescued_data": pa.array(rescued)} if rescued else {}))


ROWS = [("1", "a", "1.50"), ("2", None, "-2.00")]
SAME = [(1, "a", "1.50"), (2, None, "-2.00")]


def test_equal_tables_have_no_difference_whatever_their_order():
    assert differences(source(*ROWS), lake(SAME[::-1])) == []


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ([(1, "b", "1.50"), SAME[1]], "column note (text, in the lake string): the source has 'a', the lake 'b'"),
        ([(1, "a", "1.51"), SAME[1]], "column price"),
        ([SAME[0], (2, "", "-2.00")], "the source has None, the lake ''"),
        ([SAME[0]], "2 rows in the source, 1 in the lake"),
        ([*SAME, SAME[0]], "only in the lake"),
    ],
)
def test_each_difference_is_said(changed, said):
    assert said in "\n".join(differences(source(*ROWS), lake(changed)))


def test_a_column_that_is_not_there_is_said():
    assert "column note (text) is not in the lake" in differences(source(*ROWS), lake(SAME).drop_columns(["note"]))[0]


def test_a_column_whose_name_differs_in_case_only_is_the_same():
    assert differences(source(*ROWS), lake(SAME, names=("id", "Note", "price"))) == []


def test_a_rescued_text_stands_for_the_value_only_where_the_type_cannot_hold_it():
    nan = source(("1", "a", "NaN"))
    assert differences(nan, lake([(1, "a", None)], rescued=['{"price": "NaN"}'])) == []
    assert differences(nan, lake([(1, "a", None)])) != []
    assert differences(source(("1", "a", "1.50")), lake([(1, "a", None)], rescued=['{"price": "1.50"}'])) != []


@pytest.mark.parametrize(
    ("text", "kind", "lake_type"),
    [
        ("infinity", "timestamptz", pa.timestamp("us", "UTC")),
        ("0044-03-15 BC", "date", pa.date32()),
        ("10000-01-01 00:00:00", "timestamp", pa.timestamp("us")),
        ("NaN", "numeric", pa.decimal128(10, 2)),
    ],
)
def test_what_a_lake_type_cannot_hold_is_out_of_range(text, kind, lake_type):
    with pytest.raises(OutOfRange):
        source_value(text, Kind(kind, -1), lake_type)


def test_floats_are_compared_by_their_bits():
    minus = source_value("-0", Kind("float8", -1), pa.float64())
    assert minus != source_value("0", Kind("float8", -1), pa.float64())
    assert source_value("NaN", Kind("float4", -1), pa.float32()) == "NaN"


def test_money_has_no_currency_in_a_column_of_text_either() -> None:
    assert source_value("-$1,234.50", Kind("money", -1), pa.string()) == "-1234.50"
