"""What queries over Delta tables find, as texts the way PostgreSQL writes them.

lake_texts.py LAKE_URL, on standard input a JSON list of [table below that URL, SQL over the table `t`]. Prints a JSON list with an
answer for each: {"types": {column: Delta type}, "rows": [{column: text, null, or a list of these}]}, or {"error": why it cannot
be read}. Takes AWS_… from the environment.
"""

import json
import sys
from datetime import date, datetime
from decimal import Decimal
from urllib.parse import quote

import pyarrow as pa
from deltalake import DeltaTable, QueryBuilder


def text_of(value):
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, list):
        return [text_of(element) for element in value]
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, float):
        return repr(value).replace("inf", "Infinity").replace("nan", "NaN")
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, bytes):
        return "\\x" + value.hex()
    if isinstance(value, datetime):
        text = f"{value:%H:%M:%S}" + (f".{value:%f}".rstrip("0").rstrip(".") if value.microsecond else "")
        return f"{value.year:04}-{value:%m-%d} {text}" + ("+00" if value.tzinfo else "")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def type_of(field):
    kind = field["type"] if isinstance(field, dict) and "type" in field else field
    if isinstance(kind, dict):
        return f"array<{type_of(kind['elementType'])}>" if kind["type"] == "array" else kind["type"]
    return f"array<{type_of(field['elementType'])}>" if kind == "array" else kind


def answer(url, query):
    try:
        table = DeltaTable(url)
        found = pa.table(QueryBuilder().register("t", table).execute(query).read_all())
        types = {field["name"]: type_of(field) for field in json.loads(table.schema().to_json())["fields"]}
        rows = [{name: text_of(value) for name, value in row.items()} for row in found.to_pylist()]
        return {"types": types, "rows": rows}
    except Exception as error:  # noqa: BLE001 - whatever keeps one table from being read is its answer
        return {"error": f"{type(error).__name__}: {error}"}


lake = sys.argv[1].rstrip("/")
json.dump([answer(f"{lake}/{quote(table)}", query) for table, query in json.load(sys.stdin)], sys.stdout)
