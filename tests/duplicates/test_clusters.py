import numpy as np

from corpus_tools.index.clusters import Judges, own_shingles, settle
from corpus_tools.index.keeper import Facts
from corpus_tools.rules.parties import parties


def clusters(
    pairs: list[tuple[int, int]], pages: dict[int, frozenset[int]] | None = None, first: tuple[int, ...] = ()
) -> list[tuple[int, ...]]:
    """Cluster texts that are alike as `pairs` says; kept is one of `first`, else the smallest."""

    def choose(texts: list[int]) -> tuple[int, int, Facts]:
        kept = next((text for text in first if text in texts), min(texts))
        return kept, kept, Facts(parties())

    texts = sorted({text for pair in pairs for text in pair})
    alike = {frozenset(pair) for pair in pairs}
    judges = Judges(choose, lambda a, b: {a, b} in alike, lambda text: (pages or {}).get(text, frozenset()))
    found = settle(texts, pairs, [], judges)
    return [cluster.texts for cluster in found]


def test_a_is_like_b_and_b_like_c_does_not_make_a_like_c() -> None:
    assert sorted(clusters([(0, 1), (1, 2)])) == [(0, 1), (2,)]


def test_a_keeper_in_the_middle_keeps_both_neighbours() -> None:
    assert clusters([(0, 1), (1, 2)], first=(1,)) == [(0, 1, 2)]


def test_those_that_leave_are_clustered_again() -> None:
    assert sorted(clusters([(0, 1), (1, 2), (2, 3), (3, 4)])) == [(0, 1), (2, 3), (4,)]


def test_versions_of_one_page_stay_together() -> None:
    pages = {1: frozenset({77}), 2: frozenset({77})}
    assert clusters([(0, 1), (1, 2)], pages) == [(0, 1, 2)]


def test_a_shingle_is_ones_own_when_no_other_record_has_it() -> None:
    shingles = {0: [1, 2, 3], 1: [3, 4], 2: [5]}
    own = own_shingles([0, 1, 2], [1, 1, 2], lambda text: np.array(shingles[text], np.uint64))
    assert own == [2, 1, 0]
