"""From one text to the other, word by word and to the letter: what stayed, what went, and what came instead.

`text/alignment.py` asks whether two texts are one story, so case, punctuation and spaces are nothing to it. Who reads
what an edit did wants to see every character of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus_tools.text.alignment import align
from corpus_tools.text.scripts import joining, without_spaces


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of two texts side by side: `old` and `new` are equal where nothing was changed."""

    old: str
    new: str

    @property
    def is_same(self) -> bool:
        """Whether nothing was changed here."""
        return self.old == self.new


def reworded(old: str, new: str) -> list[Stretch]:
    """The stretches of two texts in order; put together, each side is its text.

    The time grows with the length of the texts, not with its square.

    >>> for stretch in reworded("The ferry sails at nine.", "The old ferry sails at ten!"):
    ...     print(stretch)
    Stretch(old='The', new='The')
    Stretch(old='', new=' old')
    Stretch(old=' ferry sails at ', new=' ferry sails at ')
    Stretch(old='nine.', new='ten!')
    """
    numbers: dict[str, int] = {}
    (mine, starts), (yours, starts_there) = (_pieces(text, numbers) for text in (old, new))
    found: list[Stretch] = []
    for segment in align(mine, yours):
        stretch = Stretch(
            old[starts[segment.one[0]] : starts[segment.one[1]]],
            new[starts_there[segment.other[0]] : starts_there[segment.other[1]]],
        )
        if len(found) > 1 and _is_only_space(found[-1]) and not (stretch.is_same or found[-2].is_same):
            # Two changed words with a space between them are one change to a reader.
            between, before = found.pop(), found.pop()
            stretch = Stretch(before.old + between.old + stretch.old, before.new + between.new + stretch.new)
        elif found and not (stretch.is_same or found[-1].is_same):
            before = found.pop()
            stretch = Stretch(before.old + stretch.old, before.new + stretch.new)
        found.append(stretch)
    return found


def _is_only_space(stretch: Stretch) -> bool:
    return stretch.is_same and stretch.old.isspace() and "\n" not in stretch.old


def _pieces(text: str, numbers: dict[str, int]) -> tuple[list[int], list[int]]:
    """Words, spaces and signs as numbers, and where each begins, with the end of the text behind them."""
    found = [(match.group(), match.start()) for match in _PIECE.finditer(text)]
    return [numbers.setdefault(piece, len(numbers)) for piece, _ in found], [start for _, start in found] + [len(text)]


# Where a script has no spaces, every character is a word.
_PIECE = re.compile(rf"[{without_spaces()}][{joining()}]*|[^\W_{without_spaces()}]+[{joining()}]*|\s+|.", re.DOTALL)
