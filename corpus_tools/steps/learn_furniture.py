"""Furniture that no list knows: lines which one outlet prints at the head or the foot of many of its pages."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import pandas as pd

from corpus_tools import cells
from corpus_tools.errors import UsageError
from corpus_tools.index.repeats import BARRIER, HEAD, MOST_HEAD, MOST_TAIL, TAIL, Repeats, cut_lines, line_hash
from corpus_tools.protocol import Log, corpus_step
from corpus_tools.rules.furniture import line_key
from corpus_tools.rules.parties import Parties, parties
from corpus_tools.text.bylines import is_signed
from corpus_tools.text.cuts import Span, without
from corpus_tools.text.lines import Line, head_lines, tail_lines
from corpus_tools.text.notices import notice_kinds
from corpus_tools.text.outlet_names import serving_host, squeeze
from corpus_tools.text.urls import site_of

_LONGEST = 200  # characters of a furniture line
_LEAST_CHARS, _LEAST_SHARE = 200, 0.3  # what cuts must leave of an article
LEAST_RECORDS = 10
"""How many records of an outlet must have a line: fewer may be one story in several versions (arbitrary)."""


Ends = tuple[str | None, list[int], list[int]]
"""The outlet of a record, and the hashes of its lines from the first downwards and from the last upwards."""

Learned = dict[str, list[int]]
"""By outlet, the hashes of the lines it repeats."""


def prepare(frame: pd.DataFrame, *, rules: str | None = None) -> list[Ends]:
    """The ends of each record."""
    return [
        (outlet, [number for _, number in head], [number for _, number in tail])
        for outlet, head, tail in _records(frame, parties(rules))
    ]


class _State:
    """The ends of all records, then the lines that each outlet repeats."""

    def __init__(self, least: int) -> None:
        self._least = least
        self._repeats = Repeats()
        self._learned: Mapping[str, frozenset[int]] = {}
        self._next_row = 0

    def add(self, prepared: list[Ends]) -> None:
        for outlet, head, tail in prepared:
            self._repeats.add(outlet, head, tail)

    def resolve(self) -> None:
        self._learned = self._repeats.learn(self._least)

    def answer(self, records: int) -> Learned:
        first, self._next_row = self._next_row, self._next_row + records
        outlets = self._repeats.outlets(first, self._next_row)
        return {outlet: sorted(self._learned[outlet]) for outlet in outlets if outlet in self._learned}

    def close(self) -> None:
        pass


def mark(
    frame: pd.DataFrame, answer: Learned, log: Log, *, learned_furniture: str = "report", rules: str | None = None
) -> pd.DataFrame:
    """Report or cut the learned lines of each record."""
    learned = {outlet: frozenset(lines) for outlet, lines in answer.items()}
    texts = cells.objects(frame, "text")
    for row, (outlet, head, tail) in enumerate(_records(frame, parties(rules))):
        text, gone = texts[row], learned.get(outlet or "")
        if not (isinstance(text, str) and text and gone):
            continue
        lines = _repeated(head, HEAD, gone) + _repeated(tail, TAIL, gone)
        lines = sorted({line.start: line for line in lines}.values())
        if learned_furniture == "report":
            for line in lines:
                log.flag(row, "SY004", column="text", start=line.start, end=line.end, evidence=line.text)
        elif lines:
            texts[row] = _cut(row, text, lines, log)
    if learned_furniture == "cut":
        cells.put(frame, "text", texts)
    return frame


def _records(
    frame: pd.DataFrame, known: Parties
) -> list[tuple[str | None, list[tuple[Line, int]], list[tuple[Line, int]]]]:
    texts, chains = cells.strings(frame, "text"), cells.lists(frame, "syndication_chain")
    urls, sources = cells.strings(frame, "url"), cells.strings(frame, "source")
    found = []
    for text, url, source, chain in zip(texts, urls, sources, chains, strict=True):
        credited = [str(hop.get("evidence") or "") for hop in chain if isinstance(hop, dict)]
        head = _hashed(head_lines(text or "", MOST_HEAD, 4000), credited)
        tail = _hashed(tail_lines(text or "", MOST_TAIL, 6000), credited)
        found.append((_outlet(url, source, known), head, tail))
    return found


def _outlet(url: str | None, source: str | None, known: Parties) -> str | None:
    """The owner where we know one, for its papers share their pages; else the site, else the name."""
    host = serving_host(url)
    party = known.at_host(host) or (known.named(source) if source and not host else None)
    if party is not None:
        return party.owner or party.id
    return site_of(host) or (squeeze(source) if source else None)


def _hashed(lines: Sequence[Line], credited: Sequence[str]) -> list[tuple[Line, int]]:
    return [(line, _hash(line.text, credited)) for line in lines]


def _hash(line: str, credited: Sequence[str]) -> int:
    """The hash of a line; the barrier for what must stay: paragraphs, bylines, notices and evidence of the chain."""
    if len(line) > _LONGEST or is_signed(line) or notice_kinds(line):
        return BARRIER
    key = line_key(line)
    if not key or any(line in credit or credit in line for credit in credited if credit):
        return BARRIER
    return line_hash(key)


def _repeated(side: Sequence[tuple[Line, int]], near: int, gone: frozenset[int]) -> list[Line]:
    return [side[number][0] for number in cut_lines([number for _, number in side], near, gone)]


def _cut(row: int, text: str, lines: Sequence[Line], log: Log) -> str:
    spans: list[Span] = []
    for line in lines:
        start, end = text.rfind("\n", 0, line.start) + 1, text.find("\n", line.end)
        end = len(text) if end < 0 else end + 1
        while text[end : end + 1] == "\n":  # the blank lines below go with it
            end += 1
        spans.append((start, end, f"learned: {line.text}"))
    left = len(text) - sum(end - start for start, end, _ in spans)
    if left < max(_LEAST_CHARS, _LEAST_SHARE * len(text)):
        return text
    for start, end, rule in spans:
        log.because(row, "text", start, end, rule)
    whole = without(text, spans)
    return whole.rstrip() if spans[-1][1] == len(text) else whole


@functools.cache
def _check(how: str) -> None:
    if how not in ("report", "cut"):
        raise UsageError(f"learned_furniture={how!r} is neither 'report' nor 'cut'.")


@corpus_step(reads=["text"], edits=["text"], flags=["SY004"], prepare=prepare, mark=mark)
def learn_furniture(
    *,
    learned_furniture: Literal["report", "cut"] = "report",
    least_records: int = LEAST_RECORDS,
    rules: str | None = None,
) -> Any:  # the state of this step; a corpus step's function returns it
    """Find the lines that one outlet repeats at the head or foot of its records, and report or cut them.

    A line is learned where `least_records` of one outlet have it near an end, and no other outlet has it: what two
    print may be a story. Credits, bylines, notices and paragraphs are never learned. `cut` cuts the lines, each
    with its own rule `learned: …` in the ledger; `report` only flags them.
    """
    _check(learned_furniture)
    parties(rules)  # what can't be read is told before the corpus is
    return _State(least_records)
