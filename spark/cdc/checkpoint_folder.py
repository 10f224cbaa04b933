"""Files of a query's checkpoint, through Hadoop: wherever Spark can have one."""

from typing import Any, cast

from pyspark.sql import SparkSession


class CheckpointFolder:
    def __init__(self, spark: SparkSession, checkpoint: str) -> None:
        self._jvm = cast("Any", spark.sparkContext._jvm)
        self._root = checkpoint
        path = self._jvm.org.apache.hadoop.fs.Path(checkpoint)
        self._files = path.getFileSystem(spark.sparkContext._jsc.hadoopConfiguration())
        # The sums of a local file system do not fit to a file that was cut off.
        self._files.setVerifyChecksum(False)

    def names(self, name: str) -> list[str]:
        path = self._path(name)
        if not self._files.exists(path):
            return []
        return [status.getPath().getName() for status in self._files.listStatus(path)]

    def numbers(self, name: str) -> list[int]:
        return [int(found) for found in self.names(name) if found.isdigit()]

    def read(self, name: str) -> str | None:
        """None: there is no such file."""
        path = self._path(name)
        if not self._files.exists(path):
            return None
        stream = self._files.open(path)
        try:
            return self._jvm.org.apache.commons.io.IOUtils.toString(stream, "UTF-8")
        finally:
            stream.close()

    def remove(self, name: str) -> list[str]:
        """The name, if there was such a file."""
        return [name] if self._files.delete(self._path(name), False) else []

    def write(self, name: str, text: str) -> None:
        stream = self._files.create(self._path(name), True)
        try:
            stream.write(bytearray(text.encode()))
        finally:
            stream.close()

    def _path(self, name: str) -> object:
        return self._jvm.org.apache.hadoop.fs.Path(f"{self._root}/{name}" if name else self._root)
