"""Writes values.parquet for parquet.test.ts: run in this folder with pyarrow installed."""

import datetime as dt
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq

rows = pa.table(
    {
        "id": pa.array([2**63 - 1, None, -1], pa.int64()),
        "short": pa.array([1, None, -32768], pa.int16()),
        "name": pa.array(["çelik", None, ""], pa.string()),
        "day": pa.array([dt.date(2020, 1, 2), None, dt.date(1969, 12, 31)], pa.date32()),
        "at": pa.array(
            [dt.datetime(2020, 1, 2, 3, 4, 5, 678901), None, dt.datetime(1969, 12, 31, 23, 59, 59, 999999)],
            pa.timestamp("us"),
        ),
        "instant": pa.array(
            [dt.datetime(2020, 1, 2, 3, 4, 5), None, dt.datetime(1969, 12, 31, 23, 59, 59, 1)],
            pa.timestamp("us", "UTC"),
        ),
        "clock": pa.array([dt.time(1, 2, 3, 500000), None, dt.time(0)], pa.time64("us")),
        "price": pa.array([Decimal("12345678901234567.89"), None, Decimal("-0.01")], pa.decimal128(19, 2)),
        "ratio": pa.array([1.5, None, -2.0], pa.float64()),
        "flag": pa.array([True, None, False], pa.bool_()),
        "bytes": pa.array([b"\x00\xff", None, b"aa"], pa.binary(2)),
        "list": pa.array([[1, 2], None, []], pa.list_(pa.int64())),
    }
)
pq.write_table(rows, "values.parquet", row_group_size=2, compression="zstd")
