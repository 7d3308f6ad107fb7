"""Lines of a text with their places: credits, footers and furniture stand in lines, at the head or at the tail."""

from __future__ import annotations

from typing import NamedTuple


class Line(NamedTuple):
    """A line without its outer white space (NBSP included): `text` is the slice from `start` to `end`."""

    start: int
    end: int
    text: str


def head_lines(text: str, most: int = 6, chars: int = 1200) -> list[Line]:
    r"""The first lines that hold something.

    >>> [line.text for line in head_lines("\n One \n\u00a0\nTwo")]
    ['One', 'Two']
    """
    found: list[Line] = []
    start = 0
    while start < min(len(text), chars) and len(found) < most:
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        _add(found, text, start, end)
        start = end + 1
    return found


def tail_lines(text: str, most: int = 12, chars: int = 4000) -> list[Line]:
    r"""The last lines that hold something, the last one first.

    >>> [line.text for line in tail_lines("One\nTwo\n\u00a0\n")]
    ['Two', 'One']
    """
    found: list[Line] = []
    end = len(text)
    while end > max(0, len(text) - chars) and len(found) < most:
        start = text.rfind("\n", 0, end) + 1
        _add(found, text, start, end)
        end = start - 1
    return found


def _add(found: list[Line], text: str, start: int, end: int) -> None:
    raw = text[start:end]
    bare = raw.strip()
    if bare:
        at = start + len(raw) - len(raw.lstrip())
        found.append(Line(at, at + len(bare), bare))
