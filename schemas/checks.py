"""The predicates behind the models: what a value must be. Each takes one value that is not null.

A value of another type passes every check but its column's type check, so that each fault is said once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any

import pandas as pd

# RFC 5646, section 2.1, without the grandfathered tags: language, script, region, variants, extensions, private use.
_LANGUAGE = re.compile(
    r"(?:[a-z]{2,3}(?:-[a-z]{3}){0,3}|[a-z]{4,8})(?:-[a-z]{4})?(?:-(?:[a-z]{2}|\d{3}))?"
    r"(?:-(?:[a-z\d]{5,8}|\d[a-z\d]{3}))*(?:-[a-wyz\d](?:-[a-z\d]{2,8})+)*(?:-x(?:-[a-z\d]{1,8})+)?"
    r"|x(?:-[a-z\d]{1,8})+",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"https?://[^\s/?#@:]+(?:\.[^\s/?#@:]+)+(?::\d+)?(?:[/?#]\S*)?", re.IGNORECASE)
_LICENSE = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+-]*|\(?[A-Za-z0-9.+-]+(?: (?:AND|OR|WITH) \(?[A-Za-z0-9.+-]+\)?)+\)?")


def each(values: pd.Series[Any], is_right: Callable[[object], bool]) -> pd.Series[bool]:
    """Whether each value is right, shape (rows,).

    Pandera's `element_wise` says the same, and goes through three calls a value for it.
    """
    return pd.Series(list(map(is_right, values)), index=values.index, dtype=bool)


def are_times(values: pd.Series[Any]) -> pd.Series[bool]:
    """Whether each value is a point in time, shape (rows,); a column of times has nothing else."""
    if isinstance(values.dtype, pd.DatetimeTZDtype):
        return pd.Series(data=True, index=values.index)
    return each(values, is_time)


def is_text(value: object) -> bool:
    """Whether it is text."""
    return isinstance(value, str)


def is_time(value: object) -> bool:
    """Whether it is a point in time; one without a zone counts as UTC."""
    return isinstance(value, datetime)


def is_number(value: object) -> bool:
    """Whether it is a number; true and false are not."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def is_integer(value: object) -> bool:
    """Whether it is a whole number; 3.0 is one, because a frame with a gap stores 3 as 3.0."""
    return is_number(value) and (isinstance(value, int) or value.is_integer())  # type: ignore[attr-defined]  # as above


def is_list(value: object) -> bool:
    """Whether it is a list of objects or texts; a NumPy array, as Parquet gives, is one."""
    return isinstance(value, (list, tuple)) or type(value).__name__ == "ndarray"


def is_names(value: object) -> bool:
    """Whether it is a text or a list of texts."""
    return is_text(value) or (is_list(value) and all(is_text(item) for item in value))  # type: ignore[attr-defined]


def is_not_blank(value: object) -> bool:
    """Whether a text holds more than blank space."""
    return not isinstance(value, str) or bool(value and not value.isspace())


def is_address(value: object) -> bool:
    """Whether a text is an absolute http(s) address with a host."""
    return not isinstance(value, str) or _ADDRESS.fullmatch(value) is not None


def is_language_tag(value: object) -> bool:
    """Whether a text is a well-formed language tag (BCP 47)."""
    return not isinstance(value, str) or _LANGUAGE.fullmatch(value) is not None


def is_license(value: object) -> bool:
    """Whether a text has the form of an SPDX expression, a LicenseRef or a licence URL."""
    return not isinstance(value, str) or _ADDRESS.fullmatch(value) is not None or _LICENSE.fullmatch(value) is not None


def is_one_of(value: object, words: Collection[str]) -> bool:
    """Whether a text is one of these words."""
    return not isinstance(value, str) or value in words


def is_within(value: object, low: float, high: float = float("inf")) -> bool:
    """Whether a number lies between the two, both included."""
    return not isinstance(value, (int, float)) or low <= value <= high


def is_not_after(frame: pd.DataFrame, earlier: str, later: str, tolerance: pd.Timedelta) -> pd.Series[bool]:
    """Row by row, whether one time is not after the other; shape (rows,), true where either is missing.

    A time at 00:00:00 has no time of day: it compares by day, or within `tolerance` where that is longer.
    """
    if earlier not in frame.columns or later not in frame.columns:
        return pd.Series(data=True, index=frame.index)
    first, second = as_times(frame[earlier]), as_times(frame[later])
    no_time = (first == first.dt.normalize()) | (second == second.dt.normalize())
    within_day = (first.dt.normalize() <= second.dt.normalize()) | (first <= second + tolerance.as_unit("us"))
    return (first <= second) | (no_time & within_day) | first.isna() | second.isna()


def as_times(series: pd.Series[Any]) -> pd.Series[pd.Timestamp]:
    """The times of a column as UTC; what is no time is left out here, for its type check speaks of it."""
    if isinstance(series.dtype, pd.DatetimeTZDtype):
        held: pd.Series[pd.Timestamp] = series.astype("datetime64[us, UTC]")
        return held
    # In microseconds, whatever comes: nanoseconds end in 2262 and begin in 1677.
    times = [value if is_time(value) else None for value in series]
    return pd.Series(times, index=series.index, dtype="datetime64[us, UTC]")
