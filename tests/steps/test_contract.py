"""What every step promises, tried on every step of the chain."""

import numpy as np
import pandas as pd
import pytest

import corpus_tools as ct
from corpus_tools import cells
from corpus_tools.chain import CHAIN, load_step
from corpus_tools.protocol import CorpusStep, Log, Step

STEPS = [load_step(name) for name in CHAIN]
pytestmark = pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)


def values(frame: pd.DataFrame) -> dict[str, list]:
    """A frame as plain values, so that dtypes don't matter."""
    return {str(name): cells.objects(frame, name) for name in frame.columns}


def in_chunks(step: Step, frame: pd.DataFrame, size: int) -> pd.DataFrame:
    """A frame through a step, some rows at a time."""
    parts = [frame.iloc[at : at + size] for at in range(0, len(frame), size)]
    if not isinstance(step, CorpusStep):
        return pd.concat([step(part) for part in parts])
    state = step.start()
    try:
        for part in parts:
            state.add(step.prepare(part))
        state.resolve()
        return pd.concat([step.mark(state.answer(len(part)), part, Log()) for part in parts])
    finally:
        state.close()


def test_the_callers_frame_stays_as_it_is(step: Step, news: pd.DataFrame) -> None:
    before = news.copy(deep=True)
    step(news)
    pd.testing.assert_frame_equal(news, before)


def test_twice_is_once(step: Step, news: pd.DataFrame) -> None:
    once = step(news)
    assert values(step(once)) == values(once)


@pytest.mark.parametrize("size", [1, 7])
def test_the_size_of_chunks_makes_no_difference(step: Step, news: pd.DataFrame, size: int) -> None:
    assert values(in_chunks(step, news, size)) == values(step(news))


@pytest.mark.parametrize(
    "index",
    [
        lambda n: pd.Index(["same"] * n),
        lambda n: pd.MultiIndex.from_arrays([np.arange(n)[::-1], ["x"] * n]),
        lambda n: pd.Index([f"row {i}" for i in range(n)], name="label"),
    ],
    ids=["one label for all", "multi", "strings"],
)
def test_order_and_index_are_kept(step: Step, news: pd.DataFrame, index) -> None:
    labelled = news.set_axis(index(len(news)), axis=0)
    result = step(labelled)
    pd.testing.assert_index_equal(result.index, labelled.index)
    assert values(result) == values(step(news))


def test_an_empty_frame_gives_an_empty_frame_with_the_steps_columns(step: Step, news: pd.DataFrame) -> None:
    empty = step(news.iloc[:0])
    assert len(empty) == 0
    assert set(step.adds) <= set(empty.columns)


def test_only_declared_columns_are_written(step: Step, news: pd.DataFrame) -> None:
    result = step(news)
    assert set(result.columns) - set(news.columns) <= set(step.writes)
    for name in set(news.columns) - set(step.writes):
        assert cells.objects(result, name) == cells.objects(news, name)


@pytest.mark.parametrize("dtype", ["object", "str", "string[pyarrow]", "category"])
def test_the_dtype_of_texts_makes_no_difference(step: Step, news: pd.DataFrame, dtype: str) -> None:
    texts = ["title", "text", "url", "source"]
    assert values(step(news.astype(dict.fromkeys(texts, dtype)))) == values(step(news))


def test_a_frame_with_nothing_but_text_is_enough(step: Step) -> None:
    result = step(pd.DataFrame({"text": ["The ferry sails again.", None, ""]}))
    assert len(result) == 3


def test_unknown_columns_pass_untouched(step: Step, news: pd.DataFrame) -> None:
    extra = news.assign(desk=[{"floor": n} for n in range(len(news))], **{"a b": 1.5})
    result = step(extra)
    assert result["desk"].to_list() == extra["desk"].to_list()
    assert result["a b"].to_list() == extra["a b"].to_list()


def test_a_frame_without_text_is_refused_with_advice(step: Step) -> None:
    if "text" not in step.reads:
        pytest.skip("reads no text")
    with pytest.raises(ct.errors.MissingColumn, match="--map body=text"):
        step(pd.DataFrame({"body": ["x"]}))


def test_every_flag_raised_is_declared_and_every_declared_column_documented(step: Step, news: pd.DataFrame) -> None:
    codes = {code for flags in cells.lists(step(news), "flags") for code in flags}
    assert codes <= {flag.code for flag in step.flags}
    assert step.summary.endswith(".")
