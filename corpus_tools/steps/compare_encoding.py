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


class _State:
    """How many records of each outlet have each sign: two short words and a number, however long the corpus."""

    def __init__(self, least: int, known: Parties) -> None:
        self._least, self._known = least, known
        self._records: Counter[tuple[str, str]] = Counter()

    def add(self, frame: pd.DataFrame) -> None:
        plans = cells.entries(frame, "encoding_plan")
        for row, (outlet, found) in enumerate(zip(self._outlets(frame), _signs(frame), strict=True)):
            if outlet is not None:
                signs = {sign for _, sign, _ in found} | ({LEFT_OVER} if proven(plans[row]) else set())
                self._records.update((outlet, sign) for sign in signs)

    def resolve(self) -> None:
        """Nothing waits: the numbers are whole when the last chunk was added."""

    def mark(self, frame: pd.DataFrame, log: Log) -> pd.DataFrame:
        texts = {column: cells.strings(frame, column) for column in _COLUMNS if column in frame.columns}
        for row, (outlet, found) in enumerate(zip(self._outlets(frame), _signs(frame), strict=True)):
            for column, sign, (start, end) in found:
                records = self._records[outlet or "", sign]
                if records >= self._least:
                    evidence = (texts[column][row] or "")[start:end]
                    says = f"It may be damage ({sign}): {records} records of {outlet} have the same sign."
                    log.flag(row, "EN006", column=column, start=start, end=end, evidence=evidence, says=says)
        return frame

    def close(self) -> None:
        pass

    def _outlets(self, frame: pd.DataFrame) -> list[str | None]:
        """The site that served each record, else the outlet's name: one system writes what one site shows."""
        found = []
        for url, source in zip(cells.strings(frame, "url"), cells.strings(frame, "source"), strict=True):
            host = serving_host(url)
            party = self._known.named(source) if source and not host else None
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


@corpus_step(reads=["text"], flags=["EN006"])
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
    return _State(least_records, parties(rules))
