"""Which records of a column may carry evidence of syndication: few do, and one look at whole columns finds them.

Each kind of evidence has a pattern, or a word, without which it can't be. What these leave is looked at closely, record
by record; they may let too much through, and never too little.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from corpus_tools.text.bylines import MAY_BE_BYLINE
from corpus_tools.text.credits import CREDIT_SHAPES, MAY_BE_ISSUER, MAY_BE_NAME, NO_SENTENCE, is_shaped
from corpus_tools.text.datelines import MAY_OPEN, is_dated
from corpus_tools.text.line_table import LineTable
from corpus_tools.text.lines import ISSUER_TAIL, LABEL_HEAD, LABEL_TAIL, MOST_HEAD, MOST_TAIL

_WORD = re.compile(r"\w+")


class Known(Protocol):
    """What a directory of parties must say of its names and sentences."""

    @property
    def signs(self) -> tuple[str, ...]: ...  # noqa: D102  # the names say it
    @property
    def wires(self) -> Names: ...  # noqa: D102
    @property
    def signers(self) -> Names: ...  # noqa: D102
    @property
    def label_signs(self) -> str: ...  # noqa: D102
    def sentences_in(self, line: str) -> Sequence[tuple[Any, re.Match[str]]]: ...  # noqa: D102  # a rule of any table


class Names:
    """Names, to be found in lines as short as bylines and credits are: in any case, but codes as they are written."""

    def __init__(self, names: Iterable[str], codes: Iterable[str]) -> None:
        self._by_first: dict[str, list[tuple[list[str], str]]] = defaultdict(list)
        for name, code in [*((name, "") for name in names), *((code, code) for code in codes)]:
            first, *others = _words(name)
            self._by_first[first].append((others, code))

    def are_in(self, line: str) -> bool:
        """Whether a line holds one of the names, word by word.

        >>> agencies = Names(["Associated Press"], ["AP"])
        >>> agencies.are_in("By ASSOCIATED PRESS"), agencies.are_in("The ap store"), agencies.are_in("the press")
        (True, False, False)
        """
        words = _words(line)
        if self._by_first.keys().isdisjoint(words):
            return False  # true of nearly all lines
        return any(
            words[at : at + len(others)] == others and code in line
            for at, word in enumerate(words, 1)
            for others, code in self._by_first.get(word, ())
        )


@dataclass(slots=True)
class Candidates:
    """What one text holds: sentences by their lines, lines with a dateline's shape, and whether others may be there."""

    sentences: dict[str, Sequence[tuple[Any, re.Match[str]]]] = field(default_factory=dict)
    datelines: set[str] = field(default_factory=set)
    credit: bool = False
    label: bool = False
    byline: bool = False


def candidates(table: LineTable, known: Known) -> dict[int, Candidates]:
    """The candidates of each text that has any, by its number; `table` holds the lines of all texts."""
    found: dict[int, Candidates] = defaultdict(Candidates)
    for row, lines in table.found(*known.signs).items():
        first = table.counts[row] - MOST_TAIL
        near = (line for number, line in lines.items() if number < MOST_HEAD or number >= first)
        sentences = {line: matches for line in near if (matches := known.sentences_in(line))}
        if sentences:
            found[row].sentences = sentences
    _look_at_heads(table.where(table.from_head < MOST_HEAD), known, found)
    _look_at_tails(table.where(table.from_tail < MOST_TAIL), known, found)
    return dict(found)


def _look_at_heads(head: LineTable, known: Known, found: dict[int, Candidates]) -> None:
    """Find datelines, bylines and labels in the first lines."""
    for row, lines in head.found(MAY_OPEN).items():
        dated = set(filter(is_dated, lines.values()))
        if dated:
            found[row].datelines = dated
    for row, lines in head.found(MAY_BE_BYLINE).items():
        if any(map(known.signers.are_in, lines.values())):
            found[row].byline = True
    for row in head.where(head.from_head < LABEL_HEAD).found(known.label_signs):
        found[row].label = True


def _look_at_tails(tail: LineTable, known: Known, found: dict[int, Candidates]) -> None:
    """Find credits and labels in the last lines."""
    for row, lines in tail.found(CREDIT_SHAPES).items():
        if any(map(is_shaped, lines.values())):
            found[row].credit = True
    for row, lines in tail.holding(NO_SENTENCE).found(MAY_BE_NAME).items():
        if any(map(known.wires.are_in, lines.values())):
            found[row].credit = True
    for row in tail.where(tail.from_tail < ISSUER_TAIL).found(MAY_BE_ISSUER):
        found[row].credit = True
    for row in tail.where(tail.from_tail < LABEL_TAIL).found(known.label_signs):
        found[row].label = True


def _words(line: str) -> list[str]:
    return _WORD.findall(line.casefold())
