from typing import Any

import numpy as np

from corpus_tools.index.clusters import Cluster, Judges, Neighbours, asked_first, own_shingles, settle
from corpus_tools.index.keeper import Facts
from corpus_tools.rules.parties import parties


def settled(
    pairs: list[tuple[int, int]],
    pages: dict[int, frozenset[int]] | None = None,
    first: tuple[int, ...] = (),
    untried: list[tuple[int, int]] | None = None,
    enemies: dict[int, frozenset[int]] | None = None,
) -> list[Cluster]:
    """Cluster texts that are alike as `pairs` and `untried` say; kept is one of `first`, else the smallest."""

    def choose(texts: list[int]) -> tuple[int, int, Facts]:
        kept = next((text for text in first if text in texts), min(texts))
        return kept, kept, Facts(parties())

    texts = sorted({text for pair in pairs for text in pair})
    alike = {frozenset(pair) for pair in [*pairs, *(untried or [])]}
    judges = Judges(
        choose,
        lambda a, b: {a, b} in alike,
        lambda text: (pages or {}).get(text, frozenset()),
        lambda text: (enemies or {}).get(text, frozenset()),
    )
    return list(settle(texts, pairs, Neighbours(np.array(untried or [], np.int64).reshape(-1, 2)), judges))


def clusters(*arguments: Any, **more: Any) -> list[tuple[int, ...]]:
    return [cluster.texts for cluster in settled(*arguments, **more)]


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
    own = own_shingles([0, 1, 2], [1, 1, 2], lambda texts: [np.array(shingles[text], np.uint64) for text in texts])
    assert own == [2, 1, 0]


def test_pairs_that_were_not_tried_hold_those_together_that_left() -> None:
    assert sorted(clusters([(0, 1), (1, 2), (1, 3)], untried=[(2, 3)])) == [(0, 1), (2, 3)]


def test_who_was_held_against_the_keeper_and_left_is_named() -> None:
    (first, second) = settled([(0, 1), (1, 2)])
    assert (first.texts, first.left, second.left) == ((0, 1), (2,), ())


def test_what_is_asked_first_is_every_text_near_the_keeper_that_no_tie_holds_to_it() -> None:
    asked = []

    def is_same(a: int, b: int) -> bool:
        asked.append((min(a, b), max(a, b)))
        return True

    judges = Judges(lambda _: (2, 2, Facts(parties())), is_same)
    ties = [(2, 3), (1, 3), (1, 4), (4, 5), (5, 6)]
    first = asked_first([1, 2, 3, 4, 5, 6], ties, judges)
    assert (first, asked) == ([(1, 2), (2, 4)], [])
    next(settle([1, 2, 3, 4, 5, 6], ties, [], judges))
    assert sorted(asked) == [(1, 2), (2, 3), (2, 4)]


def test_nothing_is_asked_first_of_a_pair_or_of_a_large_component() -> None:
    judges = Judges(lambda _: (0, 0, Facts(parties())), lambda _a, _b: True)
    chain = [(number, number + 1) for number in range(300)]
    assert asked_first([0, 1], [(0, 1)], judges) == asked_first(range(301), chain, judges) == []


def test_enemies_never_share_a_cluster() -> None:
    pairs = [(0, 1), (0, 2), (1, 2)]
    enemies = {1: frozenset({2}), 2: frozenset({1})}
    assert clusters(pairs, enemies=enemies) == [(0, 1), (2,)]
    pages = {1: frozenset({77}), 2: frozenset({77})}
    assert clusters(pairs, pages, enemies=enemies) == [(0, 1), (2,)]


def test_a_large_part_without_a_middle_is_cut_and_every_text_has_one_cluster() -> None:
    chain = [(at, at + 1) for at in range(2000)]
    found = clusters(chain)
    assert sorted(text for some in found for text in some) == list(range(2001))
    assert all(len(some) <= 3 for some in found)
