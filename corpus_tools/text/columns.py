"""Patterns over whole columns of texts, in linear time: RE2, which pyarrow carries, reads hundreds of MB a second."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

SPACE = r"\s\x0b\x1c-\x1f\x{85}\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}"
"""White space as Python's str.strip knows it, for a class in RE2's dialect, whose own is ASCII's alone."""


def matching(texts: Sequence[str], pattern: str) -> NDArray[np.bool_]:
    r"""Whether each text holds the pattern (RE2's dialect), shape (texts,); a text with a lone surrogate counts as one.

    >>> matching(["rain", "sun", "\ud800"], "a.n").tolist()
    [True, False, True]
    """
    return matching_each(texts, [pattern])[0]


def matching_each(texts: Sequence[str], patterns: Sequence[str]) -> list[NDArray[np.bool_]]:
    """The same for several patterns; the texts are handed over once."""
    try:
        column = pa.array(texts, pa.large_string())
    except UnicodeEncodeError:  # Arrow can't hold a lone surrogate
        whole = list(map(encodable, texts))
        broken = np.array([one != other for one, other in zip(texts, whole, strict=True)])
        return [broken | found for found in matching_each(whole, patterns)]
    found = [pc.match_substring_regex(column, pattern) for pattern in patterns]
    return [np.array(mask.to_numpy(zero_copy_only=False), bool) for mask in found]


def encodable(text: str) -> str:
    """The text with a "?" for each lone surrogate: as long as before, and fit for UTF-8."""
    return text.encode("utf-8", "replace").decode()


def quoted(word: str) -> str:
    r"""A literal in RE2's dialect; a space stands for any white space, and an apostrophe for both of them.

    >>> print(quoted("what's on?"))
    what['’]s\s+on\?
    """
    # RE2 folds one character to one, and Turkish "İ" is folded to two.
    signs = {" ": r"\s+", "'": "['’]", "’": "['’]", "İ": "(?:i\u0307|İ)"}
    word = word.replace("i\u0307", "İ")
    return "".join(signs.get(char) or ("\\" + char if char in r"\.+*?()|[]{}^$-/&" else char) for char in word)
