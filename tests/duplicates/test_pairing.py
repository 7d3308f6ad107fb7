"""In which order pairs are compared, and what is remembered of them."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from corpus_tools.index.clusters import components
from corpus_tools.index.pairing import together
from corpus_tools.index.verdicts import Verdict, Verdicts

PAIRS = st.sets(st.tuples(st.integers(0, 40), st.integers(41, 80)), min_size=1).map(sorted)


@given(PAIRS)
def test_what_hangs_together_is_compared_in_one_go_and_in_order(pairs: list[tuple[int, int]]) -> None:
    ordered = [tuple(pair) for pair in together(np.array(pairs)).tolist()]
    parts = sorted(components(pairs), key=min)
    assert ordered == [pair for part in parts for pair in pairs if pair[0] in part]


def test_a_verdict_is_remembered_to_the_last_digit() -> None:
    said = {
        (3, 1 << 31): Verdict("borderline", "openings", 0.1 + 0.2, 1 / 3, 0.0, (17, 40), 9),
        (0, 7): Verdict("same", "always", 1e-9, 1.0, 0.5, (0, 3), 0),
    }
    verdicts = Verdicts()
    for pair, verdict in said.items():
        verdicts.add(*pair, verdict)
    assert verdicts.of(0, 7) is None
    verdicts.sort()
    assert {pair: verdicts.of(*pair) for pair in said} == said
    assert verdicts.of(3, 7) is None
