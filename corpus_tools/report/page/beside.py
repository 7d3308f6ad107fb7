"""Two texts side by side: what they share stands on one line, and what only one of them has is marked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpus_tools.text.rewording import reworded

_PARAGRAPH = re.compile(r"(?<!\s)\s*\n\s*")
SHOWN = 3_000
"""Characters of each text that are laid side by side."""

Pieces = list[tuple[bool, str]]


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the two columns, each in pieces: whether the piece stands only here, and the piece."""

    left: Pieces
    right: Pieces

    @property
    def is_shared(self) -> bool:
        """Whether both sides say the same."""
        return not any(only for only, _ in (*self.left, *self.right))


def side_by_side(left: str, right: str) -> list[Line]:
    r"""Two texts as rows. A new row begins where both have a line end, or where one has a paragraph of its own.

    >>> for line in side_by_side("The ferry sails.\nIt is late.", "The old ferry sails.\nIt is late.\n–ANA"):
    ...     print(line.left, line.right)
    [(False, 'The'), (False, ' ferry sails.')] [(False, 'The'), (True, ' old'), (False, ' ferry sails.')]
    [(False, 'It is late.')] [(False, 'It is late.')]
    [] [(True, '–ANA')]
    """
    lines = [Line([], [])]
    stretches = reworded(left[:SHOWN], right[:SHOWN])
    for at, stretch in enumerate(stretches):
        if stretch.is_same:
            for number, part in enumerate(_PARAGRAPH.split(stretch.old)):
                if number:
                    lines.append(Line([], []))
                _put(lines[-1].left, False, part)
                _put(lines[-1].right, False, part)
            continue
        parts = _abreast(_PARAGRAPH.split(stretch.old), _PARAGRAPH.split(stretch.new), is_last=at == len(stretches) - 1)
        for number, (one, other) in enumerate(parts):
            if number:
                lines.append(Line([], []))
            _put(lines[-1].left, True, one)
            _put(lines[-1].right, True, other)
    return [line for line in lines if line.left or line.right]


def _abreast(mine: list[str], yours: list[str], *, is_last: bool) -> Iterator[tuple[str, str]]:
    """Paragraphs in pairs. Where one side has more of them, the last ones belong together: what both share follows."""
    rest = [""] * abs(len(mine) - len(yours))
    shorter, longer = sorted((mine, yours), key=len)
    padded = shorter + rest if is_last else rest + shorter
    return zip(padded, longer, strict=True) if shorter is mine else zip(longer, padded, strict=True)


def _put(pieces: Pieces, is_only: bool, text: str) -> None:
    if text:
        pieces.append((is_only, text))
