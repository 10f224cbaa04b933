"""The source database: sessions that write to it, what its tables are at the end, and the texts of its values."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import psycopg

from tests.property.pg_types import EXTENSIONS, OWN_TYPES
from tests.property.sql_text import identifier, literal

SETTINGS = (
    "SET lock_timeout = '30ms'; SET synchronous_commit = off; SET client_min_messages = error; "
    "SET DateStyle = 'ISO, MDY'; SET IntervalStyle = 'postgres'; SET TimeZone = 'UTC'; SET bytea_output = 'hex'"
)
_CONTROL = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT")


@dataclass
class Done:
    """A statement, and what became of it."""

    session: int
    sql: str
    error: str | None

    def __str__(self) -> str:
        shown = self.sql if len(self.sql) < 3_000 else f"{self.sql[:3_000]} … ({len(self.sql)} characters)"
        return f"session {self.session}: {shown};" + (f"  -- {self.error}" if self.error else "")


@dataclass
class WritingSession:
    """One session of a history."""

    number: int
    connection: psycopg.Connection
    log: list[Done] = field(default_factory=list)
    """shared by the sessions of a history"""
    in_transaction: bool = False

    def execute(self, sql: str) -> bool:
        wrapped = self.in_transaction and not sql.startswith(_CONTROL)
        try:
            self.connection.execute(f"SAVEPOINT one; {sql}; RELEASE SAVEPOINT one" if wrapped else sql)
        except psycopg.Error as error:
            if wrapped:
                self.connection.execute("ROLLBACK TO SAVEPOINT one; RELEASE SAVEPOINT one")
            self.log.append(Done(self.number, sql, str(error).split("\n")[0]))
            return False
        self.log.append(Done(self.number, sql, None))
        return True


@dataclass(frozen=True)
class Kind:
    """A column's type, of a domain the type below it."""

    name: str
    """pg_type.typname"""
    modifier: int
    element: Kind | None = None
    delimiter: str = ","

    def __str__(self) -> str:
        return f"{self.element}[]" if self.element else self.name


@dataclass(frozen=True)
class SourceColumn:
    name: str
    kind: Kind
    declared: str
    generated: bool


@dataclass(frozen=True)
class SourceTable:
    """A table at the end of its history."""

    columns: tuple[SourceColumn, ...]
    rows: tuple[tuple[str | None, ...], ...]
    """values as PostgreSQL prints them"""


class Database:
    def __init__(self, url: str) -> None:
        self._url = url
        self.admin = self.connect()

    def connect(self, schema: str | None = None) -> psycopg.Connection:
        connection = psycopg.connect(self._url, autocommit=True, prepare_threshold=None)
        connection.execute(SETTINGS)
        if schema:
            connection.execute(f"SET search_path = {identifier(schema)}, public")
        return connection

    def make_extensions(self) -> list[str]:
        """Those of EXTENSIONS that this server has."""
        there = {name for (name,) in self.admin.execute("SELECT name FROM pg_available_extensions")}
        for name in sorted(there.intersection(EXTENSIONS)):
            self.admin.execute(f"CREATE EXTENSION IF NOT EXISTS {name}")
        return sorted(there.intersection(EXTENSIONS))

    def make_schema(self, name: str) -> None:
        self.admin.execute(f"CREATE SCHEMA {identifier(name)}")
        with self.connect(name) as connection:
            connection.execute(OWN_TYPES)

    @contextmanager
    def schema(self, name: str) -> Iterator[None]:
        self.make_schema(name)
        try:
            yield
        finally:
            self.admin.execute("SET lock_timeout = 0")
            self.admin.execute(f"DROP SCHEMA {identifier(name)} CASCADE")

    def position(self) -> int:
        """Where its log ends."""
        found = self.admin.execute("SELECT (pg_current_wal_insert_lsn() - '0/0')::int8").fetchone()
        assert found is not None
        return found[0]

    def table(self, qualified: str, schema: str) -> SourceTable:
        with self.connect(schema) as connection:
            columns = self._columns(connection, qualified)
            names = ", ".join(identifier(column.name) for column in columns)
            result = connection.execute(f"SELECT {names} FROM {qualified}").pgresult
            rows = tuple(
                tuple(
                    None if (value := result.get_value(row, column)) is None else value.decode()
                    for column in range(len(columns))
                )
                for row in range(result.ntuples)
            )
        return SourceTable(columns, rows)

    def _columns(self, connection: psycopg.Connection, qualified: str) -> tuple[SourceColumn, ...]:
        found = connection.execute(
            "SELECT attname, atttypid, atttypmod, format_type(atttypid, atttypmod), attgenerated <> '' "
            "FROM pg_attribute "
            f"WHERE attrelid = {literal(qualified)}::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum"
        ).fetchall()
        types = _Types(connection)
        return tuple(
            SourceColumn(name, types.kind(oid, modifier), declared, generated)
            for name, oid, modifier, declared, generated in found
        )


class _Types:
    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection
        self._known: dict[int, tuple[str, str, int, int, int, str, str]] = {}

    def kind(self, oid: int, modifier: int) -> Kind:
        name, typtype, base, base_modifier, element, delimiter, subscript = self._type(oid)
        if typtype == "d":
            return self.kind(base, base_modifier if modifier == -1 else modifier)
        if element and subscript == "array_subscript_handler" and name not in ("int2vector", "oidvector"):
            return Kind(name, modifier, self.kind(element, modifier), self._type(element)[5])
        return Kind(name, modifier, None, delimiter)

    def _type(self, oid: int) -> tuple[str, str, int, int, int, str, str]:
        if oid not in self._known:
            found = self._connection.execute(
                "SELECT typname, typtype::text, typbasetype::int8, typtypmod, typelem::int8, typdelim::text, "
                f"typsubscript::text FROM pg_type WHERE oid = {oid}"
            ).fetchone()
            assert found is not None
            self._known[oid] = found
        return self._known[oid]
