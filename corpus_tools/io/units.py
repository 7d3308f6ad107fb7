"""The lines and rows of a piece of input, by their numbers: told apart without being read, and picked out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import numpy as np
import orjson
from numpy.typing import NDArray

from corpus_tools.io.events import Aside, Event
from corpus_tools.io.json_text import dump_value
from corpus_tools.io.opened import Opened
from corpus_tools.io.pieces import Groups, Lines, Page, Rows

Numbers = NDArray[np.int64]
Content = Lines | Rows | Groups | Page


def digests_of(content: Content) -> tuple[Numbers, Numbers]:
    """The numbers of the lines or rows in a piece that are not blank, and a 64-bit hash of each as it stands there.

    The hashes hold for one process. Line ends, and in what has no lines the order of keys, make no difference.
    """
    # Python's own hash of bytes is ten times as fast as those of hashlib, and nothing of it is kept.
    found: dict[int, int] = {}
    told = _lines(content) if isinstance(content, Lines) else map(_told, rows_of(content))
    for number, raw in told:
        # A line over the limit comes in parts.
        found[number] = hash((found[number], raw)) if number in found else hash(raw)
    return np.fromiter(found, np.int64, len(found)), np.fromiter(found.values(), np.int64, len(found))


def rows_of(content: Content) -> Iterator[Event]:
    """The rows of a piece."""
    if not isinstance(content, Page):
        yield from content.events()
        return
    opened = Opened(content.path, content.format, content.encoding)
    with closing(opened.events(content.max_record_bytes)) as events:
        yield from events


def selected(content: Content, wanted: Numbers) -> Iterator[Content]:
    """What a piece holds of the lines or rows with these numbers, which are sorted."""
    if isinstance(content, Lines):
        yield from _picked(content, wanted)
    elif isinstance(content, Page):
        if _holds(wanted, 1):
            yield content
    elif isinstance(content, Rows) or _any_within(wanted, content.number, content.rows):
        rows = [event for event in content.events() if _holds(wanted, event.line)]
        if rows:
            yield Rows(content.path, rows)


def _lines(content: Lines) -> Iterator[tuple[int, bytes]]:
    end = content.charset.carriage_return
    for number, line in enumerate(content.data.split(b"\n"), content.number):
        raw = line.removesuffix(end)
        if not content.charset.is_blank(raw):
            yield number, raw
    if content.broken:
        yield content.number + max(content.lines - 1, 0), content.broken.encode()


def _told(event: Event) -> tuple[int, bytes]:
    if isinstance(event, Aside):
        return event.line, event.raw
    try:
        return event.line, orjson.dumps(event.record, option=orjson.OPT_SORT_KEYS, default=str)
    except TypeError:  # an integer over 64 bits
        return event.line, dump_value(event.record)


def _picked(content: Lines, wanted: Numbers) -> Iterator[Lines]:
    """Runs of whole lines; what is wrong behind the last one stays with it."""
    last = content.number + max(content.lines, 1) - 1
    inside = wanted[(wanted >= content.number) & (wanted <= last + 1)]
    if not len(inside):
        return
    ends = np.flatnonzero(np.frombuffer(content.data, np.uint8) == ord("\n")) + 1
    starts = np.append(0, ends)
    for run in np.split(inside, np.flatnonzero(np.diff(inside) > 1) + 1):
        first, end = int(run[0]) - content.number, int(run[-1]) - content.number + 1
        begin = int(starts[min(first, len(starts) - 1)])
        stop = int(starts[end]) if end < len(starts) else len(content.data)
        broken = content.broken if end + content.number > last else None
        yield Lines(
            content.path,
            content.number + first,
            end - first,
            content.offset + begin,
            content.data[begin:stop],
            content.charset,
            content.max_record_bytes,
            broken,
        )


def _holds(wanted: Numbers, number: int) -> bool:
    at = int(np.searchsorted(wanted, number))
    return at < len(wanted) and int(wanted[at]) == number


def _any_within(wanted: Numbers, first: int, count: int) -> bool:
    return int(np.searchsorted(wanted, first)) < int(np.searchsorted(wanted, first + count))
