"""A random history of one table: statements of several sessions, as PostgreSQL lets them be."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from random import Random
from typing import Protocol

from tests.property.pg_types import PgType
from tests.property.sql_text import identifier
from tests.property.tables import Column, Table


class Session(Protocol):
    in_transaction: bool

    def execute(self, sql: str) -> bool:
        """Whether PostgreSQL took it; a failed statement leaves the transaction as it was."""
        ...


Shape = tuple[list[Column], list[str]]
"""columns, and the names of those in the key"""


class History:
    """Writes to one table. What it does depends on the random numbers, and on which statements PostgreSQL takes."""

    def __init__(self, random: Random, table: Table, types: list[PgType]) -> None:
        self._random = random
        self._table = table
        self._types = types
        self.columns = [copy(column) for column in table.columns]
        self.key = list(table.key)
        self._undo: dict[int, list[tuple[str, Shape]]] = {}
        self.changed_columns = False
        self._used: set[str] = set()
        """names that columns had or were given"""
        # Its columns' last change has to be followed by a change of a row, which a table without identity may refuse.
        self._ddl = random.random() < 0.4 and table.replica_identity != "NOTHING"
        self._large = random.random() < 0.5

    def rows_before(self, session: Session) -> None:
        for _ in range(self._random.choice([0, 1, 3, 6])):
            session.execute(self._insert())

    def run(self, sessions: list[Session], steps: int) -> None:
        for _ in range(steps):
            self._step(self._random.randrange(len(sessions)), sessions)
        for number, session in enumerate(sessions):
            self._end(number, session, "COMMIT" if self._random.random() < 0.8 else "ROLLBACK")
        if self.changed_columns:
            # The connector learns of a change of columns with the next change of a row.
            one = f"WHERE ctid = (SELECT ctid FROM {self._table.qualified} LIMIT 1)"
            names = [identifier(column.name) for column in self._writable()]
            change = f"UPDATE {self._table.qualified} SET {names[0]} = {names[0]}" if names else self._delete_all()
            sessions[0].execute(f"{change} {one}")

    @property
    def rewritten(self) -> set[str]:
        """Columns whose old values the lake cannot know, nor that it does not know them."""
        return {column.name for column in self.columns if column.is_rewritten}

    def replace_rows(self, session: Session) -> None:
        """What mends all that a change of columns did to old rows."""
        session.execute(self._delete_all())
        for _ in range(4):
            session.execute(self._insert())

    # ------------------------------------------------------------------ steps

    def _step(self, number: int, sessions: list[Session]) -> None:
        session, random = sessions[number], self._random
        chance = random.random()
        if session.in_transaction:
            if chance < 0.15:
                return self._end(number, session, "COMMIT" if random.random() < 0.75 else "ROLLBACK")
            if chance < 0.22:
                return self._savepoint(number, session)
            if chance < 0.28:
                return self._rollback_to_savepoint(number, session)
        elif chance < 0.3:
            session.execute("BEGIN")
            session.in_transaction = True
            self._undo[number] = []
            return None
        if self._ddl and random.random() < 0.15:
            return self._change_columns(number, session)
        session.execute(self._statement())
        return None

    def _end(self, number: int, session: Session, how: str) -> None:
        if not session.in_transaction:
            return
        # A deferred constraint may turn a COMMIT into a ROLLBACK.
        if not session.execute(how) or how == "ROLLBACK":
            self._restore(number, 0)
        self._undo[number] = []
        session.in_transaction = False

    def _savepoint(self, number: int, session: Session) -> None:
        if session.execute("SAVEPOINT mine"):
            self._undo[number].append(("savepoint", self._shape))

    def _rollback_to_savepoint(self, number: int, session: Session) -> None:
        marks = [at for at, (kind, _) in enumerate(self._undo[number]) if kind == "savepoint"]
        if marks and session.execute("ROLLBACK TO SAVEPOINT mine"):
            self._restore(number, marks[-1])
            self._undo[number].append(("savepoint", self._shape))

    @property
    def _shape(self) -> Shape:
        return list(self.columns), list(self.key)

    def _restore(self, number: int, mark: int) -> None:
        undone = self._undo[number][mark:]
        del self._undo[number][mark:]
        changes = [shape for kind, shape in undone if kind == "columns"]
        if changes:
            self.columns, self.key = changes[0]

    # ------------------------------------------------------------------ rows

    def _statement(self) -> str:
        make: list[tuple[int, Callable[[], str]]] = [
            (30, self._insert),
            (30, self._update),
            (6, self._update_all),
            (10, self._move_key),
            (3, self._swap_keys),
            (12, self._delete),
            (2, self._delete_all),
            (2, lambda: f"TRUNCATE {self._table.qualified}"),
            (5, self._touch),
        ]
        return self._random.choices([call for _, call in make], [weight for weight, _ in make])[0]()

    def _insert(self) -> str:
        random, pool = self._random, self._table.pool
        count = 1 if random.random() < 0.7 else min(len(pool), 4)
        keys = random.sample(pool, count)
        free = [column for column in self.columns if column.name not in self.key and not column.generated]
        named = [column for column in free if column.default is None or random.random() < 0.6]
        names = [*self.key, *(column.name for column in named)]
        rows = [", ".join([*key, *(self._value(column) for column in named)]) for key in keys]
        overriding = " OVERRIDING SYSTEM VALUE" if any(column.identity for column in self.columns) else ""
        conflict = ""
        if not self._table.deferrable:
            target = ", ".join(map(identifier, self.key))
            conflict = f" ON CONFLICT ({target}) DO NOTHING"
            if named and len(keys) == 1 and random.random() < 0.4:
                one = identifier(random.choice(named).name)
                conflict = f" ON CONFLICT ({target}) DO UPDATE SET {one} = excluded.{one}"
        columns = ", ".join(map(identifier, names))
        values = ", ".join(f"({row})" for row in rows)
        return f"INSERT INTO {self._table.qualified} ({columns}){overriding} VALUES {values}{conflict}"

    def _value(self, column: Column) -> str:
        if not column.not_null and self._random.random() < 0.2:
            return "NULL"
        return column.type.literal(self._random, self._large and self._random.random() < 0.4)

    def _writable(self) -> list[Column]:
        return [
            column for column in self.columns if not (column.generated or column.identity or column.name in self.key)
        ]

    def _update(self) -> str:
        if not self._writable():
            return self._move_key()
        return f"{self._setting(self._random.randint(1, 2))} WHERE {self._is(self._random.choice(self._table.pool))}"

    def _update_all(self) -> str:
        return self._setting(1) if self._writable() else self._touch()

    def _setting(self, count: int) -> str:
        chosen = self._random.sample(self._writable(), min(count, len(self._writable())))
        parts = ", ".join(f"{identifier(column.name)} = {self._value(column)}" for column in chosen)
        return f"UPDATE {self._table.qualified} SET {parts}"

    def _touch(self) -> str:
        """An update that changes nothing: values out of the row are not logged again."""
        name = identifier(self.key[0])
        return f"UPDATE {self._table.qualified} SET {name} = {name}"

    def _move_key(self) -> str:
        old, new = self._random.choice(self._table.pool), self._random.choice(self._table.pool)
        parts = [f"{identifier(name)} = {value}" for name, value in zip(self.key, new, strict=True)]
        if self._writable() and self._random.random() < 0.3:
            column = self._random.choice(self._writable())
            parts.append(f"{identifier(column.name)} = {self._value(column)}")
        return f"UPDATE {self._table.qualified} SET {', '.join(parts)} WHERE {self._is(old)}"

    def _swap_keys(self) -> str:
        """In one statement: works where the constraint can be deferred, and with whole numbers that move on."""
        first, second = self._random.choice(self._table.pool), self._random.choice(self._table.pool)
        parts = ", ".join(
            f"{identifier(name)} = CASE WHEN {self._is(first)} THEN {two} ELSE {one} END"
            for name, one, two in zip(self.key, first, second, strict=True)
        )
        return f"UPDATE {self._table.qualified} SET {parts} WHERE {self._is(first)} OR {self._is(second)}"

    def _delete(self) -> str:
        return f"DELETE FROM {self._table.qualified} WHERE {self._is(self._random.choice(self._table.pool))}"

    def _delete_all(self) -> str:
        return f"DELETE FROM {self._table.qualified}"

    def _is(self, key: tuple[str, ...]) -> str:
        return "(" + " AND ".join(
            f"{identifier(name)} = {value}" for name, value in zip(self.key, key, strict=True)
        ) + ")"  # fmt: skip

    # ------------------------------------------------------------------ columns

    def _change_columns(self, number: int, session: Session) -> None:
        random = self._random
        kinds = [self._add, self._add, self._drop, self._rename, self._retype, self._retype, self._default]
        change = random.choice([*kinds, self._not_null, self._rename_key])()
        if change is None:
            return
        sql, columns = change
        before = self._shape
        if session.execute(f"ALTER TABLE {self._table.qualified} {sql}"):
            if session.in_transaction:
                self._undo[number].append(("columns", before))
            # What is in the key stays there under another name.
            places = [[column.name for column in self.columns].index(name) for name in self.key]
            if len(columns) == len(self.columns):
                self.key = [columns[place].name for place in places]
            self.columns = columns
            self.changed_columns = True

    def _add(self) -> tuple[str, list[Column]] | None:
        name = f"added {self._random.randint(0, 3)}"
        if any(column.name == name for column in self.columns):
            return None
        column = Column(name, self._random.choice(self._types), is_rewritten=name in self._used)
        self._used.add(name)
        if column.type.constant and self._random.random() < 0.35:
            column.default = column.type.literal(self._random)
            column.not_null = self._random.random() < 0.3
        return f"ADD COLUMN {column.definition}", [*self.columns, column]

    def _droppable(self) -> list[Column]:
        generated = "".join(column.generated or "" for column in self.columns)
        return [
            column
            for column in self.columns
            if column.name not in self.key and identifier(column.name) not in generated and not column.generated
        ]

    def _drop(self) -> tuple[str, list[Column]] | None:
        if not self._droppable():
            return None
        gone = self._random.choice(self._droppable())
        return f"DROP COLUMN {identifier(gone.name)}", [column for column in self.columns if column is not gone]

    def _rename(self) -> tuple[str, list[Column]] | None:
        if not self._droppable():
            return None
        return self._renamed(self._random.choice(self._droppable()))

    def _rename_key(self) -> tuple[str, list[Column]] | None:
        generated = "".join(column.generated or "" for column in self.columns)
        names = [name for name in self.key if identifier(name) not in generated]
        # The lake is told of another key than the primary one by name.
        if not names or not self._table.primary or self._random.random() < 0.5:
            return None
        name = self._random.choice(names)
        return self._renamed(next(column for column in self.columns if column.name == name))

    def _renamed(self, old: Column) -> tuple[str, list[Column]] | None:
        name = self._random.choice(["renamed", f"renamed {len(self._used)}", old.name.swapcase()])
        if any(column.name.lower() == name.lower() for column in self.columns if column is not old):
            return None
        new = copy(old)
        new.name = name
        new.is_rewritten = old.is_rewritten or name in self._used
        self._used |= {name, old.name}
        return f"RENAME COLUMN {identifier(old.name)} TO {identifier(name)}", self._with(old, new)

    def _retype(self) -> tuple[str, list[Column]] | None:
        candidates = [(column, *change) for column in self._droppable() for change in self._next_types(column)]
        if not candidates:
            return None
        old, kind, using, is_kept = self._random.choice(candidates)
        new = copy(old)
        new.type, new.default = kind, None
        new.is_rewritten = old.is_rewritten or not is_kept
        name = identifier(old.name)
        drop = f"ALTER COLUMN {name} DROP DEFAULT, " if old.default is not None else ""
        return f"{drop}ALTER COLUMN {name} TYPE {kind.sql} USING {using.format(name)}", self._with(old, new)

    def _next_types(self, column: Column) -> list[tuple[PgType, str, bool]]:
        """Types, expressions that make values of them, and whether the lake makes the same of old values."""
        wider = {
            "smallint": ["integer", "bigint", "real", "numeric"],
            "integer": ["bigint", "double precision", "numeric(20)"],
            "bigint": ["numeric"],
            "real": ["double precision"],
            "numeric(10,2)": ["numeric(38,10)", "numeric"],
            "varchar(12)": ["text", "varchar"],
            "text": ["varchar"],
            "integer[]": ["bigint[]"],
        }
        by_name = {kind.sql: kind for kind in self._types}
        found = [(by_name[name], f"{{}}::{name}", True) for name in wider.get(column.type.sql, []) if name in by_name]
        found.append((by_name["text"], "{}::text", False))
        found.append((by_name["jsonb"], "to_jsonb({})", False))
        any_type = self._random.choice(self._types)
        found.append((any_type, f"{{}}::text::{any_type.sql.split(' COLLATE ')[0]}", False))
        constant = any_type.literal(self._random).replace("{", "{{").replace("}", "}}")
        found.append((any_type, f"CASE WHEN {{}} IS NOT NULL THEN {constant} END", False))
        if not column.type.sql.endswith("]") and f"{column.type.sql}[]" in by_name:
            found.append((by_name[f"{column.type.sql}[]"], "ARRAY[{}]", False))
        return [change for change in found if change[0].sql != column.type.sql]

    def _default(self) -> tuple[str, list[Column]] | None:
        if not self._droppable():
            return None
        old = self._random.choice(self._droppable())
        new = copy(old)
        if old.default is None and not old.type.constant:
            return None
        if old.default is None:
            new.default = old.type.literal(self._random)
            return f"ALTER COLUMN {identifier(old.name)} SET DEFAULT {new.default}", self._with(old, new)
        new.default = None
        return f"ALTER COLUMN {identifier(old.name)} DROP DEFAULT", self._with(old, new)

    def _not_null(self) -> tuple[str, list[Column]] | None:
        if not self._droppable():
            return None
        old = self._random.choice(self._droppable())
        new = copy(old)
        new.not_null = not old.not_null
        return f"ALTER COLUMN {identifier(old.name)} {'DROP' if old.not_null else 'SET'} NOT NULL", self._with(old, new)

    def _with(self, old: Column, new: Column) -> list[Column]:
        return [new if column is old else column for column in self.columns]
