r"""Composed characters (Unicode's form NFC) in linear time, whatever is stacked on a letter.

Putting marks in their order takes the square of their number where they come in no order: a letter with 40,000 of them
costs seconds. In long texts they are therefore sorted first, which the form allows (Unicode Standard Annex 15).

>>> composed("cafe\u0301"), is_composed("cafe\u0301")
('café', False)
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

LONG = 10_000
"""Characters from which on stacked marks are sorted; the square of fewer is still a moment (arbitrary)."""
_STACKED = 16  # arbitrary: half of what the Stream-Safe Text Format of the annex allows
_WINDOW = 1 << 16


def composed(text: str) -> str:
    """The text with each letter and its marks in as few characters as there are for them."""
    return text if text.isascii() else unicodedata.normalize("NFC", _sorted_marks(text))


def is_composed(text: str) -> bool:
    """Whether `composed` would leave the text as it is."""
    ordered = _sorted_marks(text)
    return ordered == text and unicodedata.is_normalized("NFC", ordered)


def _sorted_marks(text: str) -> str:
    if len(text) < LONG or text.isascii() or not any(map(_has_stack, _windows(text))):
        return text
    return re.sub(f"[{''.join(map(chr, np.flatnonzero(_is_mark())))}]{{{_STACKED},}}", _in_order, text)


def _windows(text: str) -> Iterator[str]:
    """Pieces whose arrays stay in the processor's cache; a stack that one parts in two is no shorter than half."""
    return (text[at : at + _WINDOW] for at in range(0, len(text), _WINDOW))


def _has_stack(text: str) -> bool:
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    mark = _is_mark().take(codes, mode="clip")
    bounds = np.flatnonzero(~np.concatenate([[False], mark, [False]]))
    return bool(mark.any() and np.diff(bounds).max() > _STACKED)


def _in_order(stack: re.Match[str]) -> str:
    apart = "".join([unicodedata.normalize("NFD", mark) for mark in stack[0]])
    return "".join(sorted(apart, key=unicodedata.combining))


@functools.cache
def _is_mark() -> NDArray[np.bool_]:
    """By code point, up to the last of them: marks that may change places.

    Among them are three that only their parts give away (Tibetan vowels).
    """
    mark = np.zeros(0x20000, bool)
    for code in decomposing(0, len(mark)):
        mark[code] = unicodedata.combining(unicodedata.normalize("NFD", chr(code))[0]) > 0
    return mark


_WHOLE = ((0x3400, 0xA000), (0xAC00, 0xF900), (0x20000, 0x2F800))


def decomposing(start: int, end: int) -> Iterator[int]:
    """The code points from `start` on that may be marks or have parts.

    Left out are ideographs, surrogates, characters of private use, and Hangul, whose parts are no marks.

    >>> list(decomposing(0x33FE, 0xA001))
    [13310, 13311, 40960]
    """
    for first, beyond in _WHOLE:
        yield from range(start, min(first, end))
        start = max(start, beyond)
    yield from range(start, end)
