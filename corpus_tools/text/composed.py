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

from corpus_tools.text.columns import matching

LONG = 10_000
"""Characters from which on stacked marks are sorted; the square of fewer is still a moment (arbitrary)."""
_STACKED = 16  # arbitrary: half of what the Stream-Safe Text Format of the annex allows


def composed(text: str) -> str:
    """The text with each letter and its marks in as few characters as there are for them."""
    return text if text.isascii() else unicodedata.normalize("NFC", _sorted_marks(text))


def is_composed(text: str) -> bool:
    """Whether `composed` would leave the text as it is."""
    ordered = _sorted_marks(text)
    return ordered == text and unicodedata.is_normalized("NFC", ordered)


def _sorted_marks(text: str) -> str:
    if len(text) < LONG or text.isascii() or not matching([text], _stack())[0]:
        return text
    return re.sub(_stack(), _in_order, text)


def _in_order(stack: re.Match[str]) -> str:
    apart = "".join([unicodedata.normalize("NFD", mark) for mark in stack[0]])
    return "".join(sorted(apart, key=unicodedata.combining))


@functools.cache
def _stack() -> str:
    """A run of marks that may change places, among them three that only their parts give away (Tibetan vowels)."""
    apart = {code: unicodedata.normalize("NFD", chr(code)) for code in range(0x300, 0x20000)}
    marks = "".join(chr(code) for code, parts in apart.items() if unicodedata.combining(parts[0]))
    return f"[{marks}]{{{_STACKED},}}"
