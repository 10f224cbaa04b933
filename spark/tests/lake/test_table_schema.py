"""The lake's columns have the source's names, whatever those are, and each reader opens the table."""

import json

import pyarrow as pa
import pytest
from deltalake import DeltaTable
from lake.debezium import part
from lake.readers import delta_rs_arrow
from lake.test_exact_values import array_of, exact
from lake.typed_table import table_columns, typed, write, written_and_read

from cdc.lake.append_table import AppendTable
from cdc.lake.batch_id import BatchId
from cdc.lake.change_rows import change_rows
from cdc.lake.column_names import folded, free_name, matched
from cdc.lake.column_type import LONG, STRING, ColumnType
from cdc.lake.event import read_event
from cdc.lake.storage import open_storage
from cdc.lake.table_log import TableLog
from cdc.lake.table_schema import Column, by_source, columns_of, evolved
from cdc.row_columns import RowColumns, merged

NAMES = [
    *("with space", " ", "dot.ted", "Ünïcode", 'quo"te', "tick`", "emoji🦆", "new\nline", "tab\t", "a,b;c{d}(e)=f"),
    *("%41", "..", "/", "back\\slash", "'", "$", "x" * 63, "order", "İ", "payload.after.id", "null", "_", "ＡＢＣ"),
]


def fields_named(*names):
    return [part(name, "string") for name in names]


def test_any_name_is_the_lakes_too_and_needs_no_column_mapping(tmp_path):
    (row,) = written_and_read(tmp_path, [{name: f"of {name}" for name in NAMES}], fields_named(*NAMES))
    assert row == {name: f"of {name}" for name in NAMES}
    table = DeltaTable(str(tmp_path))
    assert (table.protocol().min_reader_version, table.metadata().configuration) == (1, {})


def test_the_change_log_takes_any_name_and_any_reader_opens_it(tmp_path):
    payload = {"before": None, "after": dict.fromkeys(NAMES, "v"), "source": {}, "op": "c"}
    event = read_event(json.dumps(payload).encode(), "t", 0, 0, 1)
    rows = change_rows([event], RowColumns(tuple(NAMES), tuple(NAMES)))
    AppendTable(open_storage(f"file:{tmp_path}")).append(rows, BatchId("q", 0))
    (row,) = delta_rs_arrow(tmp_path).to_pylist()
    assert all(row[f"payload.after.{name}"] == "v" for name in NAMES)
    assert DeltaTable(str(tmp_path)).protocol().min_reader_version == 1


def test_a_table_that_maps_columns_since_an_older_version_still_takes_new_ones(tmp_path):
    write(tmp_path, [Column("a b", STRING)], {"a b": pa.array(["old"])})
    log = TableLog(open_storage(f"file:{tmp_path}"))
    snapshot = log.snapshot()
    mapped = {
        **snapshot.metadata,
        "configuration": {"delta.columnMapping.mode": "name", "delta.columnMapping.maxColumnId": "1"},
        "schemaString": json.dumps({"type": "struct", "fields": [{
            "name": "a b", "type": "string", "nullable": True,
            "metadata": {"delta.columnMapping.id": 1, "delta.columnMapping.physicalName": "a b"},
        }]}),
    }  # fmt: skip
    log.commit(snapshot, [{"protocol": {"minReaderVersion": 2, "minWriterVersion": 5}}, {"metaData": mapped}], "", {})
    table = evolved(columns_of(snapshot), [[("a b", STRING), ("c d", STRING)]]).columns
    write(tmp_path, table, {"a b": pa.array(["new"]), "c d": pa.array(["x"])})
    rows = sorted(delta_rs_arrow(tmp_path).to_pylist(), key=lambda row: row["a b"])
    assert rows == [{"a b": "new", "c d": "x"}, {"a b": "old", "c d": None}]


@pytest.mark.parametrize(
    ("one", "other"),
    [("name", "Name"), ("ÜBER", "über"), ("İ", "i"), ("ı", "I"), ("ΑΣ", "ας"), ("ſ", "S"), ("\u212a", "k")],
)
def test_names_that_some_reader_takes_for_one_are_one(one, other):
    assert folded(one) == folded(other)


@pytest.mark.parametrize(("one", "other"), [("a", "b"), ("a", "a "), ("ß", "ss"), ("é", "e"), ("a_2", "a")])
def test_other_names_are_not(one, other):
    assert folded(one) != folded(other)


def test_a_name_that_is_taken_gets_the_first_free_suffix():
    assert free_name("Name", {"name", "name_2"}) == "Name_3"
    assert free_name("other", {"name"}) == "other"
    assert matched(["Name", "x"], {"name": 1, "y": 2}) == {"Name": 1}
    assert matched(["Name", "name"], {"name": 1}) == {"name": 1}


def names_of(table):
    return {column.in_source: column.name for column in table}


def test_a_column_renamed_in_case_only_stays_where_it_is():
    table = table_columns(fields_named("id", "name"))
    change = evolved(table, [[("id", STRING), ("Name", STRING)]])
    assert names_of(change.columns) == {"id": "id", "Name": "name"}
    assert change.steps == ("column name is called Name now, and stays name here",)
    assert not change.rewrite
    rows, bad, _ = typed([{"id": "2", "Name": "b"}], fields_named("id", "Name"), change.columns)
    assert (bad, rows["name"].to_pylist()) == ([], ["b"])
    # Also where the table is not to follow.
    rows, bad, _ = typed([{"id": "2", "Name": "b"}], fields_named("id", "Name"), table)
    assert (bad, rows["name"].to_pylist()) == ([], ["b"])


def test_two_columns_that_differ_in_case_only_are_two(tmp_path):
    fields = fields_named("id", "name", "Name", "NAME")
    rows = [{"id": "1", "name": "a", "Name": "b", "NAME": "c"}]
    assert written_and_read(tmp_path, rows, fields) == [{"id": "1", "name": "a", "Name_2": "b", "NAME_3": "c"}]
    known = columns_of(TableLog(open_storage(f"file:{tmp_path}")).snapshot())
    assert names_of(known) == {"id": "id", "name": "name", "Name": "Name_2", "NAME": "NAME_3"}
    # The second stays itself when the first is dropped, and when it comes back.
    assert evolved(known, [[("Name", STRING)], [("name", STRING), ("Name", STRING)]]).steps == ()
    assert by_source(known, ["Name"])["Name"].name == "Name_2"


def test_a_name_that_a_suffix_took_is_free_under_another():
    table = evolved((), [[("a", STRING), ("A", STRING)], [("a", STRING), ("A", STRING), ("A_2", STRING)]]).columns
    assert names_of(table) == {"a": "a", "A": "A_2", "A_2": "A_2_2"}


def test_a_source_column_called_like_one_of_the_lakes_own_gets_a_suffix(tmp_path):
    fields = [exact("_rescued_data", "Text"), exact("_LSN", "Text"), exact("day", "Date")]
    table = table_columns(fields, own=[("_lsn", LONG)])
    assert [column.name for column in table] == ["_rescued_data_2", "_LSN_2", "day", "_lsn"]
    rows, bad, table = typed([{"_rescued_data": "theirs", "_LSN": "x", "day": "infinity"}], fields, table)
    assert bad == []
    write(tmp_path, table, {**rows, "_lsn": pa.array([5], pa.int64())})
    assert delta_rs_arrow(tmp_path).to_pylist() == [
        {"_rescued_data_2": "theirs", "_LSN_2": "x", "day": None, "_lsn": 5, "_rescued_data": '{"day":"infinity"}'}
    ]


def test_own_columns_and_wider_types_are_asked_for_by_the_lakes_name():
    table = table_columns([array_of("int4")])
    change = evolved(table, [], [("a", STRING), ("_rescued_data", STRING)])
    assert [(column.name, str(column.type)) for column in change.columns] == [
        ("a", "string"),
        ("_rescued_data", "string"),
    ]
    assert change.rewrite
    assert change.steps == ("column a array<integer> becomes string", "column _rescued_data string added")
    assert evolved(change.columns, [[("a", ColumnType("array<integer>"))]]).steps == ()


def test_several_versions_of_the_columns_in_one_micro_batch_are_followed_one_by_one():
    versions = [[("id", LONG), ("name", STRING)], [("id", LONG), ("Name", STRING)], [("id", STRING), ("Name", STRING)]]
    change = evolved((), versions)
    assert names_of(change.columns) == {"id": "id", "Name": "name"}
    assert [str(column.type) for column in change.columns] == ["string", "string"]


# ------------------------------------------------------------------ change log


def test_the_change_log_keeps_one_column_for_one_renamed_in_case_only(tmp_path):
    old, new = RowColumns(("id", "name"), ("id", "name")), RowColumns(("id", "Name"), ("id", "Name"))

    def rows(*after, version):
        events = [
            read_event(json.dumps({"before": None, "after": row, "source": {}, "op": "c"}).encode(), "t", 0, i, 1)
            for i, row in enumerate(after)
        ]
        return change_rows(events, version)

    log = AppendTable(open_storage(f"file:{tmp_path}"))
    log.append(rows({"id": 1, "name": "a"}, version=merged([old])), BatchId("q", 0))
    log.append(rows({"id": 2, "name": "b"}, {"id": 3, "Name": "c"}, version=merged([old, new])), BatchId("q", 1))
    log.append(rows({"id": 4, "Name": "d"}, version=merged([new])), BatchId("q", 2))
    found = delta_rs_arrow(tmp_path, 'select "payload.after.name" as name from t order by "payload.after.id"')
    assert found.column("name").to_pylist() == ["a", "b", "c", "d"]
    both = RowColumns(("id", "Name", "name"), ("id", "Name", "name"))
    assert merged([new, both]).after == ("id", "Name", "name")
    log.append(rows({"id": 5, "Name": "e", "name": "new"}, version=both), BatchId("q", 3))
    (row,) = delta_rs_arrow(tmp_path, """select * from t where "payload.after.id" = '5'""").to_pylist()
    assert (row["payload.after.name"], row["payload.after.name_2"]) == ("e", "new")
