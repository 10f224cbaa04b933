"""What a micro-batch does with what is in it; Delta itself is covered end to end."""

from pathlib import Path
from unittest.mock import patch

import pytest
from envelope import CUSTOMER_COLUMNS, message
from lake.readers import with_delta_rs
from pyspark.sql import Row, SparkSession
from test_change_events import MARY, kafka_records

from cdc.change_events import NOT_JSON
from cdc.lake.lake_tables import LakeTables
from cdc.lake.state_table import TableOptions
from cdc.lake.storage import open_storage
from cdc.micro_batch import MicroBatches, UnreadableMessage
from cdc.source_table import SourceTable


class Lake:
    """Takes the place of Delta: keeps what would be appended."""

    def __init__(self) -> None:
        self.tables: dict[str, list[Row]] = {}

    def table(self, _spark, path, _query_id):
        return type("Table", (), {"append": lambda _, rows, *_args: self.tables.update({path: rows.collect()})})()


@pytest.fixture
def lake():
    lake = Lake()
    with patch("cdc.micro_batch.ChangeTable", lake.table):
        yield lake


def test_each_table_gets_its_rows_and_the_report_counts_them(spark: SparkSession, lake: Lake) -> None:
    link = {"url": "x"}
    records = kafka_records(
        spark,
        message(None, MARY, "c"),
        message(None, link, "c", columns={"url": "string"}, table="links"),
        message(MARY, None, "d"),
        None,
    )
    report = MicroBatches("s3a://lake").process(records, 7, "query")
    assert {path: len(rows) for path, rows in lake.tables.items()} == {
        "s3a://lake/public/customers1": 2,
        "s3a://lake/public/links": 1,
    }
    assert lake.tables["s3a://lake/public/links"][0]["payload.after.url"] == "x"
    assert report.rows == {SourceTable("public", "customers1"): 2, SourceTable("public", "links"): 1}
    assert report.end_offsets == {"dbserver2.public.customers1-0": 2}


def test_a_column_added_while_streaming_appears(spark: SparkSession, lake: Lake) -> None:
    batches = MicroBatches("s3a://lake")
    batches.process(kafka_records(spark, message(None, MARY, "c")), 0, "query")
    more = {**CUSTOMER_COLUMNS, "vip": "boolean"}
    records = kafka_records(spark, message(None, MARY, "c"), message(None, {**MARY, "vip": True}, "c", columns=more))
    batches.process(records, 1, "query")
    assert [row["payload.after.vip"] for row in lake.tables["s3a://lake/public/customers1"]] == [None, "true"]


def test_an_unreadable_message_fails_the_batch_by_topic_partition_and_offset(spark: SparkSession, lake: Lake) -> None:
    records = kafka_records(spark, message(None, MARY, "c"), "broken", "broken too")
    with pytest.raises(UnreadableMessage, match=r"topic dbserver2\.public\.customers1, partition 0, offset 1: "):
        MicroBatches("s3a://lake").process(records, 0, "query")
    assert lake.tables == {}


def test_cut_messages_become_the_same_rows_as_parsed_ones(spark: SparkSession, lake: Lake) -> None:
    texts = [message(None, {**MARY, "customerCity": f"Ü{number}"}, "c") for number in range(3)]
    batches = MicroBatches("s3a://lake")
    batches.process(kafka_records(spark, *texts), 0, "query")
    cut = lake.tables["s3a://lake/public/customers1"]
    # With blanks between the parts nothing can be cut.
    batches.process(kafka_records(spark, *(text.replace(',"payload":', ', "payload":') for text in texts)), 1, "query")
    assert cut == lake.tables["s3a://lake/public/customers1"]
    assert [row["payload.after.customerCity"] for row in cut] == ["Ü0", "Ü1", "Ü2"]


def test_messages_reach_the_lakes_own_tables_and_an_unreadable_one_its_dead_letters(
    spark: SparkSession, lake: Lake, tmp_path: Path
) -> None:
    tables = LakeTables(open_storage(f"file:{tmp_path}/lake"), tmp_path / "index", TableOptions())
    batches = MicroBatches("s3a://lake", tables, keep_unreadable=True)
    other = {**MARY, "customerId": 4}
    records = kafka_records(spark, message(None, MARY, "c"), "broken", message(None, other, "c"))
    report = batches.process(records, 0, "query")
    batches.process(records, 0, "query")
    moved = message(
        None, {**other, "customerFName": "Eve", "vip": True}, "u", columns={**CUSTOMER_COLUMNS, "vip": "boolean"}
    )
    more = kafka_records(
        spark, message(MARY, None, "d").replace("37101112", "37101113"), moved.replace("37101112", "37101114")
    )
    batches.process(more, 1, "query")

    def rows(kind: str) -> list[dict]:
        return with_delta_rs(tmp_path / "lake" / kind / "public" / "customers1")

    assert report.facts()["tables"] == {"public.customers1": {"changes": 2, "written": 2}}
    assert [(row["customerId"], row["customerFName"], row["vip"]) for row in rows("tables")] == [(4, "Eve", True)]
    assert sorted(row["payload.op"] for row in rows("changes")) == ["c", "c", "d", "u"]
    (letter,) = rows("_dead_letter")
    assert (letter["offset"], letter["value"], letter["reason"]) == (1, b"broken", NOT_JSON)
    assert len(lake.tables["s3a://lake/public/customers1"]) == 2
