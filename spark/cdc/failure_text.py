"""What a person needs of an exception's text."""

import re

_UNREACHABLE_KAFKA = ("TimeoutException: Timed out waiting for a node", "No resolvable bootstrap urls")
_NOISE = re.compile(r"\n\s*(=== Streaming Query ===|JVM stacktrace:|at [\w.$/]+\()")
_PY4J = re.compile(r"^An error occurred while calling [\w.:$]+\.\n: ")
_QUERY = re.compile(r"^\[STREAM_FAILED\] Query \[.*?\] terminated with exception: ")
_WRAPPING = re.compile(r"Exception thrown in awaitResult:?\s*$")
_CAUSE = re.compile(r"^Caused by: (.+)$", re.MULTILINE)


def failure_text(error: BaseException, bootstrap_servers: str) -> str:
    """One line or a few: without stack traces, query plans and the wrappings of Spark and py4j.

    A well-known cause is followed by what to do about it.
    """
    text = str(error)
    text = _QUERY.sub("", _PY4J.sub("", _NOISE.split(text, maxsplit=1)[0])).strip()
    if _WRAPPING.search(text):
        text = _deepest_cause(error) or text
    return "\n".join(filter(None, [text or type(error).__name__, _advice(str(error), bootstrap_servers)]))


def _deepest_cause(error: BaseException) -> str | None:
    """PySpark keeps the JVM's trace beside the text, or in it."""
    causes = _CAUSE.findall(getattr(error, "_stackTrace", None) or str(error))
    return causes[-1] if causes else None


def _advice(text: str, bootstrap_servers: str) -> str | None:
    if any(sign in text for sign in _UNREACHABLE_KAFKA):
        return f"Kafka cannot be reached at {bootstrap_servers} (--bootstrap-servers): is the broker up?"
    if "failOnDataLoss" in text or "KAFKA_DATA_LOSS" in text:
        return (
            "Messages that were not read yet are gone: a topic was made anew or taken off --topics, or they grew older "
            "than its retention. To go on without them: --fail-on-data-loss false; to read all again: another --name"
        )
    if "AccessDenied" in text or "InvalidAccessKeyId" in text or "SignatureDoesNotMatch" in text:
        return "The lake refuses the keys spark.hadoop.fs.s3a.access.key and secret.key (spark-defaults.conf)"
    if "NoSuchBucket" in text or "UnknownStoreException" in text:
        return "The lake's bucket does not exist: create it, or correct --lake"
    return None
