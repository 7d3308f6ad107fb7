"""Patterns over whole columns of texts, in linear time: RE2, which pyarrow carries, reads hundreds of MB a second."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

SPACE = r"\s\x0b\x1c-\x1f\x{85}\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}"
"""White space as Python's str.strip knows it, for a class in RE2's dialect, whose own is ASCII's alone."""


class Texts(Sequence[str]):
    r"""A column of texts in the UTF-8 that Arrow keeps; each is a `str` only when it is asked for.

    `odd` holds the texts with a lone surrogate, by number: they have no place in UTF-8, and `column` has a "?" there.

    A null of Arrow's is an empty text.

    >>> texts = Texts(["rain", "\ud800"])
    >>> texts.column.to_pylist(), list(texts)
    (['rain', '?'], ['rain', '\ud800'])
    """

    def __init__(self, texts: Sequence[str] | pa.ChunkedArray) -> None:
        self.odd: dict[int, str] = {}
        if isinstance(texts, pa.ChunkedArray):
            filled = pc.fill_null(texts, "") if texts.null_count else texts
            # Joining chunks copies their bytes, even those of a single one.
            self.column = filled.chunk(0) if filled.num_chunks == 1 else filled.combine_chunks()
            return
        try:
            self.column = pa.array(texts, pa.large_string())
        except UnicodeEncodeError:
            whole = list(map(encodable, texts))
            self.column = pa.array(whole, pa.large_string())
            self.odd = {row: text for row, text in enumerate(texts) if text != whole[row]}

    def __len__(self) -> int:
        return len(self.column)

    def __getitem__(self, row: Any) -> Any:  # a text; slices are for lists
        return self.odd[row] if row in self.odd else self.column[row].as_py()


def matching(texts: Sequence[str] | Texts, pattern: str) -> NDArray[np.bool_]:
    r"""Whether each text holds the pattern (RE2's dialect), shape (texts,); a text with a lone surrogate counts as one.

    >>> matching(["rain", "sun", "\ud800"], "a.n").tolist()
    [True, False, True]
    """
    held = texts if isinstance(texts, Texts) else Texts(texts)
    found = np.array(pc.match_substring_regex(held.column, pattern).to_numpy(zero_copy_only=False), bool)
    found[list(held.odd)] = True
    return found


def encodable(text: str) -> str:
    """The text with a "?" for each lone surrogate: as long as before, and fit for UTF-8."""
    return text.encode("utf-8", "replace").decode()


_MOST_CHARS = 8000
_TELLING = 20  # characters; of the words of our rules, their beginnings let through one line in fifty too many


def patterns_of(words: Iterable[str]) -> tuple[str, ...]:
    r"""Patterns in RE2's dialect, in any case: a text that holds one of the words holds one of the patterns.

    A word's first 20 characters say enough, and words that hold another one say no more than that. There are several
    patterns because RE2 has memory for about 12,000 characters of one, and reads forty times as slowly beyond.

    >>> patterns_of(["reporting by", "additional reporting by", "ferry"])
    ('(?i)ferry|reporting\\s+by',)
    """
    # "i\u0307" is one character of a text's, and is not to be parted.
    whole = _least(word.casefold().replace("i\u0307", "İ") for word in words)
    least = map(quoted, _least(word[:_TELLING].strip() for word in whole))
    groups: list[list[str]] = [[]]
    for word in least:
        if sum(map(len, groups[-1])) > _MOST_CHARS:
            groups.append([])
        groups[-1].append(word)
    return tuple("(?i)" + "|".join(group) for group in groups if group)


def _least(words: Iterable[str]) -> list[str]:
    """The words that hold no other one."""
    every = sorted(set(words))
    return [word for word in every if not any(other in word and other != word for other in every)]


def quoted(word: str) -> str:
    r"""A literal in RE2's dialect; a space stands for any white space, and an apostrophe for both of them.

    >>> print(quoted("what's on?"))
    what['’]s\s+on\?
    """
    # RE2 folds one character to one, and Turkish "İ" is folded to two.
    signs = {" ": r"\s+", "'": "['’]", "’": "['’]", "İ": "(?:i\u0307|İ)"}
    word = word.replace("i\u0307", "İ")
    return "".join(signs.get(char) or ("\\" + char if char in r"\.+*?()|[]{}^$-/&" else char) for char in word)
