"""A frame back to records: which keys a written record has, and in which order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd

from corpus_tools import cells
from corpus_tools.contract import COLUMNS, IN_NAMES, OUT_NAMES, TIMES
from corpus_tools.io.chunk import Layout
from corpus_tools.text.dates import format_time

_OURS = frozenset(OUT_NAMES)


def written_records(frame: pd.DataFrame, layouts: Sequence[Layout], added: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Each row as the record that is written, times as text.

    First the keys it came with, then what was filled (in contract order, where there is a value), then the columns
    of private steps, then the evidence. `added` are the columns that the steps of this run declare: they are there
    in every record, null or not. The order is the same whether two steps ran in one chain or in two, one after the
    other.
    """
    columns = {name: _cells(frame, name) for name in frame.columns}
    nothing = [None] * len(frame)
    plans: dict[int, tuple[list[tuple[str, list[Any]]], ...]] = {}
    for row, layout in enumerate(layouts):
        plan = plans.get(id(layout))
        if plan is None:
            came, filled, end = written_names(layout, added)
            plan = plans[id(layout)] = (
                [(name, columns.get(name, nothing)) for name in came],
                [(name, columns[name]) for name in filled if name in columns],
                [(name, columns.get(name, nothing)) for name in end],
            )
        first, filled_columns, last = plan
        record = {name: values[row] for name, values in first}
        for name, values in filled_columns:
            if values[row] is not None:
                record[name] = values[row]
        for name, values in last:
            record[name] = values[row]
        yield record


def written_names(layout: Layout, added: Sequence[str]) -> tuple[list[str], list[str], list[str]]:
    """The names of a written record in order: those it came with, those that may be filled, those that were added.

    >>> written_names(Layout(("verdict", "text")), ["flags", "verdict"])[0::2]
    (['text'], ['flags', 'verdict'])
    """
    names = layout.names
    have = {*names, *added}
    came = [name for name in names if name not in _OURS]
    filled = [name for name in IN_NAMES if name not in names]
    private = [name for name in dict.fromkeys(added) if name not in COLUMNS and name not in names]
    return came, filled, [*private, *(name for name in OUT_NAMES if name in have)]


def _cells(frame: pd.DataFrame, name: str) -> list[Any]:
    series = frame[name]
    if name in TIMES and isinstance(series.dtype, pd.DatetimeTZDtype):
        plain = series.dt.tz_convert("UTC").dt.tz_localize(None).to_numpy(dtype="datetime64[us]")
        times = np.datetime_as_string(plain.astype("datetime64[s]")).astype(object) + "Z"
        for row in np.flatnonzero(np.isnat(plain) | (plain.astype(np.int64) % 1_000_000 != 0)).tolist():
            time = plain[row].item()
            times[row] = None if time is None else format_time(time)
        return list(times)
    values = cells.objects(frame, name)
    if name in TIMES:
        return [format_time(value) if isinstance(value, datetime) else value for value in values]
    return values
