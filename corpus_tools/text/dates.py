"""Times as feeds, pages and scrapers write them, read without guessing, and the one form we write.

>>> time, precision = parse_time("Sun, 14 May 2023 18:00:00 +0800")
>>> format_time(time), precision
('2023-05-14T10:00:00Z', 'second')
>>> parse_time("01/02/2023")
(None, None)
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Literal

Precision = Literal["day", "second"]
Answer = tuple[datetime | None, Precision | None]

UNREADABLE: Answer = (None, None)

# Programs write their "no date" as 0001-01-01; no news record is older than newspapers are (Strasbourg, 1605).
_FIRST_YEAR = 1600
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_RANGE = (631_152_000, 4_102_444_800)  # 1990 to 2100: outside of it a number is an id, not a time

_USUAL = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{6})?Z)?")
_MONTHS = {
    name: number
    for number, names in enumerate(
        "jan january|feb february|mar march|apr april|may|jun june|jul july|aug august|sep sept september|"
        "oct october|nov november|dec december".split("|"),
        1,
    )
    for name in names.split()
}

# RFC 822 defines the American ones. The others have one meaning in news; IST (India, Ireland, Israel) has three
# and stays unreadable.
_ZONE_HOURS = {
    "z": 0, "ut": 0, "utc": 0, "gmt": 0, "wet": 0, "est": -5, "edt": -4, "et": None, "cst": -6, "cdt": -5, "mst": -7,
    "mdt": -6, "pst": -8, "pdt": -7, "bst": 1, "cet": 1, "cest": 2, "eet": 2, "eest": 3, "msk": 3, "pkt": 5, "wib": 7,
    "wita": 8, "wit": 9, "myt": 8, "sgt": 8, "hkt": 8, "pht": 8, "jst": 9, "kst": 9, "aest": 10, "aedt": 11,
    "nzst": 12, "nzdt": 13,
}  # fmt: skip

_CLOCK = (
    r"(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,](?P<fraction>\d{1,9}))?)?"
    r"(?:\s*(?P<half>[ap])\.?m\.?)?"
)
_PACKED_CLOCK = r"(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)?(?:[.](?P<fraction>\d{1,9}))?"
_ZONE = r"(?:\s*(?P<name>[a-z]{1,4}))?(?:\s*(?P<sign>[+-])(?P<zone_hour>\d{1,2})(?::?(?P<zone_minute>\d\d))?)?"
_TIME = rf"(?:(?:\s*[,t]\s*|\s+(?:at\s+)?){_CLOCK}{_ZONE}(?:\s*\([^()]*\))?)?"
_WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+)?"
_MONTH = r"(?P<month_name>[a-z]{3,9})\.?"

_SHAPES = tuple(
    re.compile(shape, re.IGNORECASE)
    for shape in (
        # 2023-05-14, 2023/05/14 10:00, 2023-05-14T10:00:00.5+08:00, 2023-05-14Z
        rf"(?P<year>\d{{4}})(?P<mark>[-/.])(?P<month>\d{{1,2}})(?P=mark)(?P<day>\d{{1,2}})(?:{_TIME}|z|[+-]\d\d:\d\d)",
        # 20230514, 20230514T100000Z, 20230514100000
        rf"(?P<year>\d{{4}})(?P<month>\d\d)(?P<day>\d\d)(?:t?{_PACKED_CLOCK}{_ZONE})?",
        # Sun, 14 May 2023 10:00:00 GMT; 14-May-2023
        rf"{_WEEKDAY}(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[\s-]+{_MONTH},?[\s-]+(?P<year>\d{{4}}|\d\d(?=\s+\d\d?:)){_TIME}",
        # May 14, 2023 at 10:00 a.m.; Sun May 14 2023 10:00:00 GMT+0800 (Malaysia Time)
        rf"{_WEEKDAY}{_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}}){_TIME}",
        # Sun May 14 10:00:00 +0000 2023
        rf"{_WEEKDAY}{_MONTH}\s+(?P<day>\d{{1,2}})\s+{_CLOCK}{_ZONE}\s+(?P<year>\d{{4}})",
        # 14/05/2023 and 05/14/2023, where one number can only be the day; 5/14/23, but not 14/5/23 (May 2014?)
        rf"(?P<first>\d{{1,2}})(?P<mark>[-/.])(?P<other>\d{{1,2}})(?P=mark)(?P<year>\d{{4}}|\d\d){_TIME}",
    )
)


def parse_time(value: object) -> Answer:
    """The time in UTC, and whether it came with a time of day ("second") or without ("day").

    Reads ISO 8601, RFC 822, English month names, and epochs in seconds, milliseconds or microseconds between 1990 and
    2100. A time without zone counts as UTC. What has two readings is not read: (None, None).

    >>> parse_time("May 14, 2023")
    (datetime.datetime(2023, 5, 14, 0, 0, tzinfo=datetime.timezone.utc), 'day')
    >>> parse_time(1684058400)
    (datetime.datetime(2023, 5, 14, 10, 0, tzinfo=datetime.timezone.utc), 'second')
    >>> parse_time("13/02/2023")[0] == parse_time("02/13/2023")[0]
    True
    """
    if isinstance(value, str):
        return _from_text(value)
    if isinstance(value, date) and not value.year >= _FIRST_YEAR:  # a NaT has no year, and nan is not more than any
        return UNREADABLE
    if isinstance(value, datetime):
        try:
            return _in_utc(value), "second"
        except OverflowError:  # after year 9999 in UTC
            return UNREADABLE
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC), "day"
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if isinstance(value, int) and 16_000_101 <= value <= 21_001_231:
            return _from_text(str(value))
        return _from_epoch(value)
    return UNREADABLE


def format_time(time: datetime) -> str:
    """The one form in which times are written: UTC, microseconds only where there are any.

    >>> format_time(datetime(2023, 5, 14, 10, tzinfo=UTC))
    '2023-05-14T10:00:00Z'
    """
    plain = (time if time.tzinfo in (None, UTC) else time.astimezone(UTC)).replace(tzinfo=None)
    return plain.isoformat(timespec="microseconds" if plain.microsecond else "seconds") + "Z"


def _in_utc(time: datetime) -> datetime:
    # Subclasses bring nanoseconds and methods of their own; a plain datetime behaves the same everywhere.
    fields = (time.year, time.month, time.day, time.hour, time.minute, time.second, time.microsecond)
    plain = datetime(*fields, tzinfo=UTC)
    return plain - (time.utcoffset() or timedelta())


def _from_epoch(number: float) -> Answer:
    for unit in (1, 1_000, 1_000_000):
        if _EPOCH_RANGE[0] * unit <= number <= _EPOCH_RANGE[1] * unit:
            # Whole microseconds first: 1684058400123 / 1000 as a float is already off by some.
            return _EPOCH + timedelta(microseconds=round(number * (1_000_000 // unit))), "second"
    return UNREADABLE


def _from_text(text: str) -> Answer:
    text = text.strip()
    if len(text) > 100:
        return UNREADABLE
    if _USUAL.fullmatch(text) and text >= str(_FIRST_YEAR):  # most of all times, read ten times faster
        try:
            if len(text) == 10:
                return datetime.fromisoformat(text).replace(tzinfo=UTC), "day"
            return datetime.fromisoformat(text), "second"
        except ValueError:
            return UNREADABLE
    if re.fullmatch(r"[1-4]\d{8,9}(\.\d{1,9})?|\d{12,13}|\d{15,16}", text):
        return _from_epoch(float(text) if "." in text else int(text))
    for shape in _SHAPES:
        found = shape.fullmatch(text)
        if found:
            try:
                return _from_parts(found.groupdict())
            except (ValueError, OverflowError):  # no such day, no such hour, or before year 1 in UTC
                return UNREADABLE
    return UNREADABLE


def _from_parts(parts: dict[str, str | None]) -> Answer:
    year, month, day = _year(parts), _month(parts), int(parts.get("day") or 0)
    if parts.get("first"):
        month, day = _month_and_day(int(parts["first"] or 0), int(parts["other"] or 0))
        if len(parts["year"] or "") == 2 and int(parts["other"] or 0) <= 12:
            return UNREADABLE
    if not month or year < _FIRST_YEAR:
        return UNREADABLE
    if parts.get("hour") is None:
        return datetime(year, month, day, tzinfo=UTC), "day"
    offset = _offset(parts)
    if offset is None:
        return UNREADABLE
    fraction = int((parts.get("fraction") or "0")[:6].ljust(6, "0"))
    hour, minute, second = _hour(parts), int(parts["minute"] or 0), int(parts.get("second") or 0)
    local = datetime(year, month, day, hour, minute, second, fraction, tzinfo=timezone(offset))
    return local.astimezone(UTC), "second"


def _year(parts: dict[str, str | None]) -> int:
    year = int(parts["year"] or 0)
    if len(parts["year"] or "") == 2:  # RFC 822, before RFC 1123 asked for four digits
        return year + (2000 if year < 70 else 1900)
    return year


def _month(parts: dict[str, str | None]) -> int:
    name = parts.get("month_name")
    return _MONTHS.get(name.lower(), 0) if name else int(parts.get("month") or 0)


def _month_and_day(first: int, other: int) -> tuple[int, int]:
    if other > 12 or first == other:
        return first, other
    return (other, first) if first > 12 else (0, 0)


def _hour(parts: dict[str, str | None]) -> int:
    hour, half = int(parts["hour"] or 0), (parts.get("half") or "").lower()
    if half and not 1 <= hour <= 12:
        raise ValueError("an hour outside the half of its day")
    return hour % 12 + (12 if half == "p" else 0) if half else hour


def _offset(parts: dict[str, str | None]) -> timedelta | None:
    hours = _ZONE_HOURS.get((parts.get("name") or "utc").lower())
    if hours is None:
        return None
    if not parts.get("sign"):
        return timedelta(hours=hours)
    if hours:  # "EST-0500" says it twice; which of the two is meant is nobody's guess
        return None
    offset = timedelta(hours=int(parts["zone_hour"] or 0), minutes=int(parts["zone_minute"] or 0))
    return -offset if parts["sign"] == "-" else offset
