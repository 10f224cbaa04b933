"""Asks tables of `python -m lake.twin_tables` with Spark, in Spark's container. Usage: twin_answers.py FOLDER

Prints a JSON object as its last line: asked, and different, a list of what was found with statistics and what is there.
"""

import json
import sys
from functools import reduce
from pathlib import Path

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.functions import expr, lit

folder = Path(sys.argv[1])
spark = (
    SparkSession.builder.master("local[1]")
    .config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")
    .config("spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog")
    .config("spark.databricks.delta.snapshotPartitions", "1")
    .config("spark.sql.session.timeZone", "UTC")
    .config("spark.sql.shuffle.partitions", "1")
    .config("spark.sql.adaptive.enabled", "false")
    # Each plan runs once: interpreting it is faster than compiling it.
    .config("spark.sql.codegen.wholeStage", "false")
    .config("spark.sql.codegen.factoryMode", "NO_CODEGEN")
    .config("spark.ui.enabled", "false")
    .getOrCreate()
)
asked = json.loads((folder / "asked.json").read_text())
different = []


def skipping(table: Path, asks: list[str]) -> list[list[int]]:
    """What is found where each question may skip files."""
    rows = spark.read.format("delta").load(str(table))
    answers = [rows.where(one).select(lit(number).alias("number"), "id") for number, one in enumerate(asks)]
    found = [(row.number, row.id) for row in reduce(DataFrame.unionAll, answers).collect()]
    return [sorted(row for of, row in found if of == number) for number in range(len(asks))]


def looking_at_all(table: Path, asks: list[str]) -> list[list[int]]:
    rows = spark.read.format("delta").load(str(table))
    judged = rows.select("id", *(expr(one).alias(str(number)) for number, one in enumerate(asks))).collect()
    return [sorted(row.id for row in judged if row[str(number)]) for number in range(len(asks))]


for number, asks in enumerate(asked):
    found = skipping(folder / str(number) / "True", asks)
    there = looking_at_all(folder / str(number) / "False", asks)
    different += [[number, *answer] for answer in zip(asks, found, there, strict=True) if answer[1] != answer[2]]
    print(f"{number + 1} of {len(asked)} tables, {len(different)} different answers", file=sys.stderr)
print(json.dumps({"asked": sum(map(len, asked)), "different": different}))
