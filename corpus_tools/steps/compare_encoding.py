"""The step that looks for damage which only shows when an outlet's records are laid side by side."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pandas as pd

from corpus_tools import cells
from corpus_tools.protocol import Log, corpus_step
from corpus_tools.rules.parties import Parties, parties
from corpus_tools.text.borderline import LEFT_OVER, borderline, may_be_borderline, proven
from corpus_tools.text.outlet_names import serving_host, squeeze
from corpus_tools.text.urls import site_of

LEAST_RECORDS = 3
"""How many records of an outlet must have a sign: two may be one story and its copy (arbitrary)."""

_COLUMNS = ("title", "text")


Seen = list[tuple[str, list[str]]]
"""Of each record that has any: the outlet, and the signs in it, sorted."""

Numbers = list[tuple[str, str, int]]
"""An outlet, a sign, and how many records of the outlet have it."""


def prepare(frame: pd.DataFrame, *, rules: str | None = None) -> Seen:
    """The signs in each record."""
    plans = cells.entries(frame, "encoding_plan")
    seen: Seen = []
    for row, (outlet, found) in enumerate(zip(_outlets(frame, parties(rules)), _signs(frame), strict=True)):
        signs = {sign for _, sign, _ in found} | ({LEFT_OVER} if proven(plans[row]) else set())
        if outlet is not None and signs:
            seen.append((outlet, sorted(signs)))
    return seen


class _State:
    """How many records of each outlet have each sign: two short words and a number, however long the corpus."""

    def __init__(self, least: int) -> None:
        self._least = least
        self._records: Counter[tuple[str, str]] = Counter()
        self._enough: Numbers = []

    def add(self, prepared: Seen) -> None:
        for outlet, signs in prepared:
            self._records.update((outlet, sign) for sign in signs)

    def resolve(self) -> None:
        """Leave out what is too little to say anything."""
        self._enough = [(*key, number) for key, number in self._records.items() if number >= self._least]

    def answer(self, _records: int) -> Numbers:
        return self._enough

    def close(self) -> None:
        pass


def mark(frame: pd.DataFrame, answer: Numbers, log: Log, *, rules: str | None = None) -> pd.DataFrame:
    """Flag the signs that enough records of the outlet have."""
    enough = {(outlet, sign): number for outlet, sign, number in answer}
    texts = {column: cells.strings(frame, column) for column in _COLUMNS if column in frame.columns}
    for row, (outlet, found) in enumerate(zip(_outlets(frame, parties(rules)), _signs(frame), strict=True)):
        for column, sign, (start, end) in found:
            records = enough.get((outlet or "", sign))
            if records:
                evidence = (texts[column][row] or "")[start:end]
                says = f"It may be damage ({sign}): {records} records of {outlet} have the same sign."
                log.flag(row, "EN006", column=column, start=start, end=end, evidence=evidence, says=says)
    return frame


def _outlets(frame: pd.DataFrame, known: Parties) -> list[str | None]:
    """The site that served each record, else the outlet's name: one system writes what one site shows."""
    found = []
    for url, source in zip(cells.strings(frame, "url"), cells.strings(frame, "source"), strict=True):
        host = serving_host(url)
        party = known.named(source) if source and not host else None
        found.append(site_of(host) or (party.id if party else squeeze(source) if source else None) or None)
    return found


def _signs(frame: pd.DataFrame) -> list[list[tuple[str, str, tuple[int, int]]]]:
    """By record: column, sign and span of each borderline string."""
    found: list[list[tuple[str, str, tuple[int, int]]]] = [[] for _ in range(len(frame))]
    for column in _COLUMNS:
        if column in frame.columns:
            texts = [text or "" for text in cells.strings(frame, column)]
            for row in may_be_borderline(texts).nonzero()[0].tolist():
                found[row] += [(column, sign, span) for sign, span in borderline(texts[row])]
    return found


@corpus_step(reads=["text"], flags=["EN006"], prepare=prepare, mark=mark)
def compare_encoding(
    *, least_records: int = LEAST_RECORDS, rules: str | None = None
) -> Any:  # the state of this step; a corpus step's function returns it
    """Strings that may be damaged are flagged where other records of the same outlet have the same sign.

    One "Itís" proves nothing; three records of one outlet with it do. What `fix_encoding` repaired in an outlet's
    records is proof as well: a lone "Ã" beside it is flagged. Nothing is changed. `least_records` is how many records
    of an outlet, this one among them, must have the sign.

    >>> flagged = compare_encoding(pd.DataFrame({
    ...     "text": ["Itís open.", "Donít go.", "Heís here.", "Itís me."], "source": ["A", "A", "A", "B"]}))
    >>> flagged["flags"].tolist()
    [['EN006'], ['EN006'], ['EN006'], []]
    """
    parties(rules)  # what can't be read is told before the corpus is
    return _State(least_records)
