"""Two texts side by side in a terminal: what is the same is told briefly, what differs in full."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from corpus_tools.report.columns import padded, wrapped

_ENDS = 8  # words shown of either end of what is the same
_ENDS_ALONE = 40  # and of what only one text has
_MARKS = {"same": "=", "changed": "~", "only_one": "<", "only_other": ">", "cut": "·"}
_NARROW = 60  # columns; in fewer, one text stands under the other


def side_by_side(passages: Iterable[tuple[str, str, str]], width: int, *, whole: bool = False) -> str:
    """Passages (their kind, the one text, the other text) as lines no wider than `width` columns.

    `=` stands before what is the same, `~` before what differs, `<` and `>` before what only the one or the other has,
    `·` before furniture that was cut. `whole` tells in full what is long and stands in both, or in one alone.

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
        yield from (f"{mark} {line}".rstrip() for line in wrapped(one if whole else _shortened(one, _ENDS), width - 2))
        return
    if not whole and kind in ("only_one", "only_other"):
        one, other = (_shortened(text, _ENDS_ALONE) for text in (one, other))
    if width < _NARROW:
        for side in filter(None, (one, other)):
            yield from (f"{mark} {line}" for line in wrapped(side, width - 2))
        return
    half = max((width - 5) // 2, 10)
    left, right = list(wrapped(one, half)), list(wrapped(other, half))
    for at in range(max(len(left), len(right))):
        mine, yours = (side[at] if at < len(side) else "" for side in (left, right))
        yield f"{mark} {padded(mine, half)} │ {yours}".rstrip()


def _shortened(text: str, ends: int) -> str:
    """A text with a few of its words at either end; the whole of it where that is hardly longer."""
    words = text.split()
    if len(words) <= 3 * ends:
        return text
    between = len(words) - 2 * ends
    return f"{' '.join(words[:ends])} [… {between:,} words …] {' '.join(words[-ends:])}"
