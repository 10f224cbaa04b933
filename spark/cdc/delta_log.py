"""Reads a Delta table's log where asking Spark would cost a dozen jobs; the format is the Delta protocol's."""

import json
import re
from collections.abc import Iterator

from pyspark.sql import SparkSession

_COMMIT = re.compile(r"^\d{20}\.json$")


def user_metadata(spark: SparkSession, table: str) -> Iterator[str]:
    """`userMetadata` of the commits of the table at this URL, newest first; nothing when there is no table.

    Commits older than the log's retention (30 days by default) are no longer there.
    """
    jvm = spark.sparkContext._jvm
    log = jvm.org.apache.hadoop.fs.Path(table, "_delta_log")
    files = log.getFileSystem(spark.sparkContext._jsc.hadoopConfiguration())
    if not files.exists(log):
        return
    paths = {file.getPath().getName(): file.getPath() for file in files.listStatus(log)}
    for name in sorted(filter(_COMMIT.match, paths), reverse=True):
        stream = files.open(paths[name])
        try:
            commit = jvm.org.apache.commons.io.IOUtils.toString(stream, "UTF-8")
        finally:
            stream.close()
        for action in map(json.loads, commit.splitlines()):
            yield from filter(None, [action.get("commitInfo", {}).get("userMetadata")])
