"""Many fixed pieces of text, looked for in one pass: an Aho–Corasick automaton (Aho and Corasick, 1975).

Patterns cost most where they don't match, and nearly all texts hold none of the words that a pattern needs. One pass
over a text tells which of some hundred words it holds, at the price of looking for two of them.
"""

from __future__ import annotations

from collections.abc import Sequence

from ahocorasick_rs import AhoCorasick, Implementation

from corpus_tools.text.columns import encodable


class Literals:
    """Words to look for; case counts, so fold both sides where it must not."""

    def __init__(self, words: Sequence[str]) -> None:
        self.words = tuple(words)
        # An automaton of no words is none; the DFA is three times as fast as the default and has 200 words to hold.
        self._automaton = AhoCorasick(self.words, implementation=Implementation.DFA) if self.words else None

    def numbers_in(self, text: str) -> list[int]:
        """The numbers of the words that a text holds, in order, each once.

        >>> Literals(["post", "the post", "appeared"]).numbers_in("the post office")
        [0, 1]
        """
        return sorted({number for number, _, _ in self._matches(text, overlapping=True)})

    def are_in(self, text: str) -> bool:
        """Whether a text holds one of the words."""
        return bool(self._matches(text, overlapping=False))

    def _matches(self, text: str, *, overlapping: bool) -> list[tuple[int, int, int]]:
        if self._automaton is None:
            return []
        try:
            return self._automaton.find_matches_as_indexes(text, overlapping=overlapping)
        except UnicodeEncodeError:  # a lone surrogate, which is in no word
            return self._automaton.find_matches_as_indexes(encodable(text), overlapping=overlapping)
