"""Whether the times of one record can be true together.

>>> from datetime import datetime
>>> day, later = Moment(datetime(2023, 5, 14, tzinfo=UTC)), Moment(datetime(2023, 5, 13, 9, 30, tzinfo=UTC))
>>> contradiction(published=day, modified=None, retrieved=later)  # the 14th may have begun 14 hours east of it
>>> contradiction(published=day, modified=Moment(datetime(2023, 5, 12, tzinfo=UTC)), retrieved=None)
('modified_at', 'It was modified before it was published.')
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

_ZERO = datetime(1970, 1, 1, tzinfo=UTC)
_DAY_AND_A_HALF = timedelta(hours=36)  # a date without a time may be a day of any zone


@dataclass(frozen=True, slots=True)
class Limits:
    """Where doubt begins: the `tolerance` of the future, and the `crawl` window."""

    tolerance: timedelta = _DAY_AND_A_HALF
    crawl: timedelta = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time, UTC."""

    at: datetime

    @property
    def is_day(self) -> bool:
        """Whether only the day is known. Nothing but 00:00:00 is left of "no time" once a date was read."""
        return self.at.astimezone(UTC).time() == time(0)

    def is_after(self, other: Moment, tolerance: timedelta = timedelta(0)) -> bool:
        """Whether it is certainly later; the tolerance holds where one of the two has no time of day."""
        if not (self.is_day or other.is_day):
            return self.at > other.at
        return self.at.date() > other.at.date() and self.at > other.at + tolerance


_LIMITS = Limits()


def contradiction(
    *,
    published: Moment | None,
    modified: Moment | None,
    retrieved: Moment | None,
    now: Moment | None = None,
    limits: Limits = _LIMITS,
) -> tuple[str, str] | None:
    """The column that can't be right and the sentence that says why; None where all can be true.

    "In the future" is judged against the time of retrieval, else against `now`, else not at all.
    """
    if published and modified and published.is_after(modified):
        return "modified_at", "It was modified before it was published."
    for column, moment in (("published_at", published), ("modified_at", modified)):
        if moment and abs(moment.at - _ZERO) <= timedelta(hours=24):
            return column, "It is the zero of computers' clocks, which stands for no date."
        if moment and retrieved and moment.is_after(retrieved, limits.tolerance):
            return column, "It lies after the time at which this copy was collected."
        if moment and now and not retrieved and moment.is_after(now, limits.tolerance):
            return column, "It lies in the future."
    if published and retrieved and not published.is_day and abs(published.at - retrieved.at) <= limits.crawl:
        return "published_at", "It is the time at which this copy was collected, to the second."
    if retrieved and now and retrieved.is_after(now, limits.tolerance):
        return "retrieved_at", "It lies in the future."
    return None
