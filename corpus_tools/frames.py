"""The door for pandas users: a frame in, a frame out, and what was found on the way.

`ct.clean(df)` gives `frame`, `removed`, `changes` and `findings`.
"""

from __future__ import annotations

import contextlib
import warnings
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from corpus_tools import audit, cells
from corpus_tools.chain import check_names, load_chain
from corpus_tools.contract import COLUMNS
from corpus_tools.errors import FINDINGS, CorpusToolsError
from corpus_tools.io.conform import frame_chunk
from corpus_tools.pipeline import Chain, Timing, dropped, run_chain
from corpus_tools.report import notebook
from corpus_tools.rules.judgement import judged_flags

if TYPE_CHECKING:
    from corpus_tools.io.chunk import Chunk

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


@dataclass(frozen=True, slots=True, repr=False)
class Cleaned:
    """What `clean` gives: kept records, removed ones, and the tables of changes and findings.

    `frame` and `removed` keep the index of the frame they came from; together they have every row. In `changes` and
    `findings`, `row` is the position in that frame, from 0; `is_kept` says for each position whether it is in `frame`.
    In a notebook it shows where the rows went, and the flags.
    """

    frame: pd.DataFrame
    removed: pd.DataFrame
    changes: pd.DataFrame
    findings: pd.DataFrame
    is_kept: NDArray[np.bool_] = field(repr=False)

    def __repr__(self) -> str:
        return notebook.result_text(self._result())

    def _repr_html_(self) -> str:
        """What a notebook shows."""
        return notebook.result_html(self._result())

    def _result(self) -> notebook.Result:
        first = pd.DataFrame(self.findings).drop_duplicates(["code", "row"])
        flags = [
            notebook.Counted(notebook.judged(str(code), *found.iloc[0][["name", "severity", "says"]]), len(found))
            for code, found in first.groupby("code")
        ]
        relations = Counter(name for name in cells.objects(self.removed, "relation") if name is not None)
        return notebook.Result(
            kept=len(self.frame),
            removed=len(self.removed),
            review=cells.objects(self.frame, "verdict").count("review"),
            relations=dict(sorted(relations.items())),
            flags=flags,
            changes=len(self.changes),
            findings=len(self.findings),
        )


class ValidationFailed(CorpusToolsError):
    """A frame that breaks its schema; `findings` says where (columns as in `Cleaned.findings`)."""

    exit_code = FINDINGS

    def __init__(self, findings: pd.DataFrame) -> None:
        self.findings = findings
        first = findings.iloc[0]
        super().__init__(
            f"{len(findings)} findings; the first: row {first['row']}, {first['column']}: {first['says']} "
            "All of them are in the exception's `findings`."
        )


def clean(
    df: pd.DataFrame,
    *,
    steps: Iterable[str] | None = None,
    column_map: Mapping[str, str] | None = None,
    mark: bool = False,
    rules: str | None = None,
    now: str | None = None,
    schema: str | None = None,
    strip_credits: bool = False,
    step_options: Mapping[str, Mapping[str, Any]] | None = None,
) -> Cleaned:
    """Run the chain over a frame and account for every row.

    The frame needs a column `text` (str); columns of other tools go by their usual names or by `column_map`
    ({"body": "text"}). `mark` keeps every row in `frame`. The caller's frame stays as it is.

    `steps` are names in the order given, None the whole chain; a private step is named by its place,
    `my_steps.py:count_words`. `step_options` has options by step: {"detect_language": {"min_chars": 40}}. `rules` is
    the path of a TOML file with rows of your own; `schema` what `validate` goes by (a name, `my_schema.py:Article` or
    a YAML file); `now` an ISO time against which dates in the future are told where a row has no `retrieved_at`;
    `strip_credits` cuts datelines and credit lines from the text too.

    Raises MissingColumn where there is no text, UnknownName for a step nobody knows, UsageError for an option that
    can't be read.

    >>> df = pd.DataFrame({"headline": ["Ferry back"], "body": ["The ferry to Saint Orrin sails again. "]})
    >>> cleaned = clean(df, steps=["fix_encoding", "flag_provenance"])
    >>> cleaned.frame["title"].to_list(), cleaned.frame["flags"].to_list()[0][:2]
    (['Ferry back'], ['PR001', 'PR002'])
    """
    steps = None if steps is None else list(steps)
    check_names(step_options or (), steps or ())
    common = {"rules": rules, "now": now, "schema": schema, "strip_credits": strip_credits or None}
    chain = load_chain(steps, step_options or {}, common)
    timing = Timing()
    (chunk,) = run_chain([frame_chunk(df, column_map or {})], chain, timing)
    for remark in timing.remarks:
        warnings.warn(remark, stacklevel=2)
    frame = chunk.frame.drop(columns=[name for name in ("source_file", "source_line") if name not in df.columns])
    frame = _with_dtypes(frame, df, {name for step, _ in chain for name in step.writes})
    frame.index = df.index
    drop = np.zeros(len(frame), dtype=bool) if mark else dropped(frame)
    return Cleaned(frame[~drop], frame[drop], _changes(chunk), _findings(chunk, chain, rules), ~drop)


def check(df: pd.DataFrame, **options: Any) -> pd.DataFrame:
    """Everything the chain finds in a frame, as a table: one row a finding. Takes the options of `clean`.

    >>> check(pd.DataFrame({"text": [""]}), steps=["validate"])[["code", "row"]].values.tolist()
    [['SC001', 0]]
    """
    return clean(df, mark=True, **options).findings


def validate(df: pd.DataFrame, schema: str = "article", *, column_map: Mapping[str, str] | None = None) -> pd.DataFrame:
    """The frame itself where it holds to the schema; raises ValidationFailed with the findings where not.

    A finding of any severity counts. `check` tells the same and more without raising.

    >>> validate(pd.DataFrame({"text": ["The ferry sails again."], "url": ["ferry"]}))
    Traceback (most recent call last):
    corpus_tools.frames.ValidationFailed: 1 findings; the first: row 0, url: It must be an absolute address ...
    """
    findings = check(df, steps=["validate"], schema=schema, column_map=column_map)
    if len(findings):
        raise ValidationFailed(findings)
    return df


def _with_dtypes(frame: pd.DataFrame, df: pd.DataFrame, written: set[str]) -> pd.DataFrame:
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


def _changes(chunk: Chunk) -> pd.DataFrame:
    ids = cells.objects(chunk.frame, "id")
    rows = []
    # A frame that was read may have `flags` without a value; filling that is no change anybody made.
    told = (change for change in chunk.changes if not (change.column == "flags" and change.old is None))
    for change in sorted(told, key=lambda change: change.row):
        row = audit.change_row(change, "", 0, ids[change.row])
        rows.append({"row": change.row} | {name: row.get(name) for name in CHANGE_COLUMNS if name != "row"})
    return pd.DataFrame(rows, columns=list(CHANGE_COLUMNS))


def _findings(chunk: Chunk, chain: Chain, rules: str | None) -> Findings:
    found = audit.in_order(chunk.findings)
    judged = judged_flags(rules)
    private = (flag for step, _ in chain for flag in step.flags if flag.code not in judged)
    spelled = audit.finding_rows(chunk, [*judged.values(), *private])
    rows = [row | {"row": finding.row} for finding, row in zip(found, spelled, strict=True)]
    return Findings(rows, columns=list(FINDING_COLUMNS))
