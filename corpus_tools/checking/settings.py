"""How to check: what runs, what fails, what is waived."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from corpus_tools.checking.waivers import Waiver
from corpus_tools.errors import UsageError
from corpus_tools.flags import flag_of
from corpus_tools.text.dates import parse_time

DUPLICATES = "mark_duplicates"
"""The step that asks an index."""

_LIMIT = re.compile(r"(\w[\w-]*)=(\d+(?:\.\d+)?)(%?)")


@dataclass(frozen=True, slots=True)
class Limit:
    """How many records may have a flag: a number, or a share of the records that were read."""

    code: str
    most: float
    is_share: bool = False

    def is_passed(self, records: int, read: int) -> bool:
        """Whether so many of those read are too many.

        >>> Limit("PR005", 10, is_share=True).is_passed(11, 100)
        True
        """
        return records * 100 > self.most * read if self.is_share else records > self.most

    def __str__(self) -> str:
        return f"{self.most:g}{'%' if self.is_share else ''}"


def read_limit(text: str) -> Limit:
    """A limit as it is typed; UsageError where it is none.

    >>> read_limit("missing-license=5%")
    Limit(code='PR005', most=5.0, is_share=True)
    """
    found = _LIMIT.fullmatch(text.strip())
    if found is None:
        raise UsageError(f"{text!r} is no limit; write e.g. --max PR005=10 or --max PR005=2.5%.")
    return Limit(flag_of(found[1]).code, float(found[2]), bool(found[3]))


def day_of(now: str | None) -> date:
    """The day that waivers are held against: that of `now`, else today's in UTC.

    >>> day_of("2024-06-30T12:00:00Z")
    datetime.date(2024, 6, 30)
    """
    if now is None:
        return datetime.now(UTC).date()
    time, _ = parse_time(now)
    if time is None:
        raise UsageError(f"--now {now!r} is no time. Write it like 2026-01-31 or 2026-01-31T12:00:00Z.")
    return time.date()


@dataclass(frozen=True, slots=True)
class Settings:
    """How to check.

    `steps` are those that look, None for all that find something; `reading` are options of `Reader`, `common` options
    for every step that takes them. `fail_on` is the least severity that fails, or "never". `today` is the day that
    waivers are held against. `since` is the revision of git whose records are no news; `index` a folder with the
    fingerprints of older records, which `update_index` makes, or brings up to that revision.
    """

    steps: tuple[str, ...] | None = None
    step_options: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    common: Mapping[str, Any] = field(default_factory=dict)
    reading: Mapping[str, Any] = field(default_factory=dict)
    fail_on: str = "error"
    limits: tuple[Limit, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    today: date = date.min
    baseline: Path | None = None
    write_baseline: Path | None = None
    follow_links: bool = False
    since: str | None = None
    index: Path | None = None
    update_index: bool = False

    def check_together(self, paths: Sequence[str]) -> None:
        """Raise UsageError where options exclude each other."""
        if self.index is not None and self.steps is not None and DUPLICATES not in self.steps:
            raise UsageError(f"--index is for {DUPLICATES}, which --steps leaves out. Leave --index out as well.")
        if self.update_index and (self.index is None or self.since is None):
            raise UsageError(
                "--update-index keeps the fingerprints of an older state: give --since REV and --index DIR with it. To "
                "add records to an index: corpus-tools index add DIR FILES"
            )
        if self.since is None:
            return
        if "-" in paths:
            raise UsageError("Standard input has no older state. Name files, or leave --since out.")
        if self.reading.get("limit") is not None:
            raise UsageError("--limit would make records of the older state look new. Leave it or --since out.")
        if self.write_baseline is not None:
            raise UsageError("A baseline is of all that is there, and --since looks at what is new. Leave one out.")
