"""Writes to the lake that do nothing else: appends to a Delta table with delta-rs, and raw PUTs of objects.

lake_writes.py ENDPOINT ACCESS_KEY SECRET_KEY BUCKET: prints one JSON object; the bucket is there and is the caller's to remove.
"""

import json
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from statistics import median

import pyarrow as pa
from deltalake import write_deltalake
from obstore.store import S3Store

# Seconds for each series, whatever its count.
WITHIN = 60


def rows(count):
    """Customers, nine columns."""
    texts = ["Grace", "Hopper", "grace.hopper@example.com", "x", "1 Silver Pond Lane", "Caguas", "PR"]
    names = ["FName", "LName", "Email", "Password", "Street", "City", "State"]
    columns = {"customerId": pa.array(range(count), pa.int64())}
    columns |= {f"customer{name}": pa.array([text] * count) for name, text in zip(names, texts, strict=True)}
    columns["customerZipcode"] = pa.array([725] * count, pa.int64())
    return pa.table(columns)


def series(count, work):
    """Seconds of each of `count` calls, fewer when the time is over; the first is a warm-up and is left out."""
    times = []
    started = time.monotonic()
    for number in range(count + 1):
        begin = time.perf_counter()
        work(number)
        times.append(time.perf_counter() - begin)
        if time.monotonic() - started > WITHIN:
            break
    return times[1:]


def appends(endpoint, access_key, secret_key, bucket, batch, count):
    options = {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": access_key,
        "AWS_SECRET_ACCESS_KEY": secret_key,
        "AWS_REGION": "us-east-1",
        "AWS_ALLOW_HTTP": "true",
    }
    table = rows(batch)
    target = f"s3://{bucket}/delta/{batch}"
    times = series(count, lambda _: write_deltalake(target, table, mode="append", storage_options=options))
    return {"batch": batch, "commits": len(times), "commitMs": median(times) * 1000, "rowsPerSecond": batch * len(times) / sum(times)}


def puts(store, size, count, parallel):
    content = os.urandom(size)
    times = series(count, lambda number: store.put(f"put/{size}/{number}", content))
    with ThreadPoolExecutor(parallel) as pool:
        begin = time.perf_counter()
        list(pool.map(lambda number: store.put(f"put/{size}/p{number}", content), range(count)))
        seconds = time.perf_counter() - begin
    return {"size": size, "puts": len(times), "putMs": median(times) * 1000, "megabytesPerSecond": size * count / seconds / 1e6}


def main(endpoint, access_key, secret_key, bucket):
    store = S3Store(
        bucket,
        endpoint=endpoint,
        access_key_id=access_key,
        secret_access_key=secret_key,
        region="us-east-1",
        client_options={"allow_http": True},
    )
    account = (endpoint, access_key, secret_key, bucket)
    result = {
        "appends": [appends(*account, batch=10_000, count=50), appends(*account, batch=1, count=50)],
        "puts": [puts(store, 10_000, count=200, parallel=4), puts(store, 1_000_000, count=100, parallel=4)],
    }
    print(json.dumps(result))


main(*sys.argv[1:])
