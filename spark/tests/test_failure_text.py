import pytest

from cdc.failure_text import failure_text

QUERY_FAILED = """[STREAM_FAILED] Query [id = d0dc, runId = e2a2] terminated with exception: Boom of the day
=== Streaming Query ===
Identifier: orders [id = d0dc714b, runId = e2a200af]
Logical Plan:
~WriteToMicroBatchDataSourceV1"""


def test_a_failed_query_says_its_cause_without_its_plan() -> None:
    assert failure_text(RuntimeError(QUERY_FAILED), "kafka:9092") == "Boom of the day"


def test_a_java_error_says_its_message_without_its_stack() -> None:
    error = (
        "An error occurred while calling o70.start.\n: java.lang.IllegalStateException: no\n\tat a.b.C.d(C.java:1)\n"
    )
    assert failure_text(RuntimeError(error), "kafka:9092") == "java.lang.IllegalStateException: no"


AWAITED = """An error occurred while calling o9.getResult.
: org.apache.spark.SparkException: Exception thrown in awaitResult:\x20
\tat org.apache.spark.util.ThreadUtils$.awaitResult(ThreadUtils.scala:1)
Caused by: org.apache.spark.SparkException: Job aborted due to stage failure
\tat a.b.C.d(C.java:1)
Caused by: java.lang.OutOfMemoryError: Java heap space
\tat a.b.C.d(C.java:1)"""


def test_an_error_that_only_says_that_another_was_waited_for_says_that_one() -> None:
    assert failure_text(RuntimeError(AWAITED), "kafka:9092") == "java.lang.OutOfMemoryError: Java heap space"


def test_an_error_without_text_says_its_kind() -> None:
    assert failure_text(KeyboardInterrupt(), "kafka:9092") == "KeyboardInterrupt"


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("TimeoutException: Timed out waiting for a node assignment", "Kafka cannot be reached at broker:1 "),
        ("option failOnDataLoss", "--fail-on-data-loss false"),
        ("s3a://x: AccessDenied", "spark.hadoop.fs.s3a.access.key"),
        ("UnknownStoreException: bucket", "correct --lake"),
    ],
)
def test_a_well_known_cause_is_followed_by_what_to_do(text: str, advice: str) -> None:
    assert advice in failure_text(RuntimeError(text), "broker:1")
