"""Signs of damage that one string can't prove: it takes other records of the same outlet.

"Wait?what" may be a slip of the hand and "Itís" a joke. Where many pages of one outlet have the same sign, its system
writes it, and every string that has it deserves a look.

>>> [(sign, span) for sign, span in borderline("Itís late, and the caf? is shut?yes, shut.")]
[('í for an apostrophe', (0, 4)), ('? inside a word', (27, 36))]
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus_tools.text.columns import matching

LEFT_OVER = "UTF-8 read as another encoding"
"""What a lone "Ã" or "â" is a sign of; so is every repair of that kind."""

# What stands where a right single quote was: "Õ" is Mac Roman read as Windows-1252, "í" the other way round, "Æ" is
# Windows-1252 read as code page 437 or 850, "æ" the left quote of that pair, "õ" a lowered "Õ", and "?" a letter that a
# system did not have. "¹" and "´" were added by judgement; only an outlet's habit makes any of them a sign.
_STAND_INS = "íÕõÆæ¹´?"
_BEFORE = (
    "It|it|He|he|She|she|That|that|There|there|What|what|Who|who|Let|let|I|You|you|We|we|They|they|Don|don|Doesn|doesn|"
    "Didn|didn|Isn|isn|Aren|aren|Wasn|wasn|Weren|weren|Won|won|Wouldn|wouldn|Couldn|couldn|Shouldn|shouldn|Can|can|"
    "Hasn|hasn|Haven|haven|Hadn|hadn"
)
# Only where an English contraction stands around it: "país" and "aísla" are words.
_CONTRACTION = rf"\b(?:{_BEFORE})[{_STAND_INS}](?:s|t|re|ve|ll|d|m)\b"
_QUESTION = r"[a-z]{2,}\?[a-z]{2,}"
# A first byte that lost the rest of its character: alone between words, or a capital inside a small word.
_LONE = r"(?:^|[\s(\"])[ÃÂâ](?=$|[\s).,;:!?\"])|[a-z][ÃÂ](?=$|[\s.,;:a-z])"
_ANY = f"{_CONTRACTION}|{_QUESTION}|[ÃÂâ]"
_SIGNS = re.compile(
    rf"(?P<contraction>{_CONTRACTION})|(?P<lone>{_LONE})|(?P<question>\S*?{_QUESTION}\S*)", re.MULTILINE
)
_ADDRESS = re.compile(r"[/@=&]|www\.|^\w+\.\w+\?")
_MOST = 20  # arbitrary: as many spans of one text are looked at


def may_be_borderline(texts: Sequence[str]) -> NDArray[np.bool_]:
    """A cheap look over a column that overlooks nothing, shape (texts,)."""
    return matching(texts, _ANY)


def borderline(text: str) -> list[tuple[str, tuple[int, int]]]:
    """The signs of a text in the order of their names, each with the span of its first string."""
    found: dict[str, tuple[int, int]] = {}
    for at, match in enumerate(_SIGNS.finditer(text)):
        if at >= _MOST:
            break
        sign = _sign(match)
        if sign:
            found.setdefault(sign, match.span())
    return sorted(found.items(), key=lambda one: (one[1], one[0]))


def _sign(match: re.Match[str]) -> str | None:
    whole = match[0]
    if match["contraction"]:
        return f"{next(char for char in whole if char in _STAND_INS)} for an apostrophe"
    if match["lone"]:
        return LEFT_OVER
    return None if _ADDRESS.search(whole) else "? inside a word"


def proven(repairs: Sequence[Mapping[str, Any]]) -> bool:
    """Whether one of the repairs is proof of what a left-over byte is a sign of.

    >>> proven([{"column": "text", "parts": [0], "steps": [["encode", "latin-1"], ["decode", "utf-8"]]}])
    True
    """
    steps = [step for made in repairs for step in made.get("steps") or [] if len(step) == 2]
    return any(step[0] == "decode" and step[1] == "utf-8" for step in steps)
