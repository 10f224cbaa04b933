"""The job's settings: one dataclass, filled and checked from the command line."""

import argparse
import json
import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cdc.kafka_servers import KafkaServers
from cdc.lake.retention import Retention, parse_retention
from cdc.source_table import SourceTable

DEFAULT_NAME = "streaming_from_kafka_to_minio"
DEFAULT_LAKE = "s3a://change-data-capture"
DEFAULT_TOPICS = "dbserver2.public.links,dbserver2.public.customers1"

_INTERVAL = re.compile(r"^\d+ (milliseconds?|seconds?|minutes?|hours?)$")
_NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9_.-]*$")
_TOPIC = re.compile(r"^[A-Za-z0-9._-]+$")
_URL = re.compile(r"^[a-z0-9]+:/")


@dataclass(frozen=True)
class Settings:
    """What one streaming application reads, writes and remembers."""

    name: str
    kafka: KafkaServers
    topics: tuple[str, ...]
    lake: str
    checkpoint: str
    trigger: str
    starting_offsets: str
    max_records_per_batch: int
    fail_on_data_loss: bool
    flattened_tables: bool
    deleted_rows: str
    on_schema_change: str
    values_out_of_range: str
    lake_retention: Retention
    table_keys: dict[SourceTable, tuple[str, ...]]
    index_folder: str
    status_file: str | None


def parse_arguments(arguments: Sequence[str]) -> Settings:
    """Turns command-line arguments into settings.

    A bad argument ends the process with exit code 2 and a message that names it, as argparse does.
    """
    given = _parser().parse_args(arguments)
    return Settings(
        name=given.name,
        kafka=KafkaServers(given.bootstrap_servers, given.kafka_client),
        topics=given.topics,
        lake=given.lake,
        checkpoint=given.checkpoint or f"{given.lake}/_checkpoints/{given.name}",
        trigger=given.trigger,
        starting_offsets=given.starting_offsets,
        max_records_per_batch=given.max_records_per_batch,
        fail_on_data_loss=given.fail_on_data_loss,
        flattened_tables=given.flattened_tables,
        deleted_rows=given.deleted_rows,
        on_schema_change=given.on_schema_change,
        values_out_of_range=given.values_out_of_range,
        lake_retention=given.lake_retention,
        table_keys=given.table_keys,
        index_folder=given.index_folder,
        status_file=given.status_file,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="streaming_from_kafka_to_minio.py",
        description="Streams Debezium's change events from Kafka topics into Delta tables: "
        "one query for all topics; for each source table its current state at LAKE/tables/SCHEMA/TABLE, "
        "its change log at LAKE/changes/SCHEMA/TABLE, and its events as text at LAKE/SCHEMA/TABLE.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    add = parser.add_argument
    add("--name", type=_name, default=DEFAULT_NAME, help="name of the application, also in Spark's UI")
    add("--bootstrap-servers", default="kafka:9092", metavar="HOST:PORT,…", help="Kafka brokers")
    add(
        "--kafka-client",
        type=_kafka_client,
        default="",
        metavar="FILE",
        help="JSON object with what Kafka's clients need beside: security.protocol, sasl.jaas.config and so on",
    )
    add("--topics", type=_topics, default=DEFAULT_TOPICS, metavar="TOPIC,…", help="topics; they must exist")
    add("--lake", type=_url, default=DEFAULT_LAKE, metavar="URL", help="folder of the Delta tables")
    add(
        "--checkpoint",
        type=_url,
        metavar="URL",
        help="folder of the query's checkpoint; if not given: LAKE/_checkpoints/NAME",
    )
    add("--trigger", type=_interval, default="1 second", help="pause between the starts of two micro-batches")
    add(
        "--starting-offsets",
        choices=["earliest", "latest"],
        default="earliest",
        help="where the first run begins; later runs go on from the checkpoint",
    )
    add("--max-records-per-batch", type=_positive, default=40_000, metavar="N", help="bound of a micro-batch")
    add(
        "--fail-on-data-loss",
        type=_truth,
        default=True,
        metavar="true|false",
        help="whether to stop when Kafka no longer has messages that were not read yet",
    )
    add(
        "--flattened-tables",
        type=_truth,
        default=True,
        metavar="true|false",
        help="whether to write LAKE/SCHEMA/TABLE, each change as a row of text",
    )
    add(
        "--deleted-rows",
        choices=["remove", "keep"],
        default="remove",
        help="whether a current-state table keeps deleted rows, with true in its column _deleted",
    )
    add(
        "--on-schema-change",
        choices=["evolve", "ignore", "fail"],
        default="evolve",
        help="what current-state tables do when a source table's columns change. With fail the query also stops at an "
        "unreadable message, which otherwise goes to LAKE/_dead_letter/SCHEMA/TABLE",
    )
    add(
        "--values-out-of-range",
        choices=["rescue", "reject"],
        default="rescue",
        help="what becomes of values that the lake's types do not hold (infinite dates, NaN in a decimal): NULL, with "
        "PostgreSQL's text in the column _rescued_data, or the change goes to LAKE/_dead_letter/SCHEMA/TABLE",
    )
    add(
        "--lake-retention",
        type=_retention,
        default="1 hour",
        metavar="DURATION",
        help="how long data files that a table no longer uses, and the log of its older versions, are kept",
    )
    add(
        "--table-keys",
        type=_table_keys,
        default="",
        metavar="SCHEMA.TABLE=COLUMN,…;…",
        help="key columns of tables without a primary key, or to be used instead of it",
    )
    add(
        "--index-folder",
        default=f"{tempfile.gettempdir()}/lake-index",
        metavar="PATH",
        help="local folder for what was read of the current-state tables' indexes; it may be lost at any time",
    )
    add("--status-file", metavar="PATH", help="JSON file that is kept up to date with the query's state")
    return parser


def _name(text: str) -> str:
    return _matching(_NAME, text, "letters, digits, '_', '.' and '-'")


def _interval(text: str) -> str:
    return _matching(_INTERVAL, text, "a duration such as '1 second' or '500 milliseconds'")


def _retention(text: str) -> Retention:
    try:
        return parse_retention(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _url(text: str) -> str:
    return _matching(_URL, text, "a URL such as 's3a://bucket/folder' or 'file:/folder'").rstrip("/")


def _topics(text: str) -> tuple[str, ...]:
    topics = tuple(dict.fromkeys(topic.strip() for topic in text.split(",") if topic.strip()))
    if not topics:
        raise argparse.ArgumentTypeError("expected at least one topic")
    return tuple(_matching(_TOPIC, topic, "a topic's name of letters, digits, '.', '_' and '-'") for topic in topics)


def _table_keys(text: str) -> dict[SourceTable, tuple[str, ...]]:
    keys = {}
    for entry in filter(None, (part.strip() for part in text.split(";"))):
        name, equals, columns = entry.partition("=")
        schema, dot, table = name.strip().partition(".")
        found = tuple(filter(None, (column.strip() for column in columns.split(","))))
        if not (equals and dot and schema and table and found):
            raise argparse.ArgumentTypeError(f"expected schema.table=column,… parted by ';', found '{entry}'")
        keys[SourceTable(schema, table)] = found
    return keys


def _kafka_client(file: str) -> dict[str, str]:
    """Of a text that no message may have: secrets are in it."""
    if not file:
        return {}
    try:
        settings = json.loads(Path(file).read_text())
    except (OSError, ValueError) as error:
        raise argparse.ArgumentTypeError(f"expected a file with a JSON object, found '{file}'") from error
    if not isinstance(settings, dict):
        raise argparse.ArgumentTypeError(f"expected a JSON object in {file}")
    return {name: str(value) for name, value in settings.items()}


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"expected a whole number above 0, found '{text}'")
    return int(text)


def _truth(text: str) -> bool:
    if text not in ("true", "false"):
        raise argparse.ArgumentTypeError(f"expected true or false, found '{text}'")
    return text == "true"


def _matching(pattern: re.Pattern[str], text: str, expected: str) -> str:
    if not pattern.match(text):
        raise argparse.ArgumentTypeError(f"expected {expected}, found '{text}'")
    return text
