"""Two texts side by side: what they share stands on one line, and what only one of them has is marked."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass

_WORDS = re.compile(r"\s+|[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]|\w+|.")
_PARAGRAPH = re.compile(r"\s*\n\s*")
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
    stretches = list(_stretches(left[:SHOWN], right[:SHOWN]))
    for at, (is_shared, mine, yours) in enumerate(stretches):
        if is_shared:
            for number, part in enumerate(_PARAGRAPH.split(mine)):
                if number:
                    lines.append(Line([], []))
                _put(lines[-1].left, False, part)
                _put(lines[-1].right, False, part)
            continue
        parts = _abreast(_PARAGRAPH.split(mine), _PARAGRAPH.split(yours), is_last=at == len(stretches) - 1)
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


def _stretches(left: str, right: str) -> Iterator[tuple[bool, str, str]]:
    """What is shared and what is not, in turns; a space between two changed words is taken as changed with them."""
    one, other = _WORDS.findall(left), _WORDS.findall(right)
    codes = difflib.SequenceMatcher(None, one, other, autojunk=False).get_opcodes()
    waiting = ["", ""]
    for number, (kind, a, b, c, d) in enumerate(codes):
        mine, yours = "".join(one[a:b]), "".join(other[c:d])
        is_between = 0 < number < len(codes) - 1 and mine.isspace() and "\n" not in mine
        if kind != "equal" or is_between:
            waiting[0] += mine
            waiting[1] += yours
            continue
        if any(waiting):
            yield False, waiting[0], waiting[1]
            waiting = ["", ""]
        yield True, mine, yours
    if any(waiting):
        yield False, waiting[0], waiting[1]


def _put(pieces: Pieces, is_only: bool, text: str) -> None:
    if text:
        pieces.append((is_only, text))
