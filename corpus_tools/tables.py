"""The tables that a frame's run gives: the frame with its dtypes again, and its changes and findings, a row each."""

from __future__ import annotations

import contextlib
from typing import Any

import pandas as pd

from corpus_tools import audit, cells
from corpus_tools.contract import COLUMNS
from corpus_tools.io.chunk import Chunk
from corpus_tools.pipeline import Chain
from corpus_tools.report import notebook
from corpus_tools.rules.judgement import judged_flags

FINDING_COLUMNS = ("code", "name", "severity", "says", "column", "start", "end", "evidence", "step", "id", "row")
CHANGE_COLUMNS = ("row", "id", "step", "column", "rule", "edits", "old", "new")


class Findings(pd.DataFrame):
    """A table of findings that shows its sentences in full, in notebooks and on plain consoles.

    Else it is a frame like any other, and so is what is made of it.
    """

    @property
    def _constructor(self) -> type[Findings]:
        return Findings

    def _repr_html_(self) -> str | None:
        """The first findings as a table; pandas' own where columns are gone."""
        if not self._is_whole():
            return pd.DataFrame(self)._repr_html_()  # type: ignore[operator, no-any-return]  # the stubs lack it
        return notebook.findings_html(self._first(), len(self))

    def __repr__(self) -> str:
        return notebook.findings_text(self._first(), len(self)) if self._is_whole() else super().__repr__()

    def _is_whole(self) -> bool:
        return set(FINDING_COLUMNS) <= set(self.columns) and self.columns.is_unique

    def _first(self) -> list[dict[str, Any]]:
        return pd.DataFrame(self).head(notebook.ROWS).to_dict("records")  # type: ignore[return-value]  # names are str


def with_dtypes(frame: pd.DataFrame, df: pd.DataFrame, written: set[str]) -> pd.DataFrame:
    """The frame with the caller's own columns as they came, and numbers as numbers: float64, or Int64 for counts."""
    columns: dict[str, Any] = {}
    for name in df.columns:
        if name in frame.columns and name not in COLUMNS and name not in written:
            columns[name] = df[name].array
    for name in written & set(frame.columns):
        kind = COLUMNS[name].kind if name in COLUMNS else None
        if kind in ("number", "integer"):
            with contextlib.suppress(TypeError, ValueError, OverflowError):  # what somebody else wrote there
                columns[name] = frame[name].astype("float64" if kind == "number" else "Int64")
    return frame.assign(**columns)


def changes_of(chunk: Chunk) -> pd.DataFrame:
    """Every edit of a cell: a row each, in the order of the records."""
    ids = cells.objects(chunk.frame, "id")
    rows = []
    # A frame that was read may have `flags` without a value; filling that is no change anybody made.
    told = (change for change in chunk.changes if not (change.column == "flags" and change.old is None))
    for change in sorted(told, key=lambda change: change.row):
        row = audit.change_row(change, "", 0, ids[change.row])
        rows.append({"row": change.row} | {name: row.get(name) for name in CHANGE_COLUMNS if name != "row"})
    return _table(rows, CHANGE_COLUMNS)


def findings_of(chunk: Chunk, chain: Chain, rules: str | None) -> Findings:
    """Every flag with its place and evidence: a row each, in the order of the records."""
    found = audit.in_order(chunk.findings)
    judged = judged_flags(rules)
    private = (flag for step, _ in chain for flag in step.flags if flag.code not in judged)
    spelled = audit.finding_rows(chunk, [*judged.values(), *private])
    rows = [row | {"row": finding.row} for finding, row in zip(found, spelled, strict=True)]
    return Findings(_table(rows, FINDING_COLUMNS))


def _table(rows: list[dict[str, Any]], columns: tuple[str, ...]) -> pd.DataFrame:
    try:
        return pd.DataFrame(rows, columns=list(columns))
    except UnicodeEncodeError:  # half of a surrogate pair, from a user's frame, has no place in an Arrow string
        return pd.DataFrame(rows, columns=list(columns), dtype=object)
