"""Bylines: who signs a story, in the author field or in a line at its head."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from corpus_tools.text.columns import SPACE
from corpus_tools.text.lines import Line

_OPENS = "by|von|par|por|oleh|door|av|af|written by|автор:"
_BY = re.compile(rf"^(?:{_OPENS})\s+", re.IGNORECASE)
MAY_BE_BYLINE = rf"(?i)\A[{SPACE}]*(?:(?:{_OPENS})[{SPACE}]|[^\n]{{0,39}}[^{SPACE}.!?:][{SPACE}]*\z)"
"""What every line holds, in RE2's dialect, that `byline_at` takes for a byline."""
_SPLIT = re.compile(
    r"\s*[,;|/&]\s*(?:(?:and|und|et|y)\s+)?|\s+(?:and|und|et|y|dan|og|och|en|for|via)\s+|\s+[-–—]\s+", re.IGNORECASE
)
_WITH = re.compile(r"^(?:mit|avec|with|con|com|and|et)\s+", re.IGNORECASE)
_ROLE = re.compile(
    r"\s+(?:[A-Z]\w+\s+){0,2}(?:Writers?|Staff|Correspondents?|Editors?|Reporters?|Photographers?|Desk)$"
)


class Signature(NamedTuple):
    """A name in a byline. `joint` says that somebody else wrote with its material: "mit dpa".

    `start` to `end` count within the byline.
    """

    start: int
    end: int
    name: str
    joint: bool = False


def signatures(byline: str) -> list[Signature]:
    """The names of a byline, each also without its role: "AP Auto Writer" is signed by AP.

    >>> [found.name for found in signatures("By TOM KRISHER, AP Auto Writer")]
    ['TOM KRISHER', 'AP']
    >>> [(found.name, found.joint) for found in signatures("Ana Lim mit dpa")]
    [('Ana Lim', False), ('dpa', True)]
    """
    found: list[Signature] = []
    by = _BY.match(byline)
    at = by.end() if by else 0
    for piece, start in _pieces(byline, at):
        joint = _WITH.match(piece)
        if joint:
            piece, start = piece[joint.end() :], start + joint.end()
        inner = re.search(r"\s(?:mit|avec)\s(?=\S+$)", piece)
        if inner:
            found.append(Signature(start, start + inner.start(), piece[: inner.start()]))
            piece, start, joint = piece[inner.end() :], start + inner.end(), inner
        name = _ROLE.sub("", piece)
        if name:
            found.append(Signature(start, start + len(name), name, joint is not None))
    return found


def byline_at(lines: list[Line]) -> Iterator[Line]:
    """The head lines that can be bylines: those that begin with "By", and short ones without a sentence's end."""
    for line in lines:
        if len(line.text) <= 120 and (_BY.match(line.text) or (len(line.text) <= 40 and line.text[-1] not in ".!?:")):
            yield line


def is_signed(line: str) -> bool:
    """Whether a line begins as a byline does."""
    return _BY.match(line) is not None


def _pieces(byline: str, at: int) -> Iterator[tuple[str, int]]:
    start = at
    for gap in _SPLIT.finditer(byline, at):
        yield byline[start : gap.start()], start
        start = gap.end()
    yield byline[start:], start
