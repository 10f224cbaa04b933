from pathlib import Path

import pytest

from cdc.kafka_servers import KafkaServers
from cdc.settings import parse_arguments
from cdc.source_table import SourceTable


def test_without_arguments_it_reads_the_walkthroughs_topics_into_its_bucket() -> None:
    settings = parse_arguments([])
    assert settings.topics == ("dbserver2.public.links", "dbserver2.public.customers1")
    assert settings.lake == "s3a://change-data-capture"
    assert settings.kafka == KafkaServers("kafka:9092")
    assert settings.starting_offsets == "earliest"


def test_each_application_has_a_checkpoint_of_its_own_in_the_lake() -> None:
    settings = parse_arguments(["--name", "orders", "--lake", "s3a://lake/"])
    assert settings.checkpoint == "s3a://lake/_checkpoints/orders"


def test_topics_are_taken_once_each_and_may_be_spaced() -> None:
    assert parse_arguments(["--topics", "a.b.c, d,a.b.c"]).topics == ("a.b.c", "d")


def test_what_tables_no_longer_use_is_kept_for_an_hour_or_as_told() -> None:
    assert parse_arguments([]).lake_retention.seconds == 3600
    assert parse_arguments(["--lake-retention", "90 minutes"]).lake_retention.seconds == 5400
    assert parse_arguments(["--lake-retention", "7 days"]).lake_retention.properties == {
        "delta.deletedFileRetentionDuration": "interval 604800 seconds",
        "delta.logRetentionDuration": "interval 604800 seconds",
    }


def test_tables_without_a_primary_key_are_given_one() -> None:
    settings = parse_arguments(["--table-keys", "public.visits=visitor, day; public.seats=seat"])
    assert settings.table_keys == {
        SourceTable("public", "visits"): ("visitor", "day"),
        SourceTable("public", "seats"): ("seat",),
    }
    assert parse_arguments(["--table-keys", ""]).table_keys == {}


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--trigger", "soon"], "argument --trigger: expected a duration such as '1 second'"),
        (["--lake-retention", "soon"], "argument --lake-retention: expected a duration such as '1 hour'"),
        (["--lake-retention", "4 minutes"], "argument --lake-retention: expected at least 5 minutes"),
        (["--topics", " , "], "argument --topics: expected at least one topic"),
        (["--topics", "public.*"], "argument --topics: expected a topic's name"),
        (["--lake", "bucket"], "argument --lake: expected a URL such as"),
        (
            ["--max-records-per-batch", "0"],
            "argument --max-records-per-batch: expected a whole number above 0, found '0'",
        ),
        (["--fail-on-data-loss", "maybe"], "argument --fail-on-data-loss: expected true or false, found 'maybe'"),
        (["--starting-offsets", "middle"], "argument --starting-offsets: invalid choice: 'middle'"),
        (["--table-keys", "visits=day"], "argument --table-keys: expected schema.table=column,… parted by ';'"),
        (["--name", "a b"], "argument --name: expected letters, digits"),
    ],
)
def test_a_bad_argument_is_named_with_what_was_expected(
    arguments: list[str], complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as exit_:
        parse_arguments(arguments)
    assert exit_.value.code == 2
    assert complaint in capsys.readouterr().err


def test_what_kafkas_clients_need_is_read_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "client.json"
    file.write_text('{"security.protocol": "SSL"}')
    servers = parse_arguments(["--bootstrap-servers", "b:1", "--kafka-client", str(file)]).kafka
    assert servers.client == {"bootstrap.servers": "b:1", "security.protocol": "SSL"}
    assert servers.options == {"kafka.bootstrap.servers": "b:1", "kafka.security.protocol": "SSL"}


@pytest.mark.parametrize("text", ["", "[]", "no JSON: secret"])
def test_a_file_for_kafkas_clients_that_is_none_is_refused_without_its_content(
    text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "client.json"
    file.write_text(text)
    with pytest.raises(SystemExit):
        parse_arguments(["--kafka-client", str(file)])
    said = capsys.readouterr().err
    assert "JSON object" in said
    assert "secret" not in said
