"""Whether two texts are copies of one article: the thresholds, each with what it was measured on.

Read by hand, copies shared 0.85 or more of the smaller text; reports that took over a statement, excerpts and
rewritten agency copy 0.4 to 0.79; two articles of one outlet up to 0.79 where the outlet's furniture had stayed in.
Shingles alone call a copy with every twelfth word replaced a stranger: it shares six tenths of its shingles, and nine
tenths of its words in the same order. So texts laid side by side count as well, and they can also say no.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from corpus_tools.text.likeness import Likeness

Judgement = Literal["same", "borderline", "different"]
Guard = Literal[
    "page", "short", "template", "update", "openings", "passages", "part", "shared", "aligned", "borderline", "little",
    "always", "never",
]  # fmt: skip
"""What decided; `GUARDS` has the words."""

GUARDS: dict[Guard, str] = {
    "page": "both are of one page",
    "short": "a text of under 40 words is the same only where nearly all of it is",
    "template": "numbers and names changed places all over: one form filled in twice",
    "update": "numbers changed and hardly a word: a later state of one event",
    "openings": "each has an opening of its own before the words they share",
    "passages": "each has passages of its own between the words they share",
    "part": "one is a later part of the other, as an item of a round-up",
    "shared": "enough of the smaller text's phrases stand in the other",
    "aligned": "enough of the smaller text's words stand in the other in the same order",
    "borderline": "much is shared, and not enough to be sure",
    "little": "little is shared",
    "always": "the file of pairs says that they belong together",
    "never": "the file of pairs says that they stay apart",
}

SHORT = 36
"""Shingles (40 words): below, a text is a teaser or a brief, and a stock phrase can be most of it."""

_COPY = 0.80
_COPY_SAME_TITLE = 0.70
_COPY_SAME_OUTLET = 0.88  # two articles of one outlet share furniture and background paragraphs
# Words in the same order: copies read by hand had 0.92 and more, partial ones up to 0.85.
_ALIGNED, _ALIGNED_SAME_TITLE, _ALIGNED_SAME_OUTLET = 0.88, 0.86, 0.93
# One headline, one opening, and two outlets: what is not shared at the end is furniture, or was cut.
_ALIGNED_FROM_THE_TOP, _TOP_WORDS, _TOP_FOREIGN = 0.60, 20, 0.10
_VERSION, _VERSION_WORDS = 0.25, 0.4  # an article at one address may be rewritten, and is still that page
_BORDERLINE, _BORDERLINE_SIMILARITY, _BORDERLINE_ALIGNED = 0.60, 0.25, 0.75
_PART, _OPENING = 0.5, 0.15  # less than half of the other, and not its beginning: one item of a round-up
# Page headers of two outlets differ by a dozen words; a paragraph of one's own, twice, is another article.
_OPENING_WORDS, _OPENING_SHARE = 30, 0.06
_OPENING_WORDS_SAME_OUTLET = 15  # one outlet's header is one header
_FOREIGN = 0.15


class Ruling(NamedTuple):
    """A judgement and what decided it."""

    judgement: Judgement
    guard: Guard


class Surroundings(NamedTuple):
    """What is known of the two beside their words. `other_title`: both have a title, and not the same one."""

    same_page: bool = False
    same_outlet: bool = False
    same_title: bool = False
    other_title: bool = False


def judge(like: Likeness, around: Surroundings) -> Ruling:
    """Say whether two texts are the same article, and what decided it.

    >>> judge(Likeness(0.9, 0.95, 0.98, 400, 0.0, 3, 0, 0), Surroundings())
    Ruling(judgement='same', guard='shared')
    >>> judge(Likeness(0.9, 0.95, 0.98, 400, 0.0, 9, 8, 8), Surroundings(same_title=True))  # tomorrow's market report
    Ruling(judgement='different', guard='template')
    """
    if around.same_page:
        rewritten = around.same_title or like.containment >= _VERSION or like.words >= _VERSION_WORDS
        return Ruling("same" if rewritten else "borderline", "page")
    if like.smaller < SHORT:
        return Ruling(_short(like, around), "short")
    if is_template(like):
        return Ruling("different", "template")
    enough = _enough(like, around)
    if enough is None:
        alike = like.similarity >= _BORDERLINE_SIMILARITY or around.same_title
        likely = like.containment >= _BORDERLINE or like.aligned >= _BORDERLINE_ALIGNED
        return Ruling("borderline", "borderline") if likely and alike else Ruling("different", "little")
    doubt = _doubt(like, around)
    return Ruling("same", enough) if doubt is None else Ruling("borderline", doubt)


def is_template(like: Likeness) -> bool:
    """Whether the two are one form filled in twice: numbers and names changed places all over, words hardly did."""
    # Without capitals a name is a word like others, and only the numbers show.
    of_swaps = 3 if like.caseless else 2
    mostly_values = like.value_swaps >= 2 and of_swaps * like.value_swaps >= like.swaps
    return like.numbers >= 1 and mostly_values and 100 * like.value_swaps >= like.smaller


def _enough(like: Likeness, around: Surroundings) -> Guard | None:
    """What makes two texts the same, if anything does."""
    copy, aligned = _COPY, _ALIGNED
    if around.same_title:
        copy, aligned = _COPY_SAME_TITLE, _ALIGNED_SAME_TITLE
    elif around.same_outlet:
        copy, aligned = _COPY_SAME_OUTLET, _ALIGNED_SAME_OUTLET
    if like.containment >= copy:
        return "shared"
    from_the_top = like.openings <= _TOP_WORDS and like.foreign <= _TOP_FOREIGN and not around.same_outlet
    if around.same_title and from_the_top:
        aligned = _ALIGNED_FROM_THE_TOP
    return "aligned" if like.aligned >= aligned else None


def _doubt(like: Likeness, around: Surroundings) -> Guard | None:
    """What speaks against two texts that share enough."""
    if like.numbers >= 2 and 2 * like.value_swaps >= like.swaps:
        return "update"
    if around.same_title:
        return None
    if like.ratio < _PART and like.head > _OPENING:
        return "part"
    opening = _OPENING_WORDS_SAME_OUTLET if around.same_outlet else _OPENING_WORDS
    if like.openings >= opening and like.openings >= _OPENING_SHARE * like.smaller:
        return "openings"
    return "passages" if like.foreign >= _FOREIGN else None


def _short(like: Likeness, around: Surroundings) -> Judgement:
    if around.other_title or like.numbers:
        return "different"
    if like.ratio >= 0.6:
        if like.containment >= 0.95 or (around.same_title and like.containment >= 0.8):
            return "same"
        # One word can turn a brief into another one, so a person should look.
        return "borderline" if like.aligned >= 0.9 else "different"
    # A teaser is the opening of its article, and one sentence may open two articles.
    is_opening = like.head <= 0.1 and like.containment >= 0.95 and (around.same_title or like.smaller >= 20)
    return "same" if is_opening else "different"
