"""Two texts side by side in a terminal: what is the same is told briefly, what differs in full."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

_ENDS = 8  # words shown of either end of what is the same
_MARKS = {"same": "=", "changed": "~", "only_one": "<", "only_other": ">", "cut_one": "·", "cut_other": "·"}
_NARROW = 60  # columns; in fewer, one text stands under the other


def side_by_side(passages: Iterable[tuple[str, str, str]], width: int, *, whole: bool = False) -> str:
    """Passages (their kind, the one text, the other text) as lines no wider than `width` columns.

    `=` stands before what is the same, `~` before what differs, `<` and `>` before what only the one or the other has,
    `·` before furniture that was cut. `whole` tells in full what is the same, too.

    >>> passages = [("same", "The ferry sails at ", ""), ("changed", "nine.", "ten."), ("only_one", "Ends.", "")]
    >>> print(side_by_side(passages, 60))
    = The ferry sails at
    ~ nine.                        │ ten.
    < Ends.                        │
    """
    return "\n".join(line for passage in passages for line in _lines(*passage, width, whole))


def _lines(kind: str, one: str, other: str, width: int, whole: bool) -> Iterator[str]:
    mark = _MARKS[kind]
    if kind == "same":
        for line in _wrapped(one if whole else _shortened(one), width - 2):
            yield f"{mark} {line}".rstrip()
        return
    if width < _NARROW:
        for side in filter(None, (one, other)):
            yield from (f"{mark} {line}" for line in _wrapped(side, width - 2))
        return
    half = max((width - 5) // 2, 10)
    left, right = list(_wrapped(one, half)), list(_wrapped(other, half))
    for at in range(max(len(left), len(right))):
        mine, yours = (side[at] if at < len(side) else "" for side in (left, right))
        yield f"{mark} {_padded(mine, half)} │ {yours}".rstrip()


def _shortened(text: str) -> str:
    words = text.split()
    if len(words) <= 3 * _ENDS:
        return " ".join(words)
    between = len(words) - 2 * _ENDS
    return f"{' '.join(words[:_ENDS])} [… {between:,} words …] {' '.join(words[-_ENDS:])}"


def _wrapped(text: str, width: int) -> Iterator[str]:
    """Lines of at most `width` columns; characters of Chinese, Japanese and Korean take two."""
    from rich.cells import cell_len, chop_cells

    line = ""
    for word in text.split():
        for piece in chop_cells(word, width):
            joined = f"{line} {piece}" if line else piece
            if cell_len(joined) > width:
                yield line
                joined = piece
            line = joined
    if line:
        yield line


def _padded(text: str, width: int) -> str:
    from rich.cells import cell_len

    return text + " " * (width - cell_len(text))
