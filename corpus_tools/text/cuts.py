"""Cuts in a text: which of its lines go, and which characters with them."""

from __future__ import annotations

import itertools
import operator
from collections.abc import Mapping, Sequence
from typing import NamedTuple

Span = tuple[int, int, str]
"""The first character that goes, the one behind the last, and the rule."""


class Cut(NamedTuple):
    """One line, or the end of one, that goes: by which rule, whether it is certain, and how many characters stay."""

    line: int
    rule: str
    certain: bool
    kept: int = 0


class Place(NamedTuple):
    """Where a line stands: its text from `start` to `end`, and with its white space from `first` to `stop`.

    `rest` is where the next line begins that holds something.
    """

    first: int
    start: int
    end: int
    stop: int
    rest: int


class TextLines:
    r"""The lines of a text that hold something, without outer white space.

    >>> lines = TextLines("One\n\n Two\n")
    >>> lines.texts, lines.place(1)
    (['One', 'Two'], Place(first=5, start=6, end=9, stop=10, rest=10))
    """

    def __init__(self, text: str) -> None:
        self._text = text
        raw = text.split("\n")
        stripped = list(map(str.strip, raw))
        self.texts = list(filter(None, stripped))
        # Where each raw line begins is the length of those before it, and one more for each of their line breaks.
        starts = itertools.accumulate(map(len, raw), initial=0)
        self._firsts = list(itertools.compress(map(operator.add, starts, itertools.count()), stripped))

    def place(self, number: int) -> Place:
        """Where a line stands."""
        line, first, size = self.texts[number], self._firsts[number], len(self._text)
        start = self._text.index(line, first)
        end = start + len(line)
        stop = self._text.find("\n", end) + 1 or size
        rest = self._firsts[number + 1] if number + 1 < len(self._firsts) else size
        return Place(first, start, end, stop, rest)


def spans_of(text: str, lines: TextLines, cuts: Mapping[int, Cut]) -> list[Span]:
    """The characters that go: each cut with the blank lines that it leaves behind."""
    last = len(lines.texts)
    while last and (last - 1) in cuts and not cuts[last - 1].kept:
        last -= 1  # from here on nothing is left
    spans: list[Span] = []
    for number in sorted(cuts):
        cut, place = cuts[number], lines.place(number)
        start, stop = place.first, place.rest
        if cut.kept:
            start, stop = len(text[: place.start + cut.kept].rstrip()), place.end
        if number + 1 >= last:
            start, stop = len(text[: place.start + cut.kept].rstrip()), max(stop, place.stop)
        if spans and start <= spans[-1][1]:
            start = spans[-1][1]
        if start < stop:
            spans.append((start, stop, cut.rule))
    return spans


def joined(spans: Sequence[Span], more: Sequence[Span]) -> list[Span]:
    """The spans of two lists in their order, none over another."""
    both: list[Span] = []
    for start, end, rule in sorted([*spans, *more]):
        start = max(start, both[-1][1]) if both else start
        if start < end:
            both.append((start, end, rule))
    return both


def in_bytes(text: str, spans: Sequence[Span]) -> list[tuple[int, int]]:
    """Where the spans of a text begin and end in its UTF-8.

    >>> in_bytes("Žďár. Share", [(5, 11, "share")])
    [(8, 14)]
    """
    if text.isascii():
        return [(start, end) for start, end, _ in spans]
    places, at, size = [], 0, 0
    for start, end, _ in spans:
        first = size + len(text[at:start].encode("utf-8", "surrogatepass"))
        at, size = end, first + len(text[start:end].encode("utf-8", "surrogatepass"))
        places.append((first, size))
    return places


def without(text: str, spans: Sequence[Span]) -> str:
    """The text without the spans, which stand in their order.

    >>> without("Rain is due. Share this", [(12, 23, "share")])
    'Rain is due.'
    """
    parts, at = [], 0
    for start, end, _ in spans:
        parts.append(text[at:start])
        at = end
    return "".join([*parts, text[at:]])
