"""A round: a schema of random tables, a connector of their own, their histories, and their end states compared."""

from __future__ import annotations

import base64
import json
import shutil
import tempfile
import time
import traceback
from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import Any

import pyarrow.compute as pc

from cdc.lake.column_names import LSN
from tests.property.connector import MARK, Connector
from tests.property.database import Database, Done, SourceTable, WritingSession
from tests.property.histories import History
from tests.property.kafka import Record, Topics
from tests.property.lake import LakeEnd, position, referred, replay, schema_texts, source_table
from tests.property.limits import TRUNCATED_MEANWHILE, unlogged_columns
from tests.property.messages import differences_of_messages
from tests.property.oracle import differences
from tests.property.pg_types import types_for
from tests.property.tables import Table, TableFacts, random_table

_START_SECONDS = 120
_STREAM_SECONDS = 120


@dataclass(frozen=True)
class Plan:
    """What a round is made of; the same numbers make the same statements."""

    seed: str
    tables: int
    steps: int = 25
    only: int | None = None
    """number of the one table to make"""
    keep: str | None = None
    """folder for the lakes of tables that are not as their source"""

    def random(self, *of: Any) -> Random:
        return Random("/".join(map(str, (self.seed, *of))))

    @property
    def numbers(self) -> Sequence[int]:
        return range(self.tables) if self.only is None else [self.only]


@dataclass(frozen=True)
class Middle:
    """A table whose columns changed, before its rows are replaced."""

    source: SourceTable
    position: int
    """where the log ended"""
    rewritten: set[str]
    """columns whose old values may be others in the lake"""


@dataclass
class Found:
    """What became of one table."""

    table: TableFacts
    statements: list[Done]
    differences: list[str]
    source: SourceTable | None = None
    lake: LakeEnd | None = None
    records: list[Record] = field(default_factory=list)


class Round:
    def __init__(  # noqa: PLR0917
        self, plan: Plan, name: str, database: Database, connect_url: str, topics: Topics, extensions: Sequence[str]
    ):
        self._plan = plan
        self._name = name
        self._database = database
        self._topics = topics
        self._types = types_for(extensions)
        self._connector = Connector(connect_url, database, name, name)
        self._logs: dict[int, list[Done]] = {number: [] for number in plan.numbers}
        self._histories: dict[int, History] = {}
        self._middles: dict[int, Middle] = {}
        self.seconds: dict[str, float] = {}

    def run(self, pool: Executor) -> list[Future[Found]]:
        """Raises what keeps the whole round from being compared, such as a failed connector."""
        tables = {
            number: random_table(self._plan.random(number, "table"), number, self._name, self._types)
            for number in self._plan.numbers
        }
        generated = tuple(
            (table.name, column.name) for table in tables.values() for column in table.columns if column.generated
        )
        self._connector = replace(self._connector, generated=generated)
        with self._database.schema(self._name):
            self._database.admin.execute(f"CREATE TABLE {self._connector.signals} (id text, type text, data text)")
            early = [table for table in tables.values() if table.arrives == "initial"]
            late = [table for table in tables.values() if table.arrives != "initial"]
            self._timed("tables", self._make, early)
            if not early:
                self._database.admin.execute(f'CREATE TABLE "{self._name}".first (id integer PRIMARY KEY)')
            started = time.monotonic()
            try:
                with self._connector.running(_START_SECONDS):
                    # Debezium takes a notification for a finished snapshot if it is started again too early.
                    self._await(self._connector.notification_topic, _is_end_of("Initial Snapshot", 0))
                    self.seconds["connector"] = time.monotonic() - started
                    self._timed("tables", self._make, late)
                    self._timed("added", self._add, late)
                    self._timed("histories", self._write, list(tables.values()))
                    self._timed("stream", self._await_end, late)
                    records = self._timed("read", self._read)
                    sources = {
                        number: self._database.table(table.qualified, self._name) for number, table in tables.items()
                    }
            finally:
                self._topics.remove(self._name)
        schemas = schema_texts(records.pop(self._connector.schema_topic, []))
        by_table: dict[str, list[Record]] = defaultdict(list)
        for of_topic in records.values():
            for record in of_topic:
                if name := source_table(record):
                    by_table[name].append(record)
        return [
            pool.submit(
                compare,
                self._plan,
                table.facts,
                self._logs[number],
                sources[number],
                self._histories[number].changed_columns,
                self._middles.get(number),
                by_table[table.name],
                referred(by_table[table.name], schemas),
            )
            for number, table in tables.items()
        ]

    def statements(self, table: int) -> list[Done]:
        """So far."""
        return self._logs[table]

    def _timed(self, what: str, call: Callable, *args: Any) -> Any:
        started = time.monotonic()
        try:
            return call(*args)
        finally:
            self.seconds[what] = self.seconds.get(what, 0) + time.monotonic() - started

    def _make(self, tables: Sequence[Table]) -> None:
        with self._database.connect(self._name) as connection:
            for table in tables:
                session = WritingSession(0, connection, self._logs[table.number])
                for sql in table.ddl():
                    if not session.execute(sql):
                        raise RuntimeError(f"table {table.number} of seed {self._plan.seed}: {session.log[-1]}")
                history = History(self._plan.random(table.number, "history"), table, self._types)
                history.rows_before(session)
                self._histories[table.number] = history

    def _add(self, tables: Sequence[Table]) -> None:
        """The rows of tables that were made while the connector ran; those of chunks come while the histories go on."""
        if not tables:
            return
        self._connector.restart(_START_SECONDS)
        if names := [table.name for table in tables if table.arrives == "blocking"]:
            asked = time.time()
            self._connector.snapshot(names, "blocking")
            self._await(self._connector.notification_topic, _is_end_of("Initial Snapshot", asked))
        if names := [table.name for table in tables if table.arrives == "incremental"]:
            self._connector.snapshot(names, "incremental")

    def _write(self, tables: Sequence[Table]) -> None:
        connections = [self._database.connect(self._name) for _ in range(3)]
        try:
            for table in tables:
                random = self._plan.random(table.number, "sessions")
                count = random.choice([1, 1, 2, 3])
                log = self._logs[table.number]
                sessions = [WritingSession(number, connections[number], log) for number in range(count)]
                history = self._histories[table.number]
                history.run(sessions, random.randint(3, self._plan.steps * 2))
                if history.changed_columns:
                    # Rows that are read in chunks come whenever they come.
                    if table.arrives != "incremental":
                        source = self._database.table(table.qualified, self._name)
                        self._middles[table.number] = Middle(source, self._database.position(), history.rewritten)
                    history.replace_rows(sessions[0])
        finally:
            for connection in connections:
                connection.close()

    def _await_end(self, tables: Sequence[Table]) -> None:
        """Until all is in Kafka."""
        if any(table.arrives == "incremental" for table in tables):
            self._await(self._connector.notification_topic, _is_end_of("Incremental Snapshot", 0))
        self._database.admin.execute(f"SELECT pg_logical_emit_message(true, '{MARK}', '{self._name}')")
        self._await(self._connector.message_topic, _is_mark_of(self._name))

    def _await(self, topic: str, is_it: Callable[[Record], bool]) -> None:
        self._topics.wait_for(topic, is_it, _STREAM_SECONDS, self._check)

    def _check(self) -> None:
        if (state := self._connector.state()) != "RUNNING":
            raise RuntimeError(f"connector {self._name}: {state}")

    def _read(self) -> dict[str, list[Record]]:
        own = {self._connector.message_topic, self._connector.notification_topic}
        by_topic: dict[str, list[Record]] = defaultdict(list)
        for record in self._topics.read(name for name in self._topics.of(self._name) if name not in own):
            by_topic[record.topic].append(record)
        return by_topic


def _is_mark_of(name: str) -> Callable[[Record], bool]:
    """Messages are the whole database's: other rounds' marks come as well."""

    def is_mark(record: Record) -> bool:
        message = json.loads(record.value)["payload"]["message"]
        return message["prefix"] == MARK and base64.b64decode(message["content"]).decode() == name

    return is_mark


def _is_end_of(snapshot: str, after: float) -> Callable[[Record], bool]:
    """after: seconds since 1970."""

    def is_end(record: Record) -> bool:
        payload = json.loads(record.value)["payload"]
        found = payload["aggregate_type"], payload["type"]
        return found == (snapshot, "COMPLETED") and payload["timestamp"] >= after * 1000

    return is_end


def compare(  # noqa: PLR0917
    plan: Plan,
    table: TableFacts,
    statements: list[Done],
    source: SourceTable,
    changed_columns: bool,
    middle: Middle | None,
    records: list[Record],
    schemas: dict[str, str],
) -> Found:
    """In another process: the records through the lake, and its end state beside the source's."""
    random = plan.random(table.number, "lake")
    found = Found(table, statements, [], source, None, records)
    with tempfile.TemporaryDirectory(prefix="cdc-property-", dir=_memory()) as folder:
        try:
            ends = replay(random, _parts(records, middle), schemas, table.lake_key, Path(folder))
            found.lake = ends[-1]
            if middle:
                found.differences = differences_before(middle, ends[0])
            unlogged = unlogged_columns(found.lake.letters) if table.arrives == "incremental" else set()
            if table.arrives == "incremental" and TRUNCATED_MEANWHILE in (found.lake.needs_rows or ""):
                return Found(table, [done for done in statements if done.error], [], None, None)
            if found.lake.needs_rows and not changed_columns and not unlogged:
                found.differences = [f"its columns never changed, but it needs its rows: {found.lake.needs_rows}"]
            rows = found.lake.table
            if middle and rows and "no value in the key" in (found.lake.needs_rows or ""):
                rows = rows.filter(pc.fill_null(pc.greater_equal(rows[LSN], middle.position), False))
            found.differences += differences(source, rows, unsure=unlogged.__contains__)
        except Exception:
            found.differences = [f"the lake failed:\n{traceback.format_exc(limit=-8)}"]
        if found.differences:
            of_messages = differences_of_messages(source, records, table.lake_key)[:5]
            found.differences += [f"already so in Kafka: {text}" for text in of_messages]
        if found.differences and plan.keep:
            shutil.copytree(
                folder, Path(plan.keep) / f"{plan.seed.replace('/', '-')}-{table.number}", dirs_exist_ok=True
            )
    if found.differences:
        return found
    return Found(table, [done for done in statements if done.error], [], None, None)


def _parts(records: list[Record], middle: Middle | None) -> list[list[Record]]:
    if middle is None:
        return [records]
    later = (at for at, record in enumerate(records) if (position(record) or 0) >= middle.position)
    cut = next(later, len(records))
    return [records[:cut], records[cut:]]


_ROWS_ARE_OTHERS = ("without a key", "its key was", "earlier rows are missing", "dead letters", "no value in the key")
"""in the reasons why a table needs its rows, where it is not about values of columns alone"""


def differences_before(middle: Middle, lake: LakeEnd) -> list[str]:
    """After changes of columns all is as in the source, but what the table says that it lacks."""
    reason = lake.needs_rows or ""
    if any(words in reason for words in _ROWS_ARE_OTHERS):
        return []
    found = differences(middle.source, lake.table, unsure=lambda name: name in middle.rewritten or (name in reason))
    return [f"before its rows were replaced (needs rows: {reason or 'no'}): {text}" for text in found]


def _memory() -> str | None:
    return "/dev/shm" if Path("/dev/shm").is_dir() else None
