"""The types of random columns: PostgreSQL's own, those of usual extensions, and some that users make."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

from tests.property import values as v
from tests.property.sql_text import literal
from tests.property.values import Make


@dataclass(frozen=True)
class PgType:
    sql: str
    value: Make
    large: Make | None = None
    """values that PostgreSQL moves out of the row; None: the type has none"""
    key: bool = False
    """whether it can be (part of) a primary key"""
    array: bool = True
    """whether columns have arrays of it"""
    extension: str | None = None
    constant: bool = True
    """whether its values can be a column's DEFAULT"""

    def literal(self, random: Random, large: bool = False) -> str:
        return literal(
            self.large(random) if large and self.large else self.value(random), self.sql.split(" COLLATE ")[0]
        )


EXTENSIONS = ("hstore", "citext", "ltree", "vector")

MOODS = ["ok", "so so", "it's", "NULL", '{"x"}', "ä,b", "A", "a", "0"]

OWN_TYPES = f"""
CREATE TYPE mood AS ENUM ({", ".join(map(literal, MOODS))});
CREATE TYPE place AS (street text, no integer, since timestamptz, tags text[], price numeric);
CREATE TYPE visit AS (at place, feeling mood, "odd name" bytea);
CREATE DOMAIN short_text AS varchar(12);
CREATE DOMAIN price AS numeric(8,2) CHECK (value IS NULL OR value <> 0.77);
CREATE DOMAIN any_number AS numeric;
CREATE DOMAIN positive AS integer CHECK (value > 0);
CREATE DOMAIN small_positive AS positive CHECK (value < 1000000);
CREATE DOMAIN numbers AS integer[];
CREATE DOMAIN moment AS timestamptz;
CREATE DOMAIN feeling AS mood;
CREATE DOMAIN raw AS bytea;
CREATE DOMAIN spot AS place;
CREATE TYPE floatrange AS RANGE (subtype = float8);
CREATE TYPE textrange AS RANGE (subtype = text);
CREATE COLLATION any_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
"""
"""made in the schema of the tables"""


def _whole_range(sql: str, low: int, high: int) -> tuple[PgType, PgType]:
    one = v.range_of(lambda random: str(random.randint(low, high)), int)
    return _ranges(sql, one)


def _ranges(sql: str, one: Make) -> tuple[PgType, PgType]:
    """A range type and the multirange type of it."""
    return (
        PgType(sql, one, key=True),
        PgType(sql.replace("range", "multirange"), v.several(one), v.several(one, 600), key=True),
    )


def _number_order(text: str) -> float:
    return float(text)


def _plain_decimal(random: Random) -> str:
    return random.choice(["-1.50", "0", "1", "1.0", "1.00", "2.5", "1e3", "12300"])


def _place(random: Random) -> str:
    return v.row_of(v.text, v.whole(32), v.zoned_timestamp, v.array_of(v.text), v.any_decimal)(random)


def _large_place(random: Random) -> str:
    return v.row_of(v.large_text, v.whole(32), v.zoned_timestamp, v.array_of(v.text), v.any_decimal)(random)


def _plain_types() -> list[PgType]:
    small_vector, long_vector = v.vector(3), v.vector(800)
    return [
        PgType("boolean", v.one_of(["true", "false"]), key=True),
        PgType("smallint", v.whole(16), key=True),
        PgType("integer", v.whole(32), key=True),
        PgType("bigint", v.whole(64), key=True),
        PgType("oid", v.one_of(["0", "1", "4294967295"]), key=True),
        PgType("real", v.floating(6, ["1e-45", "3.4028235e38", "1.1754944e-38"]), key=True),
        PgType("double precision", v.floating(15, ["5e-324", "1.7976931348623157e308", "9007199254740993"]), key=True),
        PgType("numeric", v.any_decimal, v.large_decimal, key=True),
        PgType("numeric(10,2)", v.decimal(10, 2), key=True),
        PgType("numeric(38,10)", v.decimal(38, 10), key=True),
        PgType("numeric(50,20)", v.decimal(50, 20), key=True),
        PgType("numeric(1000,500)", v.decimal(1000, 500)),
        PgType("numeric(5,-2)", v.decimal(5, -2), key=True),
        PgType("numeric(3,5)", v.decimal(3, 5), key=True),
        PgType("numeric(20)", v.decimal(20, 0), key=True),
        PgType("money", v.money, key=True),
        PgType("text", v.text, v.large_text, key=True),
        PgType('text COLLATE any_case', v.one_of(["A", "a", "b", "B", "ä", "Ä"]), key=True, array=False),
        PgType("varchar", v.text, v.large_text, key=True),
        PgType("varchar(12)", lambda random: v.text(random, 12), key=True),
        PgType("char(5)", lambda random: v.text(random, 5), key=True),
        PgType("char(1)", lambda random: v.text(random, 1), key=True),
        PgType('"char"', v.one_of(["a", "Z", "0", " "]), key=True),
        PgType("name", lambda random: v.text(random, 15), key=True),
        PgType("bytea", v.binary, lambda random: v.binary(random, v.LARGE), key=True),
        PgType("date", v.date, key=True),
        PgType("time", v.time, key=True),
        PgType("time(2)", v.time, key=True),
        PgType("timetz", v.zoned_time, key=True),
        PgType("timestamp", v.timestamp, key=True),
        PgType("timestamp(0)", v.timestamp, key=True),
        PgType("timestamp(3)", v.timestamp, key=True),
        PgType("timestamptz", v.zoned_timestamp, key=True),
        PgType("timestamptz(3)", v.zoned_timestamp, key=True),
        PgType("interval", v.interval, key=True),
        PgType("interval year to month", v.one_of(["1 year 2 mons", "-5 mons", "0"])),
        PgType("uuid", v.uuid, key=True),
        PgType("json", v.json_text, v.large_json),
        PgType("jsonb", v.json_text, v.large_json, key=True),
        PgType("xml", v.xml, lambda random: f"<a>{v.large_text(random)}</a>"),
        PgType("inet", v.one_of(["10.0.0.1", "10.0.0.1/8", "::1", "2001:db8::/64", "::ffff:1.2.3.4"]), key=True),
        PgType("cidr", v.one_of(["10.0.0.0/8", "192.168.1.1", "2001:db8::/64"]), key=True),
        PgType("macaddr", v.one_of(["08:00:2b:01:02:03", "ff:ff:ff:ff:ff:ff"]), key=True),
        PgType("macaddr8", v.one_of(["08:00:2b:01:02:03:04:05", "00:00:00:00:00:00:00:00"]), key=True),
        PgType("bit(1)", v.bits(1, 1), key=True),
        PgType("bit(5)", v.bits(5, 5), key=True),
        PgType("bit(64)", v.bits(64, 64), key=True),
        PgType("bit varying(20)", v.bits(0, 20), key=True),
        PgType("bit varying", v.bits(0, 70), v.bits(9 * v.LARGE, 9 * v.LARGE), key=True),
        PgType("point", v.point),
        PgType("line", v.line),
        PgType("lseg", lambda random: f"[{v.points(random, 2)}]"),
        PgType("box", lambda random: v.points(random, 2)),
        PgType("path", v.path, lambda random: v.path(random, 300)),
        PgType("polygon", lambda random: f"({v.points(random)})", lambda random: f"({v.points(random, 300)})"),
        PgType("circle", v.circle),
        PgType("tsvector", v.words, lambda random: v.words(random, 400), key=True),
        PgType("tsquery", v.one_of(["'a' & 'b'", "'a' & ( 'b' | !'c' )", "'it''s':*A"]), key=True),
        PgType("pg_lsn", v.one_of(["16/B374D848", "0/0", "FFFFFFFF/FFFFFFFF"]), key=True),
        PgType("jsonpath", v.one_of(["$.a[*]", '$."a b" ? (@ > 1)', "strict $"])),
        PgType("xid", v.one_of(["0", "4294967295"])),
        PgType("xid8", v.one_of(["0", "18446744073709551615"]), key=True),
        PgType("cid", v.one_of(["0", "7"])),
        PgType("tid", v.one_of(["(0,1)", "(4294967295,65535)"]), key=True),
        PgType("pg_snapshot", v.one_of(["10:20:10,14,15", "1:1:"])),
        PgType("regclass", v.one_of(["pg_class", "pg_catalog.pg_type"])),
        PgType("regtype", v.one_of(["integer", "text[]", "timestamp with time zone"])),
        PgType("regproc", v.one_of(["now", "pg_typeof"])),
        PgType("regrole", v.one_of(["postgres"]), constant=False),
        PgType("int2vector", v.one_of(["1 2 3", ""]), array=False),
        PgType("oidvector", v.one_of(["1 2 3", ""]), array=False, key=True),
        PgType("mood", v.one_of(MOODS), key=True),
        PgType("place", _place, _large_place, key=True),
        PgType("visit", v.row_of(_place, v.one_of(MOODS), v.binary), key=True),
        PgType("short_text", lambda random: v.text(random, 12), key=True),
        PgType("price", v.decimal(8, 2), key=True),
        PgType("any_number", v.any_decimal, v.large_decimal, key=True),
        PgType("positive", v.one_of(["1", "7", "2147483647"]), key=True),
        PgType("small_positive", v.one_of(["1", "7", "999999"]), key=True),
        PgType("numbers", v.array_of(v.whole(32)), v.large_array(v.whole(32)), key=True),
        PgType("moment", v.zoned_timestamp, key=True),
        PgType("feeling", v.one_of(MOODS), key=True),
        PgType("raw", v.binary, lambda random: v.binary(random, v.LARGE), key=True),
        PgType("spot", _place),
        PgType("hstore", v.hstore, lambda random: v.hstore(random, 300), key=True, extension="hstore"),
        PgType("citext", v.text, v.large_text, key=True, extension="citext"),
        PgType("ltree", v.ltree, lambda random: v.ltree(random, 500), key=True, extension="ltree"),
        PgType("lquery", v.one_of(["*.a.*", "a@|b.*{1,2}"]), extension="ltree"),
        PgType("vector(3)", small_vector, key=True, extension="vector"),
        PgType("vector", small_vector, long_vector, extension="vector"),
        PgType("halfvec(3)", small_vector, extension="vector"),
        PgType("halfvec", small_vector, v.vector(1500), extension="vector"),
        PgType("sparsevec(5)", v.one_of(["{1:1.5,3:-2}/5", "{}/5"]), extension="vector"),
    ]  # fmt: skip


def _range_types() -> list[PgType]:
    pairs = [
        _whole_range("int4range", -(2**31), 2**31 - 2),
        _whole_range("int8range", -(2**63), 2**63 - 2),
        _ranges("numrange", v.range_of(_plain_decimal, _number_order)),
        _ranges("daterange", v.range_of(v.near_date, str)),
        _ranges("tsrange", v.range_of(v.near_timestamp, str)),
        _ranges("tstzrange", v.range_of(lambda random: v.near_timestamp(random) + "+00", str)),
        _ranges("floatrange", v.range_of(v.number, _number_order)),
        _ranges("textrange", v.range_of(lambda random: v.letters(random, 3), str)),
    ]
    return [kind for pair in pairs for kind in pair]


def array_types(plain: Sequence[PgType]) -> list[PgType]:
    """Of nearly every type, in up to three dimensions."""
    nullable = [kind for kind in plain if kind.array]
    return [
        PgType(
            f"{kind.sql}[]",
            v.array_of(kind.value, dimensions=3, delimiter=_delimiter(kind)),
            v.large_array(kind.value, _delimiter(kind)),
            key=kind.key,
            extension=kind.extension,
            constant=kind.constant,
        )
        for kind in nullable
    ]


def _delimiter(element: PgType) -> str:
    return ";" if element.sql == "box" else ","


PLAIN: list[PgType] = [*_plain_types(), *_range_types()]
ARRAYS: list[PgType] = array_types(PLAIN)


def types_for(extensions: Sequence[str]) -> list[PgType]:
    """Those that a database with these extensions has; plain types are as many as arrays."""
    return [kind for kind in [*PLAIN, *ARRAYS] if kind.extension is None or kind.extension in extensions]


def one_dimensional(kind: PgType) -> PgType:
    """The array type with values of one dimension only, whose first element is number 1."""
    element = next(plain for plain in PLAIN if f"{plain.sql}[]" == kind.sql)
    return replace(kind, value=v.array_of(element.value, bounds=False, delimiter=_delimiter(element)))
