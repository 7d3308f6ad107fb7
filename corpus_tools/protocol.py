"""A step: a function from frame to frame that says beforehand what it reads, edits and adds.

    @step(reads=["text"], adds=["words"])
    def count_words(frame: pd.DataFrame) -> pd.DataFrame:
        return frame.assign(words=frame["text"].str.split().str.len())

`count_words(df)` then works in `df.pipe(count_words)` on any index and never touches the caller's frame.
Steps add evidence; they never judge, never remove a row, and never overwrite what the publisher said.
"""

from __future__ import annotations

import contextlib
import gc
import inspect
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from numbers import Integral, Real
from typing import Any, Protocol, runtime_checkable

import pandas as pd

from corpus_tools import cells
from corpus_tools.errors import MissingColumn, StepBroke, UsageError
from corpus_tools.flags import FLAGS, Finding, Flag
from corpus_tools.ledger import Edit

FrameFunction = Callable[..., pd.DataFrame]

_PLAIN: dict[str, tuple[type, str]] = {
    "bool": (bool, "true or false"),
    "int": (Integral, "a whole number"),
    "float": (Real, "a number"),
    "str": (str, "a text"),
}
"""What an option takes that is annotated so, and how that is said."""


@dataclass(slots=True)
class Log:
    """What a step says beside its frame: findings, and the rules behind its edits. Rows count from 0.

    `edits` are those that a step worked out itself, by the old and the new text; nobody works them out again. `step` is
    the step that speaks; whoever runs it names it.
    """

    findings: list[Finding] = field(default_factory=list)
    rules: dict[tuple[int, str], list[tuple[int, int, str]]] = field(default_factory=dict)
    edits: dict[tuple[str, str], tuple[Edit, ...]] = field(default_factory=dict)
    kept: set[tuple[int, str]] = field(default_factory=set)
    step: str | None = None

    def flag(
        self,
        row: int,
        code: str,
        *,
        column: str | None = None,
        start: int | None = None,
        end: int | None = None,
        evidence: str | None = None,
        says: str | None = None,
    ) -> None:
        """Say `code` of one row; `start` and `end` are characters of `column` as the step received it."""
        self.findings.append(Finding(row, code, column, start, end, evidence, says, self.step))

    def keep(self, row: int, code: str) -> None:
        """Let a flag of an earlier run stand whose evidence is gone by now, e.g. a date that was no date."""
        self.kept.add((row, code))

    def because(self, row: int, column: str, start: int, end: int, rule: str) -> None:
        """Name the rule by which the characters `start` to `end` of the cell, as received, are edited."""
        self.rules.setdefault((row, column), []).append((start, end, rule))


@dataclass(frozen=True)
class Step:
    """One step of the chain; call it with a frame. Made by `@step`."""

    name: str
    function: FrameFunction
    reads: tuple[str, ...] = ()
    edits: tuple[str, ...] = ()
    adds: tuple[str, ...] = ()
    flags: tuple[Flag, ...] = ()

    @property
    def summary(self) -> str:
        """The first sentence of the step's docstring."""
        return (inspect.getdoc(self.function) or self.name).split("\n\n")[0].replace("\n", " ")

    @property
    def writes(self) -> tuple[str, ...]:
        """Every column it may write: repaired ones, added ones, and `flags` if it has any."""
        return (*self.edits, *self.adds, *(("flags",) if self.flags else ()))

    @property
    def __doc__(self) -> str:  # type: ignore[override]  # a step shows its function's words
        return inspect.getdoc(self.function) or ""

    def __call__(self, df: pd.DataFrame, **options: Any) -> pd.DataFrame:
        """A new frame with what the step found; same rows, same order, same index.

        Raises MissingColumn where a column it reads is absent.
        """
        return self.run(df, Log(), **options)

    def run(self, df: pd.DataFrame, log: Log, **options: Any) -> pd.DataFrame:
        """The same, and `log` receives the findings and the rules behind the edits."""
        return self._guarded(df, log, lambda frame: self._call(frame, log, options))

    def _call(self, frame: pd.DataFrame, log: Log, options: dict[str, Any]) -> pd.DataFrame:
        self._check_options(options)
        if "log" in inspect.signature(self.function).parameters:
            options = {**options, "log": log}
        return self.function(frame, **options)

    def _check_options(self, options: Mapping[str, Any]) -> None:
        known = inspect.signature(self.function).parameters
        unknown = [name for name in options if name not in known]
        if unknown:
            takes = ", ".join(name for name in known if name not in ("frame", "df", "log")) or "none"
            raise UsageError(f"{self.name} has no option {unknown[0]!r}; it takes: {takes}.")
        for name, value in options.items():
            annotation = known[name].annotation
            kind = getattr(annotation, "__name__", annotation)
            wanted, said = _PLAIN.get(kind, (object, ""))
            if said and (not isinstance(value, wanted) or isinstance(value, bool) is not (kind == "bool")):
                raise UsageError(f"{self.name}: {name} takes {said}, not {value!r}.")

    def _guarded(self, df: pd.DataFrame, log: Log, work: Callable[[pd.DataFrame], pd.DataFrame]) -> pd.DataFrame:
        self._check_columns(df)
        plain = df.copy(deep=False)  # copy-on-write: the caller's frame stays as it is
        plain.index = pd.RangeIndex(len(df))
        before, log.step = len(log.findings), self.name
        with uncollected():
            result = work(plain.copy(deep=False))
        if not isinstance(result, pd.DataFrame):
            raise StepBroke(self.name, f"returned {type(result).__name__}, not a frame. Does it end in `return frame`?")
        if len(result) != len(plain):
            raise StepBroke(self.name, f"turned {len(plain)} rows into {len(result)}; a step keeps every row.")
        result = self._in_order(result, plain.index)
        stray = [name for name in result.columns if name not in plain.columns and name not in self.writes]
        if stray:
            raise StepBroke(self.name, f"wrote the column {stray[0]!r} without declaring it in adds=[…].")
        # Only declared columns are taken over, so an undeclared edit can't slip past the ledger.
        for name in (*self.edits, *self.adds):
            if name in result.columns:
                plain[name] = result[name]
        if self.flags:
            cells.put(plain, "flags", self._merged_flags(plain, log, before))
        plain.index = df.index
        return plain

    def _check_columns(self, df: pd.DataFrame) -> None:
        if not df.columns.is_unique:
            twice = df.columns[df.columns.duplicated()][0]
            raise UsageError(f"{self.name} can't tell which column {twice!r} you mean: the frame has two. Rename one.")
        for column in self.reads:
            if column not in df.columns:
                raise MissingColumn(self.name, column, df.columns)

    def _in_order(self, result: pd.DataFrame, index: pd.Index[Any]) -> pd.DataFrame:
        """The rows as they stood before: a step that sorts them would give its values to the wrong records."""
        if result.index.equals(index):
            return result
        if not result.index.sort_values().equals(index):
            raise StepBroke(self.name, "gave its rows another index; a step keeps the index of the frame it gets.")
        return result.loc[index]

    def _merged_flags(self, frame: pd.DataFrame, log: Log, before: int) -> list[list[str]]:
        mine = {flag.code for flag in self.flags}
        said: dict[int, set[str]] = {}
        for finding in log.findings[before:]:
            if finding.code not in mine:
                raise StepBroke(self.name, f"raised {finding.code} without declaring it in flags=[…].")
            said.setdefault(finding.row, set()).add(finding.code)
        flags = cells.words(frame, "flags")
        for row, had in enumerate(flags):
            if row in said or len(had) > 1 or not mine.isdisjoint(had):
                others = (code for code in had if code not in mine or (row, code) in log.kept)
                flags[row] = sorted(said.get(row, set()).union(others))
        return flags


class CorpusState(Protocol):
    """What a corpus step remembers: fingerprints of what it has seen, never bodies."""

    def add(self, prepared: Any) -> None:
        """Take in what the step's `prepare` made of one chunk; chunks come in reading order."""

    def resolve(self) -> None:
        """Judge, once every chunk was added."""

    def answer(self, records: int) -> Any:
        """What was found about the next records, in the order and number they were added; it can be pickled."""

    def close(self) -> None:
        """Remove what was kept on disk."""


Elsewhere = Callable[[Callable[[Any, Callable[[Any], Any]], Any], Iterable[Any], Callable[[Any], Any]], Iterator[Any]]
"""Calls a function in other processes with each of some things, and gives what it returned, in no order.

`elsewhere(function, things, answer)`: the function is given a thing and somebody to ask, who is `answer`, here. All of
it can be pickled, but for `answer`.
"""


@runtime_checkable
class Sharing(CorpusState, Protocol):
    """A state that can let others judge."""

    def share(self, elsewhere: Elsewhere) -> None:
        """Let others judge, when the time comes; what is found is the same."""


@dataclass(frozen=True)
class CorpusStep(Step):
    """A step that must see the whole corpus before it can speak: add every chunk, resolve, mark every chunk.

    Its function takes the options and returns the state, which lives in one place. `prepare` makes of a chunk what the
    state takes in, and `mark` writes the state's answer into the chunk; both see one chunk and nothing else, so that
    they may work in other processes. Called on a frame, the step does all on that frame.
    """

    preparing: Callable[..., Any] = lambda frame: frame
    marking: Callable[..., pd.DataFrame] = lambda frame, _answer: frame

    __doc__ = Step.__doc__

    def start(self, **options: Any) -> CorpusState:
        """A new memory for one corpus."""
        self._check_options(options)
        return self.function(**options)  # type: ignore[return-value]  # a corpus step's function makes its state

    def prepare(self, df: pd.DataFrame, **options: Any) -> Any:
        """What the state needs to know of one chunk, after the checks that every step makes; it can be pickled."""
        self._check_options(options)
        self._check_columns(df)
        with uncollected():
            return self.preparing(df.reset_index(drop=True), **_taken(self.preparing, options))

    def mark(self, answer: Any, df: pd.DataFrame, log: Log, **options: Any) -> pd.DataFrame:
        """Write the state's answer about one chunk into it, under the guards of every step."""
        given = {**_taken(self.marking, options), **_taken(self.marking, {"log": log})}
        return self._guarded(df, log, lambda frame: self.marking(frame, answer, **given))

    def run(self, df: pd.DataFrame, log: Log, **options: Any) -> pd.DataFrame:
        """Add, resolve and mark one frame."""
        state = self.start(**options)
        try:
            state.add(self.prepare(df, **options))
            state.resolve()
            for remark in getattr(state, "remarks", []):
                warnings.warn(remark, stacklevel=3)
            return self.mark(state.answer(len(df)), df, log, **options)
        finally:
            state.close()


@contextlib.contextmanager
def uncollected() -> Iterator[None]:
    """Keep Python's collector of cycles from running meanwhile.

    Work on a chunk makes objects by the ten thousand and keeps them all. The collector would take that for a reason to
    search the whole corpus in memory, again and again, and find nothing.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _taken(function: Callable[..., Any], options: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the options that a function has a parameter for."""
    takes = inspect.signature(function).parameters
    return {name: value for name, value in options.items() if name in takes}


def step(
    *,
    reads: Sequence[str] = (),
    edits: Sequence[str] = (),
    adds: Sequence[str] = (),
    flags: Sequence[str | Flag] = (),
    name: str | None = None,
) -> Callable[[FrameFunction], Step]:
    """Make a step of a function from frame to frame.

    `reads` are required columns, `edits` existing ones it may repair, `adds` new ones, `flags` the codes it may
    raise (own ones as `Flag`). A function with a parameter `log` receives a `Log`; the frame it gets has a
    fresh RangeIndex and may be written to.
    """

    def made(function: FrameFunction) -> Step:
        return Step(
            name or function.__name__,
            function,
            tuple(reads),
            tuple(edits),
            tuple(adds),
            tuple(FLAGS[flag] if isinstance(flag, str) else flag for flag in flags),
        )

    return made


def corpus_step(
    *,
    reads: Sequence[str] = (),
    edits: Sequence[str] = (),
    adds: Sequence[str] = (),
    flags: Sequence[str] = (),
    prepare: Callable[..., Any],
    mark: Callable[..., pd.DataFrame],
) -> Callable[[Callable[..., CorpusState]], CorpusStep]:
    """Make a corpus step of a function that takes the options and returns its state.

    `prepare(frame)` makes of a chunk what the state's `add` takes in, `mark(frame, answer)` writes what the state's
    `answer` gave; both get those of the options that they name, and `mark` a `log` if it names one.
    """

    def made(function: Callable[..., CorpusState]) -> CorpusStep:
        return CorpusStep(
            function.__name__,
            function,  # type: ignore[arg-type]  # the function of a corpus step returns its state, not a frame
            tuple(reads),
            tuple(edits),
            tuple(adds),
            tuple(FLAGS[flag] for flag in flags),
            prepare,
            mark,
        )

    return made
