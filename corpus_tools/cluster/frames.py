"""A run whose parts are the partitions of a Dask DataFrame, and its results as Dask DataFrames again."""

from __future__ import annotations

import importlib
import itertools
import shutil
import weakref
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from corpus_tools import cells
from corpus_tools.cluster.flow import Flow
from corpus_tools.cluster.job import Job
from corpus_tools.cluster.output import filled
from corpus_tools.cluster.sources import Source
from corpus_tools.cluster.store import Store
from corpus_tools.cluster.tasks import tasks_here
from corpus_tools.cluster.work import bench_of, pieces_of, process, tasks_of
from corpus_tools.engines.bench import peak_memory
from corpus_tools.io.draft import FRAME, FrameDraft
from corpus_tools.io.fields import FieldMap
from corpus_tools.io.order import Facts, Record
from corpus_tools.io.stream import InputReport
from corpus_tools.pipeline import Timing, dropped
from corpus_tools.progress import silent
from corpus_tools.settings import Settings
from corpus_tools.tables import CHANGE_COLUMNS, FINDING_COLUMNS, changes_of, findings_of, with_dtypes

_DTYPES = {"row": "int64", "start": "float64", "end": "float64", "is_kept": "bool"}


@dataclass(slots=True)
class Finished:
    """A partition that went through the whole chain: its columns, and how many rows were kept and removed.

    Columns go with their dtypes and whether they have a value: one of nothing but nulls has a dtype by chance.
    """

    columns: dict[str, tuple[str, bool]]
    kept: int
    removed: int
    timing: Timing
    process: str
    peak: int


@dataclass(frozen=True, slots=True)
class Found:
    """What a run found: Dask DataFrames by name and `is_kept`, how many rows stayed and left, and its remarks."""

    tables: dict[str, Any]
    kept: int
    removed: int
    remarks: list[str]


class _Partitions(Flow):
    """A run over the partitions of a Dask DataFrame; each is one chunk."""

    def _read(self) -> tuple[list[InputReport], list[str]]:
        parts = range(self._job.parts)
        counts: list[int] = self._each(_read, ((self._job, part) for part in parts), self._values)
        starts = [0, *itertools.accumulate(counts)]
        for part in parts:
            facts: Facts = self._job.work.take(f"facts/{part}")
            facts.moves = [_moved(move, starts[part]) for move in facts.moves]
            if part == 0:
                facts.moves.insert(0, FRAME)
            self._job.work.put(f"numbers/{part}", [self._order.number(facts)])
            self._job.work.put(f"start/{part}", starts[part])
        self._firsts = list(parts)
        return [], []


def clean_partitions(ddf: Any, settings: Settings, *, is_temporary: bool) -> Found:
    """Run the chain over a Dask DataFrame, where Dask computes; the tables are read from the folder of the settings.

    A temporary folder of this machine goes when no table is left that is read from it. OutputError where something is
    in the folder.
    """
    dask: Any = importlib.import_module("dask")
    dd: Any = importlib.import_module("dask.dataframe")
    values = ddf.to_delayed()
    job = Job.of(settings, len(values))
    with filled(job.output), tasks_here() as each:
        ran = _Partitions(job, each, finish_partition, silent, values=values).run()
    if is_temporary:
        weakref.finalize(job.output, shutil.rmtree, job.output.address, ignore_errors=True)  # all tables hold it
    done: list[Finished] = ran.written
    meta = _empty(_joined(done), ddf._meta)
    records, table = dask.delayed(_records, traverse=False), dask.delayed(_table, traverse=False)
    tables = {}
    with dask.config.set({"dataframe.convert-string": False}):  # it would write lists as text
        for name in ("frame", "removed"):
            parts = [records(job.output, part, name, meta, value) for part, value in enumerate(values)]
            tables[name] = dd.from_delayed(parts, meta=meta, verify_meta=False)
        for name, titles in (("changes", CHANGE_COLUMNS), ("findings", FINDING_COLUMNS), ("is_kept", ("is_kept",))):
            empty = pd.DataFrame({title: pd.Series(dtype=_DTYPES.get(title, "object")) for title in titles})
            parts = [table(job.output, part, name) for part in range(job.parts)]
            tables[name] = dd.from_delayed(parts, meta=empty, verify_meta=False)
    return Found(tables, sum(one.kept for one in done), sum(one.removed for one in done), ran.timing.remarks)


def finish_partition(
    job: Job, part: int, stage: int, source: Source | None, first: int, sizes: Sequence[int], df: pd.DataFrame
) -> Finished:
    """Take a partition through the last stage and leave its tables."""
    bench, start = bench_of(job), job.work.take(f"start/{part}")
    ((task, ask),) = tasks_of(job, part, stage, pieces_of(job, source, df), first, sizes)
    done, chunk = bench.advanced(task, ask)
    findings = pd.DataFrame(findings_of(chunk, bench.chain, job.settings.common.get("rules")))
    frame = chunk.frame.drop(columns=[name for name in ("source_file", "source_line") if name not in df.columns])
    written = {name for step, _ in bench.chain for name in step.writes}
    is_kept = ~dropped(frame) if job.settings.remove else np.ones(len(frame), bool)
    job.output.put(f"frame/{part}", (frame, is_kept, written))
    job.output.put(f"is_kept/{part}", pd.DataFrame({"is_kept": is_kept}))
    for name, table in (("changes", changes_of(chunk)), ("findings", findings)):
        table = table.astype({title: dtype for title, dtype in _DTYPES.items() if title in table.columns})
        job.output.put(f"{name}/{part}", table.assign(row=table["row"] + start))
    whole = with_dtypes(frame, df, written)
    columns = {str(name): (str(dtype), bool(whole[name].notna().any())) for name, dtype in whole.dtypes.items()}
    kept = int(is_kept.sum())
    return Finished(columns, kept, len(frame) - kept, done.timing, process(), peak_memory() or 0)


def _read(job: Job, part: int, df: pd.DataFrame) -> int:
    """Leave what the records of a partition need to know before they can be numbered; how many there are."""
    job.work.put(f"facts/{part}", FrameDraft(df, FieldMap(job.settings.reading.get("column_map"))).facts)
    return len(df)


def _moved(move: str | int | Record, start: int) -> str | int | Record:
    if isinstance(move, Record):
        return Record(move.line + start, move.file, move.source_line)
    return move + start if isinstance(move, int) else move


def _joined(done: Sequence[Finished]) -> dict[str, str]:
    """The columns of all partitions; where two hold values of one in different dtypes, it is object."""
    found: dict[str, set[str]] = {}
    by_chance: dict[str, str] = {}
    for name, (dtype, has_values) in itertools.chain.from_iterable(one.columns.items() for one in done):
        found.setdefault(name, set()).update([dtype] if has_values else [])
        by_chance.setdefault(name, dtype)
    return {
        name: dtypes.pop() if len(dtypes) == 1 else "object" if dtypes else by_chance[name]
        for name, dtypes in found.items()
    }


def _empty(columns: dict[str, str], own: pd.DataFrame) -> pd.DataFrame:
    """No row of all columns; the caller's own as they are in `own`."""
    series = {
        name: own[name] if name in own.columns and str(own[name].dtype) == dtype else pd.Series(dtype=dtype)
        for name, dtype in columns.items()
    }
    return pd.DataFrame(series, columns=list(columns), index=own.index)


def _records(output: Store, part: int, name: str, meta: pd.DataFrame, df: pd.DataFrame) -> pd.DataFrame:
    """The kept or the removed rows of a partition, as `ct.clean` gives them of a frame."""
    frame, is_kept, written = output.take(f"frame/{part}")
    frame = with_dtypes(frame, df, written)
    frame.index = df.index
    frame = frame[is_kept == (name == "frame")]
    missing = {
        column: cells.object_series([None] * len(frame)).set_axis(frame.index)
        for column in meta.columns
        if column not in frame.columns
    }
    whole: pd.DataFrame = frame.assign(**missing)[list(meta.columns)].astype(meta.dtypes.to_dict())
    return whole


def _table(output: Store, part: int, name: str) -> Any:
    return output.take(f"{name}/{part}")
