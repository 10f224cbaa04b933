"""Asks both tables with Spark, by turns. Usage: spark_queries.py FOLDER, with the queries by name in its queries.json.

Prints JSON as its last line: by name and table, the median in seconds.
"""

import json
import sys
import time
from pathlib import Path
from statistics import median

from pyspark.sql import SparkSession

WARM_UP = 3
spark = (
    SparkSession.builder.master("local[2]")
    .config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")
    .config("spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog")
    .config("spark.sql.session.timeZone", "UTC")
    .config("spark.sql.shuffle.partitions", "2")
    .config("spark.databricks.delta.snapshotPartitions", "2")
    .config("spark.ui.enabled", "false")
    .config("spark.log.level", "ERROR")
    .getOrCreate()
)
folder = Path(sys.argv[1])
queries = json.loads((folder / "queries.json").read_text())
took = {name: {table: [] for table in ("ours", "delta-rs")} for name in queries}
for name, texts in queries.items():
    for number, text in enumerate([*texts[:WARM_UP], *texts]):
        for table, times in took[name].items():
            began = time.perf_counter()
            spark.sql(text.replace("from t", f"from delta.`{folder}/{table}`")).collect()
            if number >= WARM_UP:
                times.append(time.perf_counter() - began)
print(json.dumps({name: {table: median(times) for table, times in of.items()} for name, of in took.items()}))
