"""When the records were published, day by day, and the days on which nothing was."""

from __future__ import annotations

import itertools
import re
from datetime import date
from typing import Any

from corpus_tools.survey.tally import Tally
from corpus_tools.survey.visit import Visit

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_BARS = 120  # arbitrary: as many as a reader can tell apart
_GAPS = 8


class Dates:
    """Counts records by day of publication (UTC)."""

    def __init__(self) -> None:
        self._days: Tally[str] = Tally(40_000)
        self._undated = 0

    def take(self, visit: Visit) -> None:
        """Count one record."""
        published = visit.text("published_at")
        if published and _DAY.match(published):
            self._days.add(published[:10])
        else:
            self._undated += 1

    def told(self) -> dict[str, Any]:
        """`unit` (day, month or year) · `bars`: rows of period and count, empty ones too · `gaps` · `undated`."""
        found = dict(self._days.most())
        counts = {day: count for day, count in sorted(found.items()) if _is_date(day)}
        days, undated = list(counts), self._undated + sum(found.values()) - sum(counts.values())
        if not days:
            return {"unit": "day", "bars": [], "gaps": [], "undated": undated, "first": None, "last": None}
        unit, size = next(
            (unit, size) for unit, size in (("day", 10), ("month", 7), ("year", 4))
            if unit == "year" or _number(days[-1][:size]) - _number(days[0][:size]) < _BARS
        )  # fmt: skip
        periods: dict[int, int] = {}
        for day in days:
            at = _number(day[:size])
            periods[at] = periods.get(at, 0) + counts[day]
        first, last = min(periods), max(periods)
        if last - first > 4 * _BARS:  # a typo such as the year 0206 must not stretch the picture; the table has it
            first = max(first, last - 4 * _BARS)
        return {
            "unit": unit,
            "bars": [{"period": _name(at, unit), "count": periods.get(at, 0)} for at in range(first, last + 1)],
            "before": sum(count for at, count in periods.items() if at < first),
            "gaps": _gaps(days),
            "undated": undated,
            "first": days[0],
            "last": days[-1],
        }


def _is_date(day: str) -> bool:
    try:
        date.fromisoformat(day)
    except ValueError:
        return False
    return True


def _number(period: str) -> int:
    """Days, months or years since the beginning.

    >>> _number("2024-02") - _number("2023-12"), _number("2024-03-01") - _number("2024-02-28")
    (2, 2)
    """
    if len(period) == 10:
        return date.fromisoformat(period).toordinal()
    year, _, month = period.partition("-")
    return int(year) * 12 + int(month) - 1 if month else int(year)


def _name(number: int, unit: str) -> str:
    if unit == "day":
        return date.fromordinal(number).isoformat()
    return f"{number // 12:04}-{number % 12 + 1:02}" if unit == "month" else f"{number:04}"


def _gaps(days: list[str]) -> list[dict[str, Any]]:
    """The longest stretches without a record, of at least two days."""
    dates = [date.fromisoformat(day) for day in days]
    found: list[dict[str, Any]] = []
    for one, other in itertools.pairwise(dates):
        empty = (other - one).days - 1
        if empty >= 2:
            found.append({"after": one.isoformat(), "until": other.isoformat(), "days": empty})
    return sorted(found, key=lambda gap: (-gap["days"], gap["after"]))[:_GAPS]
