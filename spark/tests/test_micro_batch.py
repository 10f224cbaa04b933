"""What a micro-batch does with what is in it, on local files."""

from pathlib import Path

import pytest
from envelope import CUSTOMER_COLUMNS, MARY, message
from lake.readers import with_delta_rs
from pyspark.sql import DataFrame, SparkSession
from test_message_reader import KEY, TOPIC, kafka_records

from cdc.kafka_offsets import Bounds
from cdc.lake.event import NOT_JSON
from cdc.lake.lake_tables import LakeTables, UnreadableMessage
from cdc.lake.storage import open_storage
from cdc.lake.table_options import TableOptions
from cdc.message_sizes import Ranges
from cdc.micro_batch import MicroBatches
from cdc.schema_references import SchemaReferences
from cdc.source_table import SourceTable


class Lake:
    def __init__(self, folder: Path) -> None:
        self.folder = folder / "lake"
        self.index = folder / "index"

    def batches(self, flattened: bool = True, **options) -> MicroBatches:
        return MicroBatches(self.tables(flattened, **options), SchemaReferences(lambda _topic: {}))

    def tables(self, flattened: bool = True, **options) -> LakeTables:
        storage = open_storage(f"file:{self.folder}")
        return LakeTables(storage, self.index, TableOptions(**options), flattened=flattened)

    def rows(self, kind: str = "", table: str = "customers1"):
        return with_delta_rs(self.folder / kind / "public" / table)


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(tmp_path)


def test_each_table_gets_its_rows_and_the_report_counts_them(spark: SparkSession, lake: Lake) -> None:
    link = {"url": "x"}
    records = kafka_records(
        spark,
        message(None, MARY, "c"),
        message(None, link, "c", columns={"url": "string"}, table="links"),
        message(MARY, None, "d"),
        None,
    )
    report = lake.batches().process(records, 7, "query")
    assert len(lake.rows()) == 2
    assert [row["payload.after.url"] for row in lake.rows(table="links")] == ["x"]
    assert report.rows == {SourceTable("public", "customers1"): 2, SourceTable("public", "links"): 1}
    assert report.end_offsets == {"dbserver2.public.customers1-0": 2}
    assert str(report).startswith("micro-batch 7: 3 rows in ")


def test_a_column_added_while_streaming_appears(spark: SparkSession, lake: Lake) -> None:
    batches = lake.batches()
    batches.process(kafka_records(spark, message(None, MARY, "c")), 0, "query")
    more = {**CUSTOMER_COLUMNS, "vip": "boolean"}
    texts = [message(None, MARY, "c"), message(None, {**MARY, "vip": True}, "c", columns=more)]
    records = kafka_records(spark, *texts, first=1)
    batches.process(records, 1, "query")
    assert sorted(str(row["payload.after.vip"]) for row in lake.rows()) == ["None", "None", "true"]


def test_the_walkthroughs_table_can_be_left_out(spark: SparkSession, lake: Lake) -> None:
    lake.batches(flattened=False).process(kafka_records(spark, message(None, MARY, "c")), 0, "query")
    assert not (lake.folder / "public").exists()
    assert len(lake.rows("changes")) == 1


def test_column_names_that_delta_has_to_map(spark: SparkSession, lake: Lake) -> None:
    text = message(None, {"first name": "Mary"}, "c", columns={"first name": "string"})
    lake.batches().process(kafka_records(spark, text), 0, "query")
    assert [row["payload.after.first name"] for row in lake.rows()] == ["Mary"]


def test_an_unreadable_message_fails_the_batch_by_topic_partition_and_offset(spark: SparkSession, lake: Lake) -> None:
    records = kafka_records(spark, message(None, MARY, "c"), "broken", "broken too")
    with pytest.raises(UnreadableMessage, match=r"topic dbserver2\.public\.customers1, partition 0, offset 1: "):
        lake.batches(on_schema_change="fail").process(records, 0, "query")
    assert not lake.folder.exists() or not list(lake.folder.iterdir())


def test_an_unreadable_message_becomes_a_dead_letter_with_its_bytes(spark: SparkSession, lake: Lake) -> None:
    batches = lake.batches()
    records = kafka_records(spark, message(None, MARY, "c"), "broken", message(None, MARY, "c")[:-20] + "}")
    for _ in range(2):
        batches.process(records, 0, "query")
    letters = sorted(lake.rows("_dead_letter"), key=lambda letter: letter["offset"])
    assert [(letter["offset"], letter["reason"]) for letter in letters] == [(1, NOT_JSON), (2, NOT_JSON)]
    assert bytes(letters[0]["value"]) == b"broken"
    assert len(lake.rows()) == 1


@pytest.mark.parametrize("batches", [[3], [1, 2], [2, 1], [1, 1, 1]], ids=str)
@pytest.mark.parametrize("restarted", [False, True])
def test_a_truncate_has_no_key_and_empties_the_table(spark, lake: Lake, batches: list[int], restarted: bool) -> None:
    """However micro-batches divide the messages."""
    john = {**MARY, "customerId": 4}
    messages = [
        (message(None, MARY, "c"), KEY),
        (message(None, None, "t").replace("37101112", "37101113"), None),
        (message(None, john, "c").replace("37101112", "37101114"), KEY),
    ]
    running, first = lake.batches(), 0
    for number, count in enumerate(batches):
        values, keys = zip(*messages[first : first + count], strict=True)
        report = running.process(kafka_records(spark, *values, keys=keys, first=first), number, "query")
        assert [table.problem for table in report.tables.values()] == [None]
        first += count
        if restarted:
            running = lake.batches()
    assert [row["customerId"] for row in lake.rows("tables")] == [4]
    assert len(lake.rows("changes")) == 3


def test_a_truncate_before_there_is_a_table_is_in_the_change_log_alone(spark, lake: Lake) -> None:
    report = lake.batches().process(kafka_records(spark, message(None, None, "t"), keys=[None]), 0, "query")
    assert [table.problem for table in report.tables.values()] == [None]
    assert len(lake.rows("changes")) == 1
    assert not (lake.folder / "tables").exists()


class Topic:
    """Its messages, to be read by ranges, as Kafka lets them be."""

    def __init__(self, records: DataFrame) -> None:
        self.records = records
        self.read_again: list[Ranges] = []

    def bounds(self, topic: str) -> Bounds:
        return {0: (0, self.records.count())}

    def read(self, wanted: Ranges) -> DataFrame:
        self.read_again.append(wanted)
        ((topic, of_topic),) = wanted.items()
        ((partition, (first, end)),) = of_topic.items()
        assert topic == TOPIC
        return self.records.where(f"partition = {partition} and offset >= {first} and offset < {end}")


def test_wide_rows_are_read_some_at_a_time(spark: SparkSession, lake: Lake) -> None:
    rows = [
        {**MARY, "customerId": number, "customerCity": "x" * (10_000 if number % 4 else 10)} for number in range(20)
    ]
    deleted = message(rows[19], None, "d").replace("37101112", "37101113")
    texts = [*(message(None, row, "c") for row in rows), deleted, "broken"]
    topic = Topic(kafka_records(spark, *texts))
    batches = MicroBatches(lake.tables(), SchemaReferences(lambda _topic: {}), topic, bytes_at_once=25_000)
    report = batches.process(topic.records, 0, "query")
    assert len(topic.read_again) == 8
    assert report.rows == {SourceTable("public", "customers1"): 21}
    assert report.end_offsets == {f"{TOPIC}-0": 20}
    assert {row["customerId"]: row["customerCity"] for row in lake.rows("tables")} == {
        row["customerId"]: row["customerCity"] for row in rows[:19]
    }
    assert len(lake.rows("changes")) == 21
    assert [letter["offset"] for letter in lake.rows("_dead_letter")] == [21]
    # The same micro-batch again, by a driver that knows nothing: each message is there once.
    again = MicroBatches(lake.tables(), SchemaReferences(lambda _topic: {}), topic, bytes_at_once=60_000)
    again.process(topic.records, 0, "query")
    assert len(lake.rows("changes")) == 21
    assert len(lake.rows("_dead_letter")) == 1


def test_small_rows_are_read_once(spark: SparkSession, lake: Lake) -> None:
    topic = Topic(kafka_records(spark, *(message(None, {**MARY, "customerId": number}, "c") for number in range(50))))
    MicroBatches(lake.tables(), SchemaReferences(lambda _topic: {}), topic).process(topic.records, 0, "query")
    assert not topic.read_again
    assert len(lake.rows("tables")) == 50
