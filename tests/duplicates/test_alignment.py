import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from corpus_tools.text.alignment import align, align_texts, runs_in_order

from .articles import article, sentences_of

words = st.lists(st.integers(0, 5), max_size=40)


@given(words, words)
def test_segments_hold_every_word_of_both_once_and_in_order(one: list[int], other: list[int]) -> None:
    segments = align(one, other)
    assert [n for s in segments for n in range(*s.one)] == list(range(len(one)))
    assert [n for s in segments for n in range(*s.other)] == list(range(len(other)))
    assert all(one[s.one[0] : s.one[1]] == other[s.other[0] : s.other[1]] for s in segments if s.kind == "same")


def test_long_texts_hold_every_word_too() -> None:
    dice = np.random.default_rng(5)
    one = dice.integers(0, 900, 30_000).tolist()
    other = one[5000:12_000] + one[:4000] + dice.integers(0, 900, 2000).tolist() + one[12_000:]
    segments = align(one, other)
    assert [n for s in segments for n in range(*s.one)] == list(range(len(one)))
    assert [n for s in segments for n in range(*s.other)] == list(range(len(other)))
    same = sum(s.one[1] - s.one[0] for s in segments if s.kind == "same")
    assert 25_000 <= same <= 25_200


@given(st.text(max_size=80), st.text(max_size=80))
def test_passages_put_together_are_the_texts(one: str, other: str) -> None:
    passages = align_texts(one, other)
    assert "".join(p.one for p in passages) == one
    assert "".join(p.other for p in passages) == other


def test_a_passage_that_moved_is_the_same_in_one_place_only() -> None:
    lines = sentences_of(article(1, 12))
    moved = [*lines[3:], *lines[:3]]
    kinds = [p.kind for p in align_texts(" ".join(lines), " ".join(moved))]
    assert kinds == ["only_one", "same", "only_other"]


def test_case_punctuation_and_spaces_make_no_difference() -> None:
    (passage,) = align_texts("“The ferry,” she said.", "The FERRY she   said")
    assert (passage.kind, passage.one, passage.other) == ("same", "“The ferry,” she said.", "The FERRY she   said")


def test_scripts_without_spaces_are_laid_side_by_side_by_character() -> None:
    passages = align_texts("渡轮明日复航", "渡轮今日复航")
    assert [(p.kind, p.one, p.other) for p in passages] == [
        ("same", "渡轮", "渡轮"), ("changed", "明", "今"), ("same", "日复航", "日复航")
    ]  # fmt: skip


def test_of_rows_of_runs_the_one_with_most_words_counts() -> None:
    here = np.array([0, 1, 10, 11, 12, 13, 30])
    there = np.array([50, 51, 10, 11, 12, 13, 40])
    assert [column.tolist() for column in runs_in_order(here, there, 5)] == [[10, 30], [10, 40], [8, 5]]


def test_nothing_shared_is_no_run() -> None:
    none = np.empty(0, np.int64)
    assert [len(column) for column in runs_in_order(none, none, 5)] == [0, 0, 0]
