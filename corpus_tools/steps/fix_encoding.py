"""The step that repairs damaged characters, and keeps the plan of each repair."""

from __future__ import annotations

from typing import Any

import pandas as pd

from corpus_tools import cells
from corpus_tools.ledger import span_edits
from corpus_tools.protocol import Log, step
from corpus_tools.text import encoding


@step(
    reads=["text"],
    edits=["title", "text"],
    adds=["encoding_plan"],
    flags=["EN001", "EN002", "EN004"],
)
def fix_encoding(frame: pd.DataFrame, log: Log) -> pd.DataFrame:
    """Characters that were damaged by a wrong encoding are repaired, where the repair is certain.

    What is not damage is not touched: curly quotes, ligatures, full-width letters and C2PA manifests stay.
    `encoding_plan` is a list of `{column, parts, steps}` in the order they were made, null where nothing was:
    `corpus_tools.text.encoding.replay` makes the new text of the old one. A plan of an earlier run is kept.

    >>> fixed = fix_encoding(pd.DataFrame({"text": ["schÃ¶n"]}))
    >>> fixed["text"][0], fixed["flags"][0]
    ('schön', ['EN001'])
    >>> fixed["encoding_plan"][0]
    [{'column': 'text', 'parts': [0], 'steps': [['encode', 'latin-1'], ['decode', 'utf-8']]}]
    """
    plans = [list(plan) for plan in cells.lists(frame, "encoding_plan")]
    for column in ("title", "text"):
        if column in frame.columns:
            _fix_column(frame, column, plans, log)
    cells.put(frame, "encoding_plan", [plan or None for plan in plans])
    return frame


def _fix_column(frame: pd.DataFrame, column: str, plans: list[list[dict[str, Any]]], log: Log) -> None:
    values, changed = cells.objects(frame, column), False
    for row, old in enumerate(values):
        if not isinstance(old, str):
            continue
        new, repairs = encoding.repair(old)
        if new != old:
            values[row], changed = new, True
            plans[row] += [{"column": column, **made} for made in repairs]
            first = span_edits(old, new)[0]
            log.flag(row, "EN001", column=column, start=first.start, end=first.end, evidence=first.old)
        elif any(entry.get("column") == column for entry in plans[row]):
            log.flag(row, "EN001", column=column)  # by an earlier run, which has the evidence
        for code, span in (("EN002", encoding.damage(new)), ("EN004", encoding.lost(new))):
            if span is not None:
                # Offsets count in the text as it came; after a repair they would point beside the place.
                start, end = span if new == old else (None, None)
                log.flag(row, code, column=column, start=start, end=end, evidence=new[slice(*span)])
    if changed:
        cells.put(frame, column, values)
