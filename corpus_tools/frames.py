"""The door for users of pandas and Dask: a frame in, a frame out, and what was found on the way.

`ct.clean(df)` gives `frame`, `removed`, `changes` and `findings`.
"""

from __future__ import annotations

import importlib
import tempfile
import warnings
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, overload

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from corpus_tools import cells
from corpus_tools.chain import check_names, load_chain
from corpus_tools.errors import FINDINGS, CorpusToolsError, UsageError
from corpus_tools.io.draft import frame_chunk
from corpus_tools.pipeline import Timing, dropped, run_chain
from corpus_tools.report import notebook
from corpus_tools.settings import Settings
from corpus_tools.tables import Findings, changes_of, findings_of, with_dtypes

if TYPE_CHECKING:
    import dask.dataframe as dd


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


@dataclass(frozen=True, slots=True, repr=False)
class CleanedParts:
    """What `clean` gives of a Dask DataFrame: the same tables as Dask DataFrames, in the same partitions.

    `row`, in `changes` and `findings`, is the position in the whole frame, from 0. `kept` and `removed_rows` are how
    many rows `frame` and `removed` have. The tables are read from `folder` when Dask computes them.
    """

    frame: dd.DataFrame
    removed: dd.DataFrame
    changes: dd.DataFrame
    findings: dd.DataFrame
    is_kept: dd.DataFrame
    kept: int
    removed_rows: int
    folder: str

    def __repr__(self) -> str:
        return f"{self.kept:,} rows kept, {self.removed_rows:,} removed; `.compute()` gives pandas frames."

    def compute(self) -> Cleaned:
        """All of it in this process, as `clean` gives it of a pandas frame."""
        dask: Any = importlib.import_module("dask")
        frame, removed, *tables = dask.compute(self.frame, self.removed, self.changes, self.findings, self.is_kept)
        changes, findings, is_kept = (table.reset_index(drop=True).infer_objects() for table in tables)
        return Cleaned(frame, removed, changes, Findings(findings), is_kept["is_kept"].to_numpy())


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


@overload
def clean(df: pd.DataFrame, **options: Any) -> Cleaned: ...
@overload
def clean(df: dd.DataFrame, **options: Any) -> CleanedParts: ...
def clean(  # type: ignore[misc]  # the two above take the same options
    df: pd.DataFrame | dd.DataFrame,
    *,
    steps: Iterable[str] | None = None,
    column_map: Mapping[str, str] | None = None,
    mark: bool = False,
    rules: str | None = None,
    now: str | None = None,
    schema: str | None = None,
    strip_credits: bool = False,
    step_options: Mapping[str, Mapping[str, Any]] | None = None,
    folder: str | None = None,
) -> Cleaned | CleanedParts:
    """Run the chain over a frame and account for every row.

    The frame needs a column `text` (str); columns of other tools go by their usual names or by `column_map`
    ({"body": "text"}). `mark` keeps every row in `frame`. The caller's frame stays as it is.

    `steps` are names in the order given, None the whole chain; a private step is named by its place,
    `my_steps.py:count_words`. `step_options` has options by step: {"detect_language": {"min_chars": 40}}. `rules` is
    the path of a TOML file with rows of your own; `schema` what `validate` goes by (a name, `my_schema.py:Article` or
    a YAML file); `now` an ISO time against which dates in the future are told where a row has no `retrieved_at`;
    `strip_credits` cuts datelines and credit lines from the text too.

    A Dask DataFrame is cleaned where Dask computes, partition by partition, with the same results; it is computed up
    to three times, so `persist()` what is dear. `folder`, for it alone, is a path or an address that all workers can
    reach, empty or not there yet: results wait there, and you remove it when you are done. Without it they wait in a
    temporary folder of this machine, as long as a table of the result lives.

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
    if not isinstance(df, pd.DataFrame):
        reading = {"column_map": dict(column_map or {})}
        given = None if steps is None else tuple(steps)
        return _clean_parts(
            df,
            folder,
            Settings(
                steps=given,
                step_options=step_options or {},
                common=common,
                reading=reading,
                remove=not mark,
                engine="dask",
            ),
        )
    if folder is not None:
        raise UsageError("`folder` is where results of a Dask DataFrame wait. Leave it out.")
    timing = Timing()
    (chunk,) = run_chain([frame_chunk(df, column_map or {})], chain, timing)
    for remark in timing.remarks:
        warnings.warn(remark, stacklevel=2)
    frame = chunk.frame.drop(columns=[name for name in ("source_file", "source_line") if name not in df.columns])
    frame = with_dtypes(frame, df, {name for step, _ in chain for name in step.writes})
    frame.index = df.index
    drop = np.zeros(len(frame), dtype=bool) if mark else dropped(frame)
    return Cleaned(frame[~drop], frame[drop], changes_of(chunk), findings_of(chunk, chain, rules), ~drop)


def _clean_parts(ddf: dd.DataFrame, folder: str | None, settings: Settings) -> CleanedParts:
    if not hasattr(ddf, "to_delayed"):
        raise UsageError(f"A pandas or Dask DataFrame is expected, and this is a {type(ddf).__name__}.")
    from corpus_tools.cluster.frames import clean_partitions

    output = folder or tempfile.mkdtemp(prefix="corpus_tools.")
    found = clean_partitions(ddf, replace(settings, output=output), is_temporary=folder is None)
    for remark in found.remarks:
        warnings.warn(remark, stacklevel=3)
    return CleanedParts(**found.tables, kept=found.kept, removed_rows=found.removed, folder=output)


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
