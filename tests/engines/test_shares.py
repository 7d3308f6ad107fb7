"""Copies are judged in shares, by whoever has time, and what is said of them is what one alone says of all."""

import os
import pickle
import signal
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pandas as pd
import pytest

from corpus_tools.engines.processes import Processes
from corpus_tools.errors import UsageError, WorkerLost
from corpus_tools.run import Settings
from corpus_tools.steps.mark_duplicates import mark_duplicates

from ..benchmarks.generate import corpus


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    records = [dict(record) for record, _ in corpus(600, 3)]
    return pd.DataFrame([*records, *(record | {"id": f"again-{record['id']}"} for record in records[::50])])


def answered(frame: pd.DataFrame, elsewhere: Any = None, **options: Any) -> Any:
    """What is said of a frame in two chunks, and how many shares went elsewhere."""
    went: list[int] = []

    def counted(function: Callable[..., Any], things: Iterable[Any], answer: Callable[..., Any]) -> Iterator[Any]:
        sent = [pickle.dumps(thing) for thing in things]
        went.append(len(sent))
        return (pickle.loads(pickle.dumps(function(pickle.loads(thing), answer))) for thing in reversed(sent))

    state: Any = mark_duplicates.start(**options)
    if elsewhere:
        state.share(counted)
    parts = [frame.iloc[:250], frame.iloc[250:]]
    for part in parts:
        state.add(mark_duplicates.prepare(part))
    state.resolve()
    said = [state.answer(len(part)) for part in parts]
    state.close()
    return said, sum(went)


def test_shares_are_judged_as_the_whole_is(frame: pd.DataFrame, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corpus_tools.index.shares._RECORDS", 20)
    alone, none = answered(frame)
    said, shares = answered(frame, elsewhere=True)
    assert said == alone
    assert (none, shares > 5) == (0, True)
    assert sum(copy is not None for copy in said[0].columns["duplicate_of"]) > 20


def test_what_more_than_texts_speaks_of_is_judged_here(frame: pd.DataFrame) -> None:
    cleaned = frame.assign(copies=[2] + [None] * (len(frame) - 1))
    said: list[dict[str, Any]] = []
    ids = frame["id"].tolist()
    for given, options in (
        (frame, {"memory": 64}),
        (frame, {"pairs": said.append}),
        (frame, {"overrule": [{"a": ids[0], "b": ids[1], "belong": "never"}]}),
        (cleaned, {}),
    ):
        alone, _ = answered(given, **options)
        assert answered(given, elsewhere=True, **options) == (alone, 0)


def doubled(given: int, ask: Callable[[int], int]) -> int:
    return 2 * ask(given)


def die(_given: int, _ask: Callable[[int], int]) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def stumble(_given: int, ask: Callable[[str], Any]) -> None:
    raise UsageError(f"not {ask('why')}")


def test_other_processes_ask_and_are_answered() -> None:
    with Processes(Settings(output="-"), 2) as engine:
        assert sorted(engine.elsewhere(doubled, range(9), lambda number: number + 1)) == list(range(2, 20, 2))
        with pytest.raises(UsageError, match="not this"):
            list(engine.elsewhere(stumble, [1], lambda _: "this"))


@pytest.mark.skipif(os.name == "nt", reason="no signals of this kind")
def test_the_death_of_a_process_that_compares_is_told() -> None:
    with (
        Processes(Settings(output="-"), 2) as engine,
        pytest.raises(WorkerLost, match=r"was to compare records was killed by signal 9\. If memory ran out"),
    ):
        list(engine.elsewhere(die, range(3), doubled))
