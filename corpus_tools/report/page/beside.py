"""Two texts side by side: what they share stands on one line, and what only one of them has is marked."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass

_WORDS = re.compile(r"\s+|[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]|\w+|.")
_PARAGRAPH = re.compile(r"\n\s*\n|\n")
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
    """Two texts as rows. A new row begins where both have a line end in what they share.

    >>> for line in side_by_side("The ferry sails.\\nIt is late.", "The old ferry sails.\\nIt is late.\\n–ANA"):
    ...     print(line.left, line.right)
    [(False, 'The ferry sails.')] [(False, 'The '), (True, 'old '), (False, 'ferry sails.')]
    [(False, 'It is late.')] [(False, 'It is late.'), (True, '\\n–ANA')]
    """
    one, other = _WORDS.findall(left[:SHOWN]), _WORDS.findall(right[:SHOWN])
    lines: list[Line] = []
    here: Pieces = []
    there: Pieces = []
    matcher = difflib.SequenceMatcher(None, one, other, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        mine, yours = "".join(one[a:b]), "".join(other[c:d])
        if kind != "equal":
            here += [(True, mine)] if mine else []
            there += [(True, yours)] if yours else []
            continue
        first, *rest = _PARAGRAPH.split(mine)
        for part in (first, *rest):
            if part is not first:
                lines.append(Line(here, there))
                here, there = [], []
            if part:
                here.append((False, part))
                there.append((False, part))
    lines.append(Line(here, there))
    return [line for line in lines if line.left or line.right]
