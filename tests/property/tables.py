"""Random tables. Pure: what is made depends on the random numbers alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from tests.property.pg_types import PgType, one_dimensional
from tests.property.sql_text import identifier

_TABLE_NAMES = [
    "orders",
    "Orders",
    "with blank",
    "ümlaut",
    'quo"te',
    "dollar$",
    "a-b",
    "select",
    "dot.ted",
    "_x",
    "UPPER",
]
_COLUMN_NAMES = [
    *["name", "Name 2", "select", "order", "ünï", 'qu"ote', "a.b", "with,comma", "x;y", "{z}", "tab(1)", "_id", "n=1"],
    *["payload", "before", "op", "ID2", "lsn", "ts_ms", "100%", "a b  c", "key"],
]

ARRIVALS = ("initial", "initial", "incremental", "blocking")
"""what reads its first rows: the connector's first snapshot, or one of the others, when it was added later"""


@dataclass
class Column:
    name: str
    type: PgType
    not_null: bool = False
    default: str | None = None
    """an SQL expression"""
    generated: str | None = None
    """stored: an SQL expression"""
    identity: str | None = None
    """ALWAYS or BY DEFAULT"""
    plain_storage: bool = False
    """large values are kept out of the row uncompressed"""
    is_rewritten: bool = False
    """whether its history made values of old rows others in a way that the log may not show (docs/lake-tables.md)"""

    @property
    def definition(self) -> str:
        parts = [identifier(self.name), self.type.sql]
        if self.generated:
            parts.append(f"GENERATED ALWAYS AS ({self.generated}) STORED")
        elif self.identity:
            parts.append(f"GENERATED {self.identity} AS IDENTITY")
        elif self.default is not None:
            parts.append(f"DEFAULT {self.default}")
        if self.not_null and not self.identity:
            parts.append("NOT NULL")
        return " ".join(parts)


@dataclass(frozen=True)
class TableFacts:
    """What the comparison and the report need, also in another process."""

    number: int
    name: str
    arrives: str
    replica_identity: str
    lake_key: tuple[str, ...]
    """columns that the lake is told to take for the key; empty for the primary key"""


@dataclass
class Table:
    number: int
    schema: str
    name: str
    columns: list[Column]
    key: list[str]
    primary: bool
    """whether the key is the primary key; else a unique index, and named to the lake as its key"""
    deferrable: bool
    replica_identity: str
    arrives: str
    pool: list[tuple[str, ...]] = field(default_factory=list)
    """key values that its histories use, as SQL"""

    @property
    def qualified(self) -> str:
        return f"{identifier(self.schema)}.{identifier(self.name)}"

    @property
    def facts(self) -> TableFacts:
        key = () if self.primary else tuple(self.key)
        return TableFacts(self.number, self.name, self.arrives, self.replica_identity, key)

    def ddl(self) -> list[str]:
        key = ", ".join(map(identifier, self.key))
        parts = [column.definition for column in self.columns]
        if self.primary:
            parts.append(f"PRIMARY KEY ({key})" + (" DEFERRABLE INITIALLY IMMEDIATE" if self.deferrable else ""))
        made = [f"CREATE TABLE {self.qualified} ({', '.join(parts)})"]
        index = f"{identifier(f'key of {self.number}')}"
        if not self.primary:
            made.append(f"CREATE UNIQUE INDEX {index} ON {self.qualified} ({key})")
        for column in self.columns:
            if column.plain_storage:
                made.append(f"ALTER TABLE {self.qualified} ALTER COLUMN {identifier(column.name)} SET STORAGE EXTERNAL")
        if self.replica_identity == "INDEX":
            made.append(f"ALTER TABLE {self.qualified} REPLICA IDENTITY USING INDEX {index}")
        elif self.replica_identity != "DEFAULT":
            made.append(f"ALTER TABLE {self.qualified} REPLICA IDENTITY {self.replica_identity}")
        return made

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)


_CHUNK_KEYS = {
    *("smallint", "integer", "bigint", "text", "text COLLATE any_case", "varchar", "varchar(12)", "char(5)", "char(1)"),
    *("citext", "uuid", "date", "timestamp", "timestamp(0)", "timestamp(3)", "timestamptz", "timestamptz(3)"),
    *("short_text", "positive", "small_positive", "moment"),
}


def incremental(key: Sequence[Column]) -> bool:
    """Whether `up` lets an incremental snapshot read a table in chunks by its key (snapshot-kind.ts)."""
    return all(column.type.sql in _CHUNK_KEYS for column in key)


def random_table(random: Random, number: int, schema: str, types: Sequence[PgType]) -> Table:
    names = random.sample(_COLUMN_NAMES, k=len(_COLUMN_NAMES))
    key = _key_columns(random, names, types)
    columns = [*key, *(_column(random, names.pop(), types) for _ in range(random.randint(0, 9)))]
    generated = random.random() < 0.08
    if generated:
        columns.append(_generated(random, names.pop(), columns))
    random.shuffle(columns)
    primary = random.random() < 0.85
    deferrable = primary and random.random() < 0.15
    identity = _replica_identity(random, primary, deferrable)
    if random.random() < 0.3:
        for column in columns:
            column.plain_storage = column.type.large is not None
    name = f"{random.choice(_TABLE_NAMES)} {number}" if random.random() < 0.5 else f"t{number}"
    arrives = random.choice(ARRIVALS)
    if arrives == "incremental" and not (primary and incremental(key) and name.isidentifier()):
        arrives = "blocking"
    table = Table(
        number,
        schema,
        name,
        columns,
        [column.name for column in key],
        primary,
        deferrable,
        identity,
        arrives,
    )
    seen = {tuple(column.type.literal(random) for column in key) for _ in range(random.randint(2, 8))}
    table.pool = sorted(seen)
    return table


def _key_columns(random: Random, names: list[str], types: Sequence[PgType]) -> list[Column]:
    count = random.choice([1, 1, 1, 2, 3])
    if random.random() < 0.4:
        kinds = [next(kind for kind in types if kind.sql == "integer")]
    else:
        kinds = [random.choice([kind for kind in types if kind.key]) for _ in range(count)]
    columns = [Column(name, kind, not_null=True) for name, kind in zip(names, kinds, strict=False)]
    del names[: len(columns)]
    if len(columns) == 1 and kinds[0].sql in ("smallint", "integer", "bigint") and random.random() < 0.3:
        columns[0].identity = random.choice(["BY DEFAULT", "ALWAYS"])
    return columns


def _column(random: Random, name: str, types: Sequence[PgType]) -> Column:
    kind = random.choice(types)
    if kind.sql.endswith("[]") and random.random() < 0.7:
        kind = one_dimensional(kind)
    column = Column(name, kind, not_null=random.random() < 0.25)
    if kind.constant and random.random() < 0.2:
        column.default = kind.literal(random)
    return column


def _generated(random: Random, name: str, columns: Sequence[Column]) -> Column:
    of = random.choice([column for column in columns if not column.generated])
    expression = f"CASE WHEN {identifier(of.name)} IS NULL THEN 1 ELSE 2 END"
    return Column(name, PgType("integer", lambda random: "0"), generated=expression)


def _replica_identity(random: Random, primary: bool, deferrable: bool) -> str:
    if not primary:
        return random.choice(["FULL", "INDEX"])
    if deferrable:
        return "FULL"  # PostgreSQL takes no deferrable key for one.
    return random.choice(
        ["DEFAULT", "DEFAULT", "FULL", "FULL", "NOTHING"] if random.random() < 0.3 else ["DEFAULT", "FULL"]
    )
