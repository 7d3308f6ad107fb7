"""The bare article: a text without its credit line and dateline, which differ from copy to copy."""

from __future__ import annotations

import re
from collections.abc import Iterable

_HEAD_CHARS = 400
_TAIL_CHARS = 600
_HEAD = re.compile(r"^[\s\-–—:.,/]+")
_TAIL = re.compile(r"(?<![\s\-–—:(])[\s\-–—:(]+$")


def bare_article(text: str, credited: Iterable[tuple[str, int | None]]) -> str:
    """Cut credits that stand at the head or the tail of a text.

    `credited` are pairs of the words of a credit and where they stood in the text before furniture was cut; that is
    tried first. In the middle of a text the same words are the article's own, and stay.

    >>> bare_article("KUALA LUMPUR, May 14 (Bernama) -- The ringgit rose. – Bernama",
    ...              [("KUALA LUMPUR, May 14 (Bernama) --", 0), ("– Bernama", None)])
    'The ringgit rose.'
    """
    cut = text
    for words, start in credited:
        at = _place(cut, words, start if cut == text else None)
        if at is None:
            continue
        before, after = cut[:at], cut[at + len(words) :]
        cut = after if len(before) <= _HEAD_CHARS and not before.strip() else before + after
    return cut if cut == text else _TAIL.sub("", _HEAD.sub("", cut))


def _place(text: str, words: str, start: int | None) -> int | None:
    """Where the words stand at the head or tail of the text; None where they do not."""
    if not words:
        return None
    if start is not None and text.startswith(words, start) and _is_outer(text, start, words):
        return start
    last = text.rfind(words, max(0, len(text) - _TAIL_CHARS))
    if last >= 0 and _stands_alone(text, last, words):
        return last
    first = text.find(words, 0, _HEAD_CHARS)
    return first if first >= 0 and _stands_alone(text, first, words) else None


def _is_outer(text: str, start: int, words: str) -> bool:
    return start <= _HEAD_CHARS or start + len(words) >= len(text) - _TAIL_CHARS


def _stands_alone(text: str, start: int, words: str) -> bool:
    """Whether the words are whole: the "AP" of a credit is not the one in "APRIL"."""
    before, after = text[start - 1 : start], text[start + len(words) : start + len(words) + 1]
    return not (before.isalnum() and words[0].isalnum()) and not (after.isalnum() and words[-1].isalnum())
