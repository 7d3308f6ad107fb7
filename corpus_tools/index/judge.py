"""Whether two texts are copies of one article: the thresholds, each with what it was measured on.

Read by hand, copies shared 0.85 or more of the smaller text; reports that took over a statement, excerpts and
rewritten agency copy 0.4 to 0.79; two articles of one outlet up to 0.79 where the outlet's furniture had stayed in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from corpus_tools.text.likeness import Likeness

Judgement = Literal["same", "borderline", "different"]

SHORT = 36
"""Shingles (40 words): below, a text is a teaser or a brief, and a stock phrase can be most of it."""

_COPY = 0.80
_COPY_SAME_TITLE = 0.70
_COPY_SAME_OUTLET = 0.88  # two articles of one outlet share furniture and background paragraphs
_VERSION, _VERSION_WORDS = 0.25, 0.4  # an article at one address may be rewritten, and is still that page
_BORDERLINE, _BORDERLINE_SIMILARITY = 0.60, 0.25
_PART, _OPENING = 0.5, 0.15  # less than half of the other, and not its beginning: one item of a round-up


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is known of the two beside their words. `other_title`: both have a title, and not the same one."""

    same_page: bool = False
    same_outlet: bool = False
    same_title: bool = False
    other_title: bool = False


def judge(like: Likeness, around: Surroundings) -> Judgement:
    """Say whether two texts are the same article.

    >>> judge(Likeness(0.9, 0.95, 0.98, 400, 0.0, 3, 0, 0), Surroundings())
    'same'
    >>> judge(Likeness(0.9, 0.95, 0.98, 400, 0.0, 9, 8, 8), Surroundings(same_title=True))  # tomorrow's market report
    'different'
    """
    if around.same_page:
        rewritten = around.same_title or like.containment >= _VERSION or like.words >= _VERSION_WORDS
        return "same" if rewritten else "borderline"
    if like.smaller < SHORT:
        return "same" if _is_short_copy(like, around) else "different"
    if is_template(like):
        return "different"
    if like.containment >= _needed(around):
        if like.ratio < _PART and like.head > _OPENING and not around.same_title:
            return "borderline"
        return "same"
    if like.containment >= _BORDERLINE and (like.similarity >= _BORDERLINE_SIMILARITY or around.same_title):
        return "borderline"
    return "different"


def is_template(like: Likeness) -> bool:
    """Whether the two are one form filled in twice: numbers and names changed places all over, words hardly did."""
    mostly_values = like.value_swaps >= 2 and 2 * like.value_swaps >= like.swaps
    return like.numbers >= 1 and mostly_values and 100 * like.value_swaps >= like.smaller


def _needed(around: Surroundings) -> float:
    if around.same_title:
        return _COPY_SAME_TITLE
    return _COPY_SAME_OUTLET if around.same_outlet else _COPY


def _is_short_copy(like: Likeness, around: Surroundings) -> bool:
    if around.other_title or like.numbers:
        return False
    if like.ratio >= 0.6:
        return like.containment >= 0.95 or (around.same_title and like.containment >= 0.8)
    # A teaser is the opening of its article, and one sentence may open two articles.
    return like.head <= 0.1 and like.containment >= 0.95 and (around.same_title or like.smaller >= 20)
