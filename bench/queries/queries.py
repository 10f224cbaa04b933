"""How long queries of a lake table take, beside a table of the same rows that delta-rs wrote and optimised.

    .venv/bin/python bench/queries/queries.py [--rows 10000000] [--changes 0] [--spark cdc/spark] [--folder …]

Needs no stack. --changes: so many rows are updated after the rest was written. --spark: image in which Spark is asked
as well; it needs Docker. Prints medians of both, asked by turns, and their ratio.
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

import polars as pl
from deltalake import DeltaTable, QueryBuilder

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY / "spark"))
from tables import BEGIN, SECONDS_A_ROW, write_ours, write_theirs  # noqa: E402

ROUNDS = 15
Query = Callable[[], Any]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rows", type=int, default=10_000_000)
    options.add_argument("--changes", type=int, default=0)
    options.add_argument("--spark", metavar="IMAGE")
    options.add_argument("--folder", type=Path)
    given = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="queries-", dir=given.folder) as folder:
        Path(folder).chmod(0o755)
        measure(Path(folder), given.rows, given.changes, given.spark)


def measure(folder: Path, rows: int, changes: int, image: str | None) -> None:
    tables = {"ours": folder / "ours", "delta-rs": folder / "delta-rs"}
    spent = write_ours(tables["ours"], rows, changes)
    write_theirs(tables["delta-rs"], tables["ours"])
    print(f"{rows:,} rows, {changes:,} of them changed afterwards")
    for name, path in tables.items():
        print(f"{name}: {facts(path)}")
    print(f"CPU a row written: {spent.writing / rows * 1e6:.2f} µs")
    if spent.compacted:
        print(f"CPU a row compacted: {spent.compacting / spent.compacted * 1e6:.2f} µs ({spent.compacted:,} rows)")
    print(f"\n{'ms, median':32}{'ours':>10}{'delta-rs':>10}{'ratio':>8}")
    report("delta-rs", {name: with_delta_rs(path, rows) for name, path in tables.items()})
    report("Polars", {name: with_polars(path, rows) for name, path in tables.items()})
    if image:
        for name, seconds in with_spark(folder, rows, image).items():
            print_ratio(f"Spark, {name}", seconds)


def facts(path: Path) -> str:
    table = DeltaTable(str(path))
    sizes = pl.DataFrame(table.get_add_actions())["size_bytes"]
    return f"{len(sizes)} files, {sizes.sum() / 1e6:.0f} MB"


def with_delta_rs(path: Path, rows: int) -> dict[str, Query]:
    table = QueryBuilder().register("t", DeltaTable(str(path)))
    asked = sql(rows)
    return {
        "open": lambda: DeltaTable(str(path)),
        **{
            name: lambda query=query: table.execute(query(random.randrange(rows))).read_all()
            for name, query in asked.items()
        },
    }


def with_polars(path: Path, rows: int) -> dict[str, Query]:
    table = pl.scan_delta(DeltaTable(str(path)))
    begin, end = day(rows)
    of_day = (pl.col("created") >= begin) & (pl.col("created") < end)
    return {
        "point": lambda: table.filter(pl.col("id") == random.randrange(rows)).collect(),
        "day": lambda: table.filter(of_day).select(pl.len(), pl.col("amount").sum()).collect(),
        "aggregate": lambda: table.group_by("state").agg(pl.len(), pl.col("amount").sum()).collect(),
    }


def with_spark(folder: Path, rows: int, image: str) -> dict[str, dict[str, float]]:
    queries = {name: [query(random.randrange(rows)) for _ in range(ROUNDS)] for name, query in sql(rows).items()}
    (folder / "queries.json").write_text(json.dumps(queries))
    script = Path(__file__).with_name("spark_queries.py")
    mounts = ["-v", f"{folder}:{folder}:ro", "-v", f"{script}:/tmp/spark_queries.py:ro"]
    command = ["docker", "run", "--rm", *mounts, image, "spark-submit", "/tmp/spark_queries.py", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stderr[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def sql(rows: int) -> dict[str, Callable[[int], str]]:
    begin, end = (f"timestamp '{moment:%Y-%m-%dT%H:%M:%SZ}'" for moment in day(rows))
    return {
        "point": lambda key: f"select * from t where id = {key}",
        "day": lambda _: f"select count(*), sum(amount) from t where created >= {begin} and created < {end}",
        "aggregate": lambda _: "select state, count(*), sum(amount) from t group by state",
    }


def day(rows: int) -> tuple[datetime, datetime]:
    """One in the middle."""
    middle = datetime.fromtimestamp(BEGIN + rows * SECONDS_A_ROW // 2, UTC)
    begin = middle.replace(hour=0, minute=0, second=0, microsecond=0)
    return begin, begin + timedelta(days=1)


def report(reader: str, tables: dict[str, dict[str, Query]]) -> None:
    for name in next(iter(tables.values())):
        wall: dict[str, list[float]] = {table: [] for table in tables}
        cpu: dict[str, list[float]] = {table: [] for table in tables}
        for number in range(ROUNDS + 1):
            for table, queries in tables.items():
                began, began_cpu = time.perf_counter(), time.process_time()
                queries[name]()
                if number:  # the first one is a warm-up
                    wall[table].append(time.perf_counter() - began)
                    cpu[table].append(time.process_time() - began_cpu)
        print_ratio(f"{reader}, {name}", {table: median(times) for table, times in wall.items()})
        print_ratio(f"{reader}, {name}, CPU", {table: median(times) for table, times in cpu.items()})


def print_ratio(what: str, seconds: dict[str, float]) -> None:
    ours, theirs = seconds["ours"], seconds["delta-rs"]
    print(f"{what:32}{ours * 1000:10.1f}{theirs * 1000:10.1f}{ours / theirs:8.2f}", flush=True)


if __name__ == "__main__":
    main()
