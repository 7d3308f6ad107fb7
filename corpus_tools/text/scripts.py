"""Characters as one table: which belong to words, what they fold to, and which are words by themselves.

The table is an array over all code points, so that whole blocks of text are folded by one look-up.
It is made on first use, in about 0.05 s; nothing is made at import.
"""

from __future__ import annotations

import functools
import re
import sys
import unicodedata

import numpy as np
from numpy.typing import NDArray

SOLO = 1 << 31
"""Bit of a character that is a word by itself: its script writes no spaces."""
DIGIT = 1 << 30
"""Bit of a digit."""
UPPER = 1 << 29
"""Bit of a letter that folding made small."""
DROPPED = 1 << 28
"""Value of a character that is skipped, as if it were not there: it only says how its neighbours are shown."""
JOINS = 1 << 27
"""Bit of a sign that belongs to the character before it, in scripts without spaces: a vowel, a tone, a subscript."""
CODE = (1 << 21) - 1
"""Mask of the folded code point itself."""

# Chinese characters, kana, Thai, Lao, Myanmar, Khmer. Hangul writes spaces.
_NO_SPACES = (
    (0x0E01, 0x0E80), (0x0E81, 0x0F00), (0x1000, 0x10A0), (0x1780, 0x1800), (0x3005, 0x3008), (0x3041, 0x3100),
    (0x31F0, 0x3200), (0x3400, 0x4DC0), (0x4E00, 0xA000), (0xA9E0, 0xAA00), (0xF900, 0xFB00), (0xFF66, 0xFFA0),
    (0x20000, 0x32400),
)  # fmt: skip

# Vowels that are written after their consonant and are no marks to Unicode: Thai and Lao a, aa, am.
_FOLLOWING_VOWELS = (0x0E30, 0x0E32, 0x0E33, 0x0E45, 0x0EB0, 0x0EB2, 0x0EB3)

# Soft hyphen, zero-width space, joiners and marks of direction, byte order mark, variation selectors.
_INVISIBLE = ((0xAD, 0xAE), (0x200B, 0x2010), (0x202A, 0x202F), (0x2060, 0x2065), (0xFE00, 0xFE10), (0xFEFF, 0xFF00),
              (0xE0100, 0xE01F0))  # fmt: skip


_SIGNS = (b"Mn", b"Mc")
_MARKS = (*_SIGNS, b"Me")


def _is_sign(char: str) -> bool:
    return ord(char) in _FOLLOWING_VOWELS or unicodedata.category(char).encode() in _SIGNS


@functools.cache
def joining() -> str:
    """The signs that belong to the character before them, as the inside of a character class of `re`."""
    chars = (chr(code) for start, end in _NO_SPACES for code in range(start, min(end, _LAST_MARK)))
    return "".join(filter(_is_sign, chars))


def without_spaces() -> str:
    """The characters of scripts that write no spaces, as the inside of a character class of `re`."""
    return "".join(f"{chr(start)}-{chr(end - 1)}" for start, end in _NO_SPACES)


_LAST_MARK = 0x20000  # above it stand ideographs only, and the invisible ones above
_LAST_LETTER = 0x40000  # and above the ideographs nothing that belongs to words


@functools.cache
def table() -> NDArray[np.uint32]:
    """The fold of every code point, shape (0x110000,): 0 outside words, else `CODE` with the bits above.

    >>> [chr(table()[ord(c)] & CODE) for c in "ÄΣς９"]
    ['ä', 'σ', 'σ', '9']
    >>> bool(table()[ord("語")] & SOLO), bool(table()[ord("-")]), bool(table()[0xAD] & DROPPED)
    (True, False, True)
    """
    fold = np.arange(sys.maxunicode + 1, dtype=np.uint32)
    every = fold[:_LAST_LETTER].tobytes().decode("utf-32-le", "surrogatepass")
    word = np.zeros(len(fold), bool)
    for run in re.finditer(r"\w+", every):
        word[run.start() : run.end()] = True
    categories = np.frombuffer("".join(map(unicodedata.category, every[:_LAST_MARK])).encode(), "S2")
    word[:_LAST_MARK] |= np.isin(categories, _MARKS)
    word[ord("_")] = False
    small = _codes(every[:_LAST_MARK].replace("İ", "_").lower())  # the one letter whose small form is two characters
    larger = word[:_LAST_MARK] & (small != fold[:_LAST_MARK])
    larger[ord("İ")] = False
    fold[:_LAST_MARK][larger] = small[larger] | UPPER
    fold[[ord("ς"), ord("Σ")]] = ord("σ"), ord("σ") | UPPER
    for wide in range(0xFF01, 0xFF5F):  # full-width forms of ASCII
        if word[wide]:
            fold[wide] = (fold[wide - 0xFEE0] & CODE) | (fold[wide - 0xFEE0] & UPPER)
    for run in re.finditer(r"\d+", every):
        fold[run.start() : run.end()] |= DIGIT
    sign = np.isin(categories, _SIGNS)
    sign[list(_FOLLOWING_VOWELS)] = True
    for start, end in _NO_SPACES:
        fold[start:end] |= SOLO
        # A consonant with its signs is one word: five of them are two words of Thai, where five signs are one.
        joins = start + np.flatnonzero(sign[start:end])
        fold[joins] = (fold[joins] & ~np.uint32(SOLO)) | JOINS
    fold[~word] = 0
    for start, end in _INVISIBLE:
        fold[start:end] = DROPPED
    fold.flags.writeable = False
    return fold


def _codes(text: str) -> NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


_SURELY_COMPOSED = 0x3000
_JAMO = slice(0x1100, 0x1200)


@functools.cache
def _composing() -> NDArray[np.bool_]:
    found = [unicodedata.category(char)[0] == "M" or not unicodedata.is_normalized("NFC", char)
             for char in map(chr, range(_SURELY_COMPOSED))]  # fmt: skip
    composing = np.array(found)
    composing[_JAMO] = True
    return composing


def may_compose(codes: NDArray[np.uint32]) -> bool:
    """Whether NFC may join characters of a text or put others in their place; True where that takes a closer look.

    >>> may_compose(np.array([0x201C, 0xE9], np.uint32)), may_compose(np.array([0x301], np.uint32))
    (False, True)
    """
    return bool((codes >= _SURELY_COMPOSED).any() or _composing()[codes].any())
