"""How Spark reaches the lake's object store, for the driver's own writes."""

from pyspark.sql import SparkSession

_HADOOP_NAMES = {
    "endpoint": "fs.s3a.endpoint",
    "region": "fs.s3a.endpoint.region",
    "access_key_id": "fs.s3a.access.key",
    "secret_access_key": "fs.s3a.secret.key",
}


def s3_settings(spark: SparkSession) -> dict[str, str]:
    """What `open_storage` takes, from the settings of Hadoop's S3A; what is not set there is left out."""
    hadoop = spark.sparkContext._jsc.hadoopConfiguration()
    found = {name: hadoop.get(hadoop_name) for name, hadoop_name in _HADOOP_NAMES.items()}
    path_style = hadoop.get("fs.s3a.path.style.access") or "true"
    return {name: value for name, value in found.items() if value} | {"path_style": path_style}
