"""The step that repairs damaged characters, and keeps the plan of each repair."""

from __future__ import annotations

from typing import Any

import pandas as pd

from corpus_tools import cells
from corpus_tools.ledger import span_edits
from corpus_tools.protocol import Log, step
from corpus_tools.text import encoding
from corpus_tools.text.columns import Texts
from corpus_tools.text.markup import markup

_WAS_CUT = "Markup of the page stood in the text; what can be nothing else was cut."


@step(
    reads=["text"],
    edits=["title", "text"],
    adds=["encoding_plan"],
    flags=["EN001", "EN002", "EN004", "EN005"],
)
def fix_encoding(frame: pd.DataFrame, log: Log) -> pd.DataFrame:
    """Characters that were damaged by a wrong encoding are repaired, where the repair is certain.

    What is not damage is not touched: curly quotes, ligatures, full-width letters and C2PA manifests stay. Markup that
    was left in the text is flagged, and cut where it can be nothing else. `encoding_plan` is a list of `{column, parts,
    steps}` in the order they were made, null where nothing was: `corpus_tools.text.encoding.replay` makes the new text
    of the old one. A plan of an earlier run is kept.

    >>> fixed = fix_encoding(pd.DataFrame({"text": ["schÃ¶n"]}))
    >>> fixed["text"][0], fixed["flags"][0]
    ('schön', ['EN001'])
    >>> fixed["encoding_plan"][0]
    [{'column': 'text', 'parts': [0], 'steps': [['encode', 'latin-1'], ['decode', 'utf-8']]}]
    """
    plans = [list(plan) for plan in cells.entries(frame, "encoding_plan")]
    for column in ("title", "text"):
        if column in frame.columns:
            _fix_column(frame, column, plans, log)
    cells.put(frame, "encoding_plan", [plan or None for plan in plans])
    return frame


def _fix_column(frame: pd.DataFrame, column: str, plans: list[list[dict[str, Any]]], log: Log) -> None:
    texts = Texts(cells.texts(frame, column))
    repaired, earlier = encoding.repair_all(texts), _earlier(frame, column, plans)
    changed: dict[int, str] = {}
    for row in sorted({*repaired, *earlier}):
        old = texts[row]
        new, repairs = repaired.get(row, (old, []))
        if new != old:
            changed[row] = new
            plans[row] += [{"column": column, **made} for made in repairs]
            _flag_repair(log, row, column, old, new, repairs)
        for code, done in (("EN005", encoding.cuts_markup), ("EN001", encoding.repairs_characters)):
            if done(earlier.get(row, [])) and not done(repairs):
                log.flag(row, code, column=column)  # by an earlier run, which has the evidence
        if row in repaired:
            _flag_what_stays(log, row, column, new, shift=row in changed)
    cells.replace(frame, column, changed)


def _earlier(frame: pd.DataFrame, column: str, plans: list[list[dict[str, Any]]]) -> dict[int, list[dict[str, Any]]]:
    """What an earlier run says that it did to a column, by row; nothing where the cell is no text."""
    told = {row: [entry for entry in plan if entry.get("column") == column] for row, plan in enumerate(plans) if plan}
    values = cells.strings(frame, column) if told else []
    return {row: entries for row, entries in told.items() if values[row] is not None}


def _flag_repair(log: Log, row: int, column: str, old: str, new: str, repairs: list[dict[str, Any]]) -> None:
    first, *_ = log.edits[old, new] = span_edits(old, new)
    if encoding.cuts_markup(repairs):
        span = markup(old) or (first.start, first.end)
        log.flag(row, "EN005", column=column, start=span[0], end=span[1], evidence=old[slice(*span)], says=_WAS_CUT)
    if encoding.repairs_characters(repairs):
        log.flag(row, "EN001", column=column, start=first.start, end=first.end, evidence=first.old)


def _flag_what_stays(log: Log, row: int, column: str, text: str, *, shift: bool) -> None:
    for code, span in (("EN002", encoding.damage(text)), ("EN004", encoding.lost(text)), ("EN005", markup(text))):
        if span is not None:
            # Offsets count in the text as it came; after a repair they would point beside the place.
            start, end = (None, None) if shift else span
            log.flag(row, code, column=column, start=start, end=end, evidence=text[slice(*span)])
