"""Prints a Delta table as JSON: its schema and all its rows. Usage: read_delta_table.py URL"""

import json
import sys

from deltalake import DeltaTable

table = DeltaTable(sys.argv[1])
fields = json.loads(table.schema().to_json())["fields"]
rows = table.to_pyarrow_table().to_pylist()
schema = [{"name": f["name"], "type": f["type"], "nullable": f["nullable"]} for f in fields]
json.dump({"schema": schema, "rows": rows}, sys.stdout)
