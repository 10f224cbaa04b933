"""Damages lake tables the way an accident would. Usage: plant.py LAKE_URL SCHEMA.TABLE KEY_COLUMN, then a JSON list on standard input.

In the change log ("in": "log"; the events of a key and, if "op" is given, of that kind):
{"do": "delete", "key": "5", "op": "c"}           they are gone
{"do": "change", "key": "6", "op": "c", "column": "customerCity", "value": "X"}   their row after has another value
{"do": "double", "key": "7", "op": "u"}           they are there twice
{"do": "break", "key": "8", "op": "c"}            their op is no op
In the current state ("in": "state"; the row of a key):
{"do": "delete", "key": "5"}                      it is gone
{"do": "change", "key": "6", "column": "customerCity", "value": "X"}   another value, null included; a float also as "NaN", "-0"
{"do": "swap", "key": "6", "other": "7"}          two rows have each other's values
{"do": "double", "key": "7"}                      it is there twice
{"do": "move", "key": "7", "to": "99"}            it has another key
{"do": "flag", "key": "8", "value": true}         it has another value in _deleted, null included
{"do": "revive"}                                  the deletion vector of a file is gone, with all rows that it took away
In either:
{"do": "drop file"}                               a file with live rows is no longer in the table
{"do": "lose file"}                               it is in the table, and not in the store
"""

import json
import os
import sys
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

sys.path.insert(0, "spark")

from cdc.lake.data_files import DataFiles
from cdc.lake.storage import open_storage
from cdc.lake.table_log import TableLog
from cdc.lake.table_schema import columns_of
from cdc.source_table import SourceTable

S3 = {
    "endpoint": os.environ["AWS_ENDPOINT_URL"],
    "access_key_id": os.environ["AWS_ACCESS_KEY_ID"],
    "secret_access_key": os.environ["AWS_SECRET_ACCESS_KEY"],
    "region": "us-east-1",
}


class Table:
    """One Delta table, changed file by file through the modules that the streaming job writes it with."""

    def __init__(self, url):
        self.storage = open_storage(url, S3)
        self.log = TableLog(self.storage)
        self.files = DataFiles(self.storage)
        self.snapshot = self.log.snapshot()
        self.columns = columns_of(self.snapshot)

    def rewrite(self, change):
        """Writes anew each file whose live rows the function changes; it gives None for those it leaves alone."""
        done, actions = 0, []
        for file in list(self.snapshot.files.values()):
            rows, _ = self.files.live(file, self.columns)
            changed = change(rows)
            if changed is None:
                continue
            done += 1
            actions.append(file.remove())
            if changed.num_rows:
                actions.append(self.files.write([changed], self.columns).add())
        self.commit(actions)
        return done

    def commit(self, actions):
        if actions:
            self.log.commit(self.snapshot, actions, "PLANT", {})


def with_value(rows, chosen, column, value):
    kind = rows.schema.field(column).type
    array = pa.array([value], pa.string()) if isinstance(value, str) else pa.array([value])
    new = pc.if_else(chosen, array.cast(kind)[0], rows[column])
    return rows.set_column(rows.column_names.index(column), column, new)


def is_key(rows, column, key):
    return pc.fill_null(pc.equal(rows[column].cast(pa.string()), key), False)


def plant_log(plant, key_column):
    side = "before" if plant.get("op") == "d" else "after"

    def change(rows):
        chosen = is_key(rows, f"payload.{side}.{key_column}", plant["key"])
        if "op" in plant:
            chosen = pc.and_(chosen, pc.equal(rows["payload.op"], plant["op"]))
        if not pc.any(chosen).as_py():
            return None
        match plant["do"]:
            case "delete":
                return rows.filter(pc.invert(chosen))
            case "change":
                return with_value(rows, chosen, f"payload.after.{plant['column']}", plant["value"])
            case "break":
                return with_value(rows, chosen, "payload.op", "?")
            case "double":
                return pa.concat_tables([rows, rows.filter(chosen)])

    return change


def plant_state(plant, key_column):
    def change(rows):
        chosen = is_key(rows, key_column, plant["key"])
        if not pc.any(chosen).as_py():
            return None
        match plant["do"]:
            case "delete":
                return rows.filter(pc.invert(chosen))
            case "change":
                return with_value(rows, chosen, plant["column"], plant["value"])
            case "move":
                return with_value(rows, chosen, key_column, plant["to"])
            case "flag":
                return with_value(rows, chosen, "_deleted", plant["value"])
            case "double":
                return pa.concat_tables([rows, rows.filter(chosen)])
            case "swap":
                other = is_key(rows, key_column, plant["other"])
                if not pc.any(other).as_py():
                    sys.exit(f"not in one file: {plant}")
                here = with_value(rows.filter(chosen), pa.array([True]), key_column, plant["other"])
                there = with_value(rows.filter(other), pa.array([True]), key_column, plant["key"])
                return pa.concat_tables([rows.filter(pc.invert(pc.or_(chosen, other))), here, there])

    return change


def plant_file(table, plant):
    files = [file for file in table.snapshot.files.values() if file.live > 0]
    match plant["do"]:
        case "drop file":
            table.commit([files[-1].remove()])
        case "lose file":
            table.storage.delete_all([files[-1].location])
        case "revive":
            file = next(file for file in files if file.vector)
            table.commit([file.remove(), replace(file, vector=None).add()])
    return 1


lake, table_name, key_column = sys.argv[1:4]
source = SourceTable(*table_name.split("."))
for plant in json.load(sys.stdin):
    in_log = plant["in"] == "log"
    table = Table(source.path_in(f"{lake}/{'changes' if in_log else 'tables'}"))
    if plant["do"] in ("drop file", "lose file", "revive"):
        done = plant_file(table, plant)
    else:
        done = table.rewrite((plant_log if in_log else plant_state)(plant, key_column))
    if done == 0:
        sys.exit(f"nothing to plant on: {plant}")
    print(plant, done)
