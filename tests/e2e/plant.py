"""Damages a lake table the way an accident would. Usage: plant.py URL KEY_COLUMN, then a JSON list on standard input:

{"do": "delete", "key": "5", "op": "c"}           the events of that key and op are gone
{"do": "change", "key": "6", "op": "c", "column": "customerCity", "value": "X"}   their row after has another value
{"do": "double", "key": "7", "op": "u"}           they are there twice
{"do": "break", "key": "8", "op": "c"}            their op is no op
"""

import json
import sys

import pyarrow as pa
import pyarrow.compute as pc
from deltalake import DeltaTable, write_deltalake

url, key_column = sys.argv[1:3]
for plant in json.load(sys.stdin):
    table = DeltaTable(url)
    side = "before" if plant["op"] == "d" else "after"
    where = f"`payload.{side}.{key_column}` = '{plant['key']}' AND `payload.op` = '{plant['op']}'"
    if plant["do"] == "delete":
        done = table.delete(where)["num_deleted_rows"]
    elif plant["do"] == "change":
        done = table.update({f"`payload.after.{plant['column']}`": f"'{plant['value']}'"}, predicate=where)["num_updated_rows"]
    elif plant["do"] == "break":
        done = table.update({"`payload.op`": "'?'"}, predicate=where)["num_updated_rows"]
    elif plant["do"] == "double":
        rows = table.to_pyarrow_table()
        chosen = pc.and_(
            pc.equal(rows[f"payload.{side}.{key_column}"], plant["key"]), pc.equal(rows["payload.op"], plant["op"])
        )
        twins = rows.filter(pc.fill_null(chosen, False))
        done = twins.num_rows
        write_deltalake(url, pa.table(twins), mode="append")
    else:
        sys.exit(f"unknown: {plant}")
    if done == 0:
        sys.exit(f"nothing to plant on: {plant}")
    print(plant, done)
