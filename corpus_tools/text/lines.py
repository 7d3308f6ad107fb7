"""Lines of a text with their places: credits, footers and furniture stand in lines, at the head or at the tail."""

from __future__ import annotations

from typing import NamedTuple

MOST_HEAD, MOST_TAIL = 6, 12
"""Lines from either end in which signs of syndication are looked for."""
LABEL_HEAD, LABEL_TAIL = 3, 6
"""Lines from either end in which a source label may stand."""
ISSUER_TAIL = 4
"""Last lines of which one may name a press release's issuer."""


class Line(NamedTuple):
    """A line without its outer white space (NBSP included): `text` is the slice from `start` to `end`."""

    start: int
    end: int
    text: str


def head_lines(text: str, most: int = MOST_HEAD, chars: int = 1200) -> list[Line]:
    r"""The first lines that hold something.

    >>> [line.text for line in head_lines("\n One \n\u00a0\nTwo")]
    ['One', 'Two']
    """
    found: list[Line] = []
    start, stop = 0, min(len(text), chars)
    while start < stop and len(found) < most:
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        if start < end:
            _add(found, text[start:end], start)
        start = end + 1
    return found


def tail_lines(text: str, most: int = MOST_TAIL, chars: int = 4000) -> list[Line]:
    r"""The last lines that hold something, the last one first.

    >>> [line.text for line in tail_lines("One\nTwo\n\u00a0\n")]
    ['Two', 'One']
    """
    found: list[Line] = []
    end = len(text)
    stop = max(0, end - chars)
    while end > stop and len(found) < most:
        start = text.rfind("\n", 0, end) + 1
        if start < end:
            _add(found, text[start:end], start)
        end = start - 1
    return found


def _add(found: list[Line], raw: str, start: int) -> None:
    bare = raw.strip()
    if bare:
        first = start if len(bare) == len(raw) else start + raw.index(bare)
        found.append(Line(first, first + len(bare), bare))
