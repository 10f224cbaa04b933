"""What the lake keeps of a table beside its Delta tables: a small JSON file, where there is something to note."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import unquote

from cdc.lake.storage import Storage
from cdc.source_table import SourceTable

FOLDER = "_table_notes"
_ENDING = ".json"


class TableNotes:
    """Notes by table and subject. Read once; written by one program alone."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._notes: dict[SourceTable, dict[str, Any]] = {}
        for path in storage.tree(FOLDER):
            schema, slash, name = path.removesuffix(_ENDING).partition("/")
            if slash and path.endswith(_ENDING):
                content = json.loads(storage.get(f"{FOLDER}/{path}") or b"{}")
                self._notes[SourceTable(unquote(schema), unquote(name))] = content

    def tables(self, subject: str) -> Iterable[SourceTable]:
        return [table for table, notes in sorted(self._notes.items()) if subject in notes]

    def get(self, table: SourceTable, subject: str) -> Any:
        """None: there is no such note."""
        return self._notes.get(table, {}).get(subject)

    def put(self, table: SourceTable, subject: str, note: Any) -> None:
        """note: what JSON can hold; None removes it."""
        notes = {**self._notes.get(table, {}), subject: note}
        notes = {name: content for name, content in notes.items() if content is not None}
        path = f"{table.path_in(FOLDER)}{_ENDING}"
        if notes:
            self._storage.put(path, json.dumps(notes).encode())
            self._notes[table] = notes
        elif table in self._notes:
            self._storage.delete_all([path])
            del self._notes[table]
