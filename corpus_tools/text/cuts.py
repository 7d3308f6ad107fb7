"""Cuts in a text: which of its lines go, and which characters with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

Span = tuple[int, int, str]
"""The first character that goes, the one behind the last, and the rule."""


class TextLine(NamedTuple):
    """One line of the text: `text` is its slice from `start` to `end` without outer white space."""

    start: int
    end: int
    stop: int  # where the next line starts
    text: str


@dataclass(frozen=True, slots=True)
class Cut:
    """One line, or the end of one, that goes: by which rule, and whether it is certain."""

    line: int
    start: int
    rule: str
    certain: bool


def lines_of(text: str) -> list[TextLine]:
    """All lines of a text, blank ones too."""
    found, start = [], 0
    for raw in text.split("\n"):
        size = len(raw)
        stop = start + size + 1
        if size:
            bare = raw.strip()
            at = start if len(bare) == size or not bare else start + size - len(raw.lstrip())
            found.append(TextLine(at, at + len(bare), stop, bare))
        else:
            found.append(TextLine(start, start, stop, ""))
        start = stop
    found[-1] = found[-1]._replace(stop=len(text))
    return found


def spans_of(text: str, lines: Sequence[TextLine], cuts: Mapping[int, Cut]) -> list[Span]:
    """The characters that go: each cut with the blank lines that it leaves behind."""
    spans: list[Span] = []
    for number in sorted(cuts):
        cut, line = cuts[number], lines[number]
        stop = line.stop
        following = number + 1
        while following < len(lines) and not lines[following].text:
            stop = lines[following].stop
            following += 1
        if cut.start > line.start:
            start, stop = len(text[: cut.start].rstrip()), line.end
        else:
            start = lines[number - 1].stop if number else 0
        while following < len(lines) and (not lines[following].text or _is_whole(cuts.get(following), lines)):
            following += 1
        if following == len(lines):
            start, stop = len(text[: cut.start].rstrip()), max(stop, line.stop)  # nothing is left below
        if spans and start <= spans[-1][1]:
            start = spans[-1][1]
        if start < stop:
            spans.append((start, stop, cut.rule))
    return spans


def _is_whole(cut: Cut | None, lines: Sequence[TextLine]) -> bool:
    return cut is not None and cut.start == lines[cut.line].start


def joined(spans: Sequence[Span], more: Sequence[Span]) -> list[Span]:
    """The spans of two lists in their order, none over another."""
    both: list[Span] = []
    for start, end, rule in sorted([*spans, *more]):
        start = max(start, both[-1][1]) if both else start
        if start < end:
            both.append((start, end, rule))
    return both


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
