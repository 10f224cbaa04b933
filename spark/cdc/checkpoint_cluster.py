"""Which Kafka cluster a checkpoint's offsets belong to.

Offsets mean nothing in another cluster, not even under the same address and topic names: a query that went on from
them would fail, or skip messages in silence. So each cluster has a checkpoint of its own, and a query that meets a new
cluster begins at its beginning. The first cluster's is the folder that was asked for, which notes the cluster's id.
"""

from typing import Any

from pyspark.sql import SparkSession

_NOTE = "kafka-cluster"


def checkpoint_of(spark: SparkSession, checkpoint: str, cluster_id: str) -> str:
    """Folder of the checkpoint for this cluster.

    A checkpoint without a note, new or from before there were notes, becomes this cluster's.
    """
    jvm: Any = spark.sparkContext._jvm
    note = jvm.org.apache.hadoop.fs.Path(checkpoint, _NOTE)
    files = note.getFileSystem(spark.sparkContext._jsc.hadoopConfiguration())
    # An empty note is one whose writing was cut off.
    if not files.exists(note) or files.getFileStatus(note).getLen() == 0:
        stream = files.create(note, True)
        try:
            stream.write(bytearray(cluster_id.encode()))
        finally:
            stream.close()
        return checkpoint
    stream = files.open(note)
    try:
        owner = jvm.org.apache.commons.io.IOUtils.toString(stream, "UTF-8").strip()
    finally:
        stream.close()
    return folder_for(checkpoint, owner, cluster_id)


def folder_for(checkpoint: str, owner: str, cluster_id: str) -> str:
    return checkpoint if owner == cluster_id else f"{checkpoint}-{cluster_id}"
