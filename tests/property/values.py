"""Random values as PostgreSQL reads them, one function a family of types. Pure."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from random import Random

from tests.property.sql_text import array_text, row_text

Make = Callable[[Random], str]

_TEXTS = [
    *[
        "",
        " ",
        "  padded  ",
        "NULL",
        "null",
        "ä€😀",
        'a "quoted" text',
        "back\\slash",
        "it's",
        "{1,2}",
        "(a,b)",
        "[1,2)",
    ],
    *["a,b", "tab\tnew\nline\r", "\\u0000", "\\x41", "$ref", "%s %d", "é", "e\u0301", "\u200b", "A", "a", "true", "1"],
    *["1.0", "NaN", "infinity", "__debezium_unavailable_value", '{"schema":{},"payload":{}}'],
    "X19kZWJleml1bV91bmF2YWlsYWJsZV92YWx1ZQ==",
]
_LETTERS = "abcdefghijklmnopqrstuvwxyzABCXYZ0123456789 äöü'\"\\{}(),;:-_€😀"
_PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
LARGE = 2_600
"""characters: PostgreSQL keeps rows of up to 2 kB whole, and moves values out of larger ones"""


def one_of(values: Sequence[str], otherwise: Make | None = None) -> Make:
    def make(random: Random) -> str:
        return otherwise(random) if otherwise and random.random() < 0.5 else random.choice(values)

    return make


def letters(random: Random, count: int, of: str = _PLAIN) -> str:
    return "".join(random.choices(of, k=count))


def text(random: Random, longest: int = 30) -> str:
    found = random.choice(_TEXTS) if random.random() < 0.4 else letters(random, random.randint(0, longest), _LETTERS)
    return found[:longest]


def large_text(random: Random) -> str:
    return letters(random, LARGE + random.randint(0, 500))


def whole(bits: int) -> Make:
    top = 2 ** (bits - 1)
    return one_of(["0", "1", "-1", str(top - 1), str(-top)], lambda random: str(random.randint(-top, top - 1)))


def floating(digits: int, edges: Sequence[str]) -> Make:
    return one_of(
        ["0", "-0", "NaN", "Infinity", "-Infinity", "1", "0.1", "-1.5", *edges],
        lambda random: f"{random.uniform(-1, 1):.{digits}e}",
    )


def decimal(precision: int, scale: int) -> Make:
    def make(random: Random) -> str:
        if random.random() < 0.1:
            return "NaN"
        if random.random() < 0.1:
            return "0"
        unscaled = random.randint(0, 10 ** random.randint(0, precision) - 1)
        return f"{random.choice(['', '-'])}{unscaled}e{-scale}"

    return make


def any_decimal(random: Random) -> str:
    if random.random() < 0.5:
        return random.choice(
            [
                "NaN",
                "Infinity",
                "-Infinity",
                "0",
                "0.00",
                "-0.5",
                "1",
                "1.0",
                "1.50",
                "12300",
                "1e40",
                "-1e-40",
                "1e-300",
            ]
        )
    return f"{random.randint(-(10**20), 10**20)}e{random.randint(-30, 10)}"


def large_decimal(random: Random) -> str:
    return f"{random.randint(1, 9)}{letters(random, 2 * LARGE, '0123456789')}.{letters(random, 1_000, '0123456789')}"


def money(random: Random) -> str:
    edges = ["-92233720368547758.08", "92233720368547758.07", "0", "-0.01", "1234.5"]
    return one_of(edges, lambda random: f"{random.randint(-(10**8), 10**8) / 100:.2f}")(random)


def binary(random: Random, length: int | None = None) -> str:
    count = random.choice([0, 1, 2, 3, 5, 20]) if length is None else length
    return "\\x" + random.randbytes(count).hex()


_YEARS = ["0001", "0044", "0099", "1582", "1883", "1900", "1969", "1970", "2000", "2024", "9999"]
_DATES = [
    "1582-10-04",
    "1582-10-05",
    "1582-10-15",
    "1970-01-01",
    "1969-12-31",
    "2024-02-29",
    "9999-12-31",
    "0001-01-01",
]
_FAR_DATES = [
    "infinity",
    "-infinity",
    "0044-03-15 BC",
    "0001-12-31 BC",
    "4713-11-24 BC",
    "10000-01-01",
    "5874897-12-31",
]
_FAR_TIMES = [
    *["infinity", "-infinity", "0044-03-15 12:00:00 BC", "0001-12-31 23:59:59.999999 BC"],
    *["10000-01-01 00:00:00", "294276-12-31 23:59:59.999999"],
]
ZONES = ["+00", "+02", "-05:30", "+14", "-12", "+00:19:32"]


def date(random: Random) -> str:
    if random.random() < 0.2:
        return random.choice(_FAR_DATES)
    if random.random() < 0.3:
        return random.choice(_DATES)
    return f"{random.choice(_YEARS)}-{random.randint(1, 12):02d}-{random.randint(1, 28):02d}"


def near_date(random: Random) -> str:
    return f"{random.choice(_YEARS)}-{random.randint(1, 12):02d}-{random.randint(1, 28):02d}"


def time(random: Random) -> str:
    if random.random() < 0.3:
        return random.choice(["00:00:00", "24:00:00", "23:59:59.999999", "12:00:00.5", "00:00:00.000001"])
    return f"{random.randint(0, 23):02d}:{random.randint(0, 59):02d}:{random.randint(0, 59):02d}{fraction(random)}"


def fraction(random: Random) -> str:
    digits = random.choice([0, 0, 1, 3, 6])
    return f".{random.randrange(10**digits):0{digits}d}" if digits else ""


def zoned_time(random: Random) -> str:
    return time(random) + random.choice(["+00", "+02", "-05:30", "+14", "-12", "+01:02:03"])


def timestamp(random: Random) -> str:
    if random.random() < 0.2:
        return random.choice(_FAR_TIMES)
    return near_timestamp(random)


def near_timestamp(random: Random) -> str:
    day = random.choice(_DATES) if random.random() < 0.3 else near_date(random)
    hour, minute, second = random.randint(0, 23), random.randint(0, 59), random.randint(0, 59)
    return f"{day} {hour:02d}:{minute:02d}:{second:02d}{fraction(random)}"


def zoned_timestamp(random: Random) -> str:
    found = timestamp(random)
    if "infinity" in found or found.startswith("294276"):
        return found
    return found.replace(" BC", "") + random.choice(ZONES) + (" BC" if found.endswith("BC") else "")


def interval(random: Random) -> str:
    edges = [
        *["0", "1 year 2 mons -3 days 04:05:06.5", "-1 mon", "24 hours", "1 day", "30 days", "1 month"],
        *["-00:00:00.000001", "178000000 years", "-178000000 years", "infinity", "-infinity"],
    ]
    return one_of(
        edges, lambda random: f"{random.randint(-99, 99)} mons {random.randint(-99, 99)} days {time(random)}"
    )(random)


def uuid(random: Random) -> str:
    found = random.randbytes(16).hex()
    return "-".join([found[:8], found[8:12], found[12:16], found[16:20], found[20:]])


def json_value(random: Random, depth: int = 0) -> object:
    kind = random.randint(0, 5 if depth > 2 else 7)
    if kind == 6:
        return {text(random, 5): json_value(random, depth + 1) for _ in range(random.randint(0, 3))}
    if kind == 7:
        return [json_value(random, depth + 1) for _ in range(random.randint(0, 3))]
    plain = [None, True, False, random.randint(-(10**12), 10**12), random.random(), text(random, 12)]
    return plain[kind]


def json_text(random: Random) -> str:
    if random.random() < 0.3:
        return random.choice(
            [
                "null",
                "1.0",
                "1",
                "1e2",
                "12345678901234567890.123",
                '{"b":1,  "a":2, "a":3}',
                '""',
                "[]",
                "{}",
                ' {"x" : [1, 2]} ',
                '"\\u00e4\\n"',
                '"__debezium_unavailable_value"',
            ]
        )
    return json.dumps(json_value(random), ensure_ascii=random.random() < 0.5)


def large_json(random: Random) -> str:
    return json.dumps({"large": large_text(random), "n": random.random()})


def xml(random: Random) -> str:
    return random.choice(["<a/>", "<a>ä &amp; b</a>", "text only", "<a b='c'><d/></a>", "<!-- c --><a>1</a>"])


def bits(shortest: int, longest: int) -> Make:
    return lambda random: letters(random, random.randint(shortest, longest), "01")


def number(random: Random) -> str:
    return random.choice(["0", "1", "-1.5", "0.1", "1e10", "-2.25", str(random.randint(-99, 99))])


def point(random: Random) -> str:
    return f"({number(random)},{number(random)})"


def points(random: Random, count: int | None = None) -> str:
    return ",".join(point(random) for _ in range(count or random.randint(1, 4)))


def path(random: Random, count: int | None = None) -> str:
    found = points(random, count)
    return f"[{found}]" if random.random() < 0.5 else f"({found})"


def circle(random: Random) -> str:
    return f"<{point(random)},{random.randint(0, 9)}>"


def line(random: Random) -> str:
    return f"{{{random.randint(1, 9)},{number(random)},{number(random)}}}"


def range_of(bound: Make, order: Callable[[str], object]) -> Make:
    """order: of two bounds, the first is the lower one."""

    def make(random: Random) -> str:
        if random.random() < 0.1:
            return "empty"
        low, high = sorted([bound(random), bound(random)], key=order)
        low, high = [end if random.random() < 0.85 else "" for end in (low, high)]
        quoted = ['"' + end.replace("\\", "\\\\").replace('"', '\\"') + '"' if end else "" for end in (low, high)]
        return f"{random.choice('[(')}{quoted[0]},{quoted[1]}{random.choice('])')}"

    return make


def several(one: Make, most: int = 3) -> Make:
    """`{…}` without quotes: of multiranges."""
    return lambda random: "{" + ",".join(one(random) for _ in range(random.randint(0, most))) + "}"


def array_of(element: Make, dimensions: int = 1, nulls: bool = True, bounds: bool = True, delimiter: str = ",") -> Make:
    """Arrays of up to so many dimensions, empty ones, and ones whose first element is not number 1."""

    def level(random: Random, lengths: Sequence[int]) -> list:
        if len(lengths) == 1:
            return [None if nulls and random.random() < 0.15 else element(random) for _ in range(lengths[0])]
        return [level(random, lengths[1:]) for _ in range(lengths[0])]

    def make(random: Random) -> str:
        depth = random.randint(1, dimensions)
        lengths = [random.randint(1, 3) for _ in range(depth)]
        if random.random() < 0.15:
            return "{}"
        found = array_text(level(random, lengths), delimiter)
        if bounds and random.random() < 0.1:
            lows = [random.choice([-1, 0, 1, 2]) for _ in lengths]
            ends = "".join(f"[{low}:{low + length - 1}]" for low, length in zip(lows, lengths, strict=True))
            return f"{ends}={found}"
        return found

    return make


def large_array(element: Make, delimiter: str = ",") -> Make:
    def make(random: Random) -> str:
        elements: list[str | None] = []
        length = 0
        while length < 3 * LARGE:
            elements.append(element(random))
            length += len(elements[-1]) + 4
        return array_text(elements, delimiter)

    return make


def row_of(*fields: Make) -> Make:
    def make(random: Random) -> str:
        return row_text([None if random.random() < 0.2 else field(random) for field in fields])

    return make


def hstore(random: Random, pairs: int | None = None) -> str:
    def quoted(found: str) -> str:
        return '"' + found.replace("\\", "\\\\").replace('"', '\\"') + '"'

    count = random.randint(0, 4) if pairs is None else pairs
    return ", ".join(
        f"{quoted(text(random, 12))}=>{'NULL' if random.random() < 0.2 else quoted(text(random, 12))}"
        for _ in range(count)
    )


def ltree(random: Random, labels: int | None = None) -> str:
    return ".".join(letters(random, random.randint(1, 8)) for _ in range(labels or random.randint(1, 4)))


def vector(size: int) -> Make:
    return lambda random: (
        "[" + ",".join(random.choice(["0", "1", "-0.5", "0.25", "1e-3", "3.5"]) for _ in range(size)) + "]"
    )


def words(random: Random, count: int | None = None) -> str:
    return " ".join(f"{letters(random, 6)}:{random.randint(1, 9)}{random.choice(['', 'A'])}" for _ in range(count or 3))
