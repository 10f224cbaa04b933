"""Messages as Debezium's PostgreSQL connector writes them with Connect's JSON converter, schemas on."""

import json
from typing import Any

CUSTOMER_COLUMNS = {
    "customerId": "int32",
    "customerFName": "string",
    "customerLName": "string",
    "customerEmail": "string",
    "customerPassword": "string",
    "customerStreet": "string",
    "customerCity": "string",
    "customerState": "string",
    "customerZipcode": "int32",
}

MARY = {"customerId": 3, "customerFName": "Mary", "customerLName": None, "customerStreet": '3422 "Blue" Bend \\ {,}'}

Row = dict[str, Any] | None


def schema(columns: dict[str, str], table: str = "customers1") -> dict[str, Any]:
    def struct(name: str, fields: list[dict[str, Any]], optional: bool = True) -> dict[str, Any]:
        return {"type": "struct", "fields": fields, "optional": optional, "field": name}

    row = [{"type": kind, "optional": True, "field": name} for name, kind in columns.items()]
    source = [{"type": "string", "optional": False, "field": name} for name in ("connector", "schema", "table")]
    return {
        "type": "struct",
        "fields": [
            struct("before", row),
            struct("after", row),
            struct("source", source, optional=False),
            {"type": "string", "optional": False, "field": "op"},
            {"type": "int64", "optional": True, "field": "ts_ms"},
        ],
        "optional": False,
        "name": f"dbserver2.public.{table}.Envelope",
        "version": 2,
    }


def payload(before: Row, after: Row, op: str, table: str = "customers1") -> dict[str, Any]:
    return {
        "before": before,
        "after": after,
        "source": {"connector": "postgresql", "schema": "public", "table": table, "lsn": 37101112},
        "transaction": None,
        "op": op,
        "ts_ms": 1666164929967,
    }


def message(before: Row, after: Row, op: str, columns: dict[str, str] | None = None, table: str = "customers1") -> str:
    return as_text({"schema": schema(columns or CUSTOMER_COLUMNS, table), "payload": payload(before, after, op, table)})


def as_text(content: Any) -> str:
    return json.dumps(content, separators=(",", ":"), ensure_ascii=False)
