"""query_delta_table.py URL SQL: rows that delta-rs finds in the table `t` at this URL, as JSON. Reads deletion vectors,
which `read_delta_table.py` cannot. Takes AWS_… from the environment."""

import json
import sys

import pyarrow as pa
from deltalake import DeltaTable, QueryBuilder

url, query = sys.argv[1:]
found = pa.table(QueryBuilder().register("t", DeltaTable(url)).execute(query).read_all()).to_pylist()
json.dump(found, sys.stdout, default=lambda value: value.hex() if isinstance(value, bytes) else str(value))
