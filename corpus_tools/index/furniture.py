"""Furniture learned from the corpus: what many stories of one outlet share is the outlet's page, not the article.

Only outlets of texts that look alike are asked, and only a sample of their stories, so memory stays small.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Iterable

import numpy as np

from corpus_tools.text.fingerprints import Shingles
from corpus_tools.text.likeness import Print, shared_by

_SAMPLE = 16
LOOKED_AT = 128
"""Stories of an outlet that are looked at."""
_STORIES = 4
# Copies and pages that are mostly furniture look the same from afar. Four headlines of one outlet over the same text
# are furniture; without headlines, only texts that are less alike than copies count as stories of their own.
_SAME_STORY, _SAME_STORY_UNTITLED = 0.9, 0.6


class Furniture:
    """The furniture of each outlet, found when it is first asked for.

    `stories_of` gives the texts of an outlet, each with a name for its story (its title), in an order that does not
    depend on reading; `print_of` prepares one of them.
    """

    def __init__(
        self, stories_of: Callable[[int], Iterable[tuple[int, int]]], print_of: Callable[[int], Print]
    ) -> None:
        self._stories_of, self._print_of = stories_of, print_of
        self.of = functools.lru_cache(maxsize=4096)(self._of)

    def _of(self, outlet: int) -> Shingles:
        """The shingles that at least four different stories of the outlet share, sorted."""
        sample: list[Print] = []
        titles: set[int] = set()
        for text, title in itertools.islice(self._stories_of(outlet), LOOKED_AT):
            if title and title in titles:
                continue
            print_ = self._print_of(text)
            same = _SAME_STORY if title else _SAME_STORY_UNTITLED
            if any(shared_by(print_, other).similarity >= same for other in sample):
                continue
            titles.add(title)
            sample.append(print_)
            if len(sample) == _SAMPLE:
                break
        if len(sample) < _STORIES:
            return np.empty(0, np.uint64)
        found, stories = np.unique(np.concatenate([print_.distinct for print_ in sample]), return_counts=True)
        return found[stories >= _STORIES]
