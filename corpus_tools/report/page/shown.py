"""Texts of strangers as they may be shown: no character of theirs can act on the page or turn its lines around."""

from __future__ import annotations

import re
import unicodedata

_HIDDEN = re.compile(
    "["
    "\x00-\x08\x0b-\x1f\x7f-\x9f"  # control characters, which damaged texts are full of
    "\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"  # invisible, or turning the direction
    "\ud800-\udfff"  # halves of surrogate pairs: no UTF-8
    "\U000e0000-\U000e0fff"  # tags and selectors, which can hide whole sentences
    "]"
)
_MARKS = 4
"""Combining marks on one letter. More of them climb over the lines above."""


def shown(value: object, limit: int = 2_000) -> str:
    r"""A value as text: hidden characters named, heaps of marks cut down, no longer than `limit` characters.

    >>> shown("safe \u202egnp.exe"), shown("x" * 5_000, 3)
    ('safe ⟨U+202E⟩gnp.exe', 'xxx… (5,000 characters)')
    """
    text = "" if value is None else str(value)
    whole = len(text)
    cut = _HIDDEN.sub(_named, _thinned(text[:limit]))
    return cut if whole <= limit else f"{cut.rstrip()}… ({whole:,} characters)"


def one_line(value: object, limit: int = 160) -> str:
    r"""The same with every run of spaces and line ends as one space; cut without a word about the length.

    >>> one_line("Ferry  back in\n harbour", 10)
    'Ferry back…'
    """
    text = " ".join(("" if value is None else str(value))[: 8 * limit].split())
    return shown(text if len(text) <= limit else text[:limit].rstrip() + "…", limit + 1)


def _named(found: re.Match[str]) -> str:
    return f"⟨U+{ord(found[0]):04X}⟩"


def _thinned(text: str) -> str:
    if text.isascii():
        return text
    kept, run = [], 0
    for letter in text:
        run = run + 1 if unicodedata.combining(letter) else 0
        if run <= _MARKS:
            kept.append(letter)
    return "".join(kept)
