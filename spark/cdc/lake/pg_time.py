"""PostgreSQL's texts of dates and times (DateStyle ISO), and which of them the lake's types hold."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

from cdc.lake.out_of_range import OutOfRange

FIRST_DAY, LAST_DAY = -719_162, 2_932_896
"""0001-01-01 and 9999-12-31, in days since 1970: what every reader of the lake can show"""
DAY = 86_400_000_000
FIRST_MICROSECOND, LAST_MICROSECOND = FIRST_DAY * DAY, (LAST_DAY + 1) * DAY - 1
_FIRST_POSTGRESQL_DAY, _LAST_POSTGRESQL_DAY = -2_440_588, 2_145_042_905
"""4714-11-24 BC and 5874897-12-31"""
_FIRST_POSTGRESQL_MICROSECOND = _FIRST_POSTGRESQL_DAY * DAY
INFINITE = 9_223_371_331_200_000_000
"""what stands for infinity in Debezium's numbers is this or more, in microseconds and in milliseconds"""
_INFINITE_IN_MILLISECONDS = (INFINITE // 1000, 9_223_372_036_825_200)
_OUTSIDE = re.compile(r"^(-?infinity|\d{5,}-\d\d-\d\d\b.*|\d{4,}-\d\d-\d\d\b.* BC)$", re.ASCII)


def date_text(days: int) -> str:
    """Of days since 1970. Beyond PostgreSQL's last and first day is what Debezium makes of infinity."""
    if not _FIRST_POSTGRESQL_DAY <= days <= _LAST_POSTGRESQL_DAY:
        return "infinity" if days > 0 else "-infinity"
    text, era = _day(days)
    return text + era


def timestamp_text(microseconds: int, zone: str = "") -> str:
    """Of microseconds since 1970, in UTC. zone: `+00` for a timestamptz.

    Raises ValueError for a number that stands for no moment of PostgreSQL's.
    """
    if microseconds >= INFINITE or microseconds in _INFINITE_IN_MILLISECONDS:
        return "infinity"
    if microseconds <= -INFINITE:
        return "-infinity"
    if microseconds < _FIRST_POSTGRESQL_MICROSECOND:
        raise ValueError(
            f"{microseconds} microseconds are before PostgreSQL's first moment: Debezium's number ran over; "
            "the connector needs the converter cdc.connect.ExactValues"
        )
    days, rest = divmod(microseconds, DAY)
    text, era = _day(days)
    return f"{text} {time_text(rest)}{zone}{era}"


def time_text(microseconds: int) -> str:
    """Of microseconds since midnight, up to 24:00:00."""
    seconds, fraction = divmod(microseconds, 1_000_000)
    text = f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    return f"{text}.{fraction:06d}".rstrip("0") if fraction else text


def _day(days: int) -> tuple[str, str]:
    """In the Gregorian calendar, as if there had never been another; ` BC` for the years before 1."""
    era, day_of_era = divmod(days + 719_468, 146_097)
    year_of_era = (day_of_era - day_of_era // 1_460 + day_of_era // 36_524 - day_of_era // 146_096) // 365
    day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    month_from_march = (5 * day_of_year + 2) // 153
    day = day_of_year - (153 * month_from_march + 2) // 5 + 1
    month = month_from_march + 3 if month_from_march < 10 else month_from_march - 9
    year = year_of_era + era * 400 + (month <= 2)
    shown, suffix = (year, "") if year > 0 else (1 - year, " BC")
    return f"{shown:04d}-{month:02d}-{day:02d}", suffix


def read_date(text: str) -> date:
    """Raises OutOfRange, or ValueError when it is no date."""
    if len(text) == 10 and text[4] == "-":
        return date.fromisoformat(text)
    raise _not_within(text, "date")


def read_timestamp(text: str) -> datetime:
    """Without a zone. Raises OutOfRange, or ValueError when it is no timestamp."""
    if text[4:5] == "-" and text[-3:] != " BC":
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            return moment
    raise _not_within(text, "timestamp")


def read_timestamptz(text: str) -> datetime:
    """In UTC. Raises OutOfRange, or ValueError when it is no timestamp with a zone."""
    if text[4:5] == "-" and text[-3:] != " BC":
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is not None:
            try:
                return moment.astimezone(UTC)
            except OverflowError as error:
                raise OutOfRange(_YEARS) from error
    raise _not_within(text, "timestamp with time zone")


_YEARS = "the years 1 to 9999"


def within(text: str) -> bool:
    """Whether a date or time that PostgreSQL wrote is in those years; false for what needs a closer look."""
    return text[4:5] == "-" and text[-1:] != "C"


def _not_within(text: str, kind: str) -> ValueError:
    return OutOfRange(_YEARS) if _OUTSIDE.match(text) else ValueError(f"{text[:40]!r} is no {kind}")
