"""The table of characters says what Unicode, as this Python knows it, says."""

from __future__ import annotations

import sys
import unicodedata

from corpus_tools.text.scripts import CODE, DIGIT, DROPPED, UPPER, table


def test_what_belongs_to_words_is_what_python_and_unicode_call_so() -> None:
    held = table()
    for code in range(sys.maxunicode + 1):
        char = chr(code)
        if held[code] == DROPPED:
            continue
        word = char.isalnum() or (code < 0x20000 and unicodedata.category(char)[0] == "M")
        assert bool(held[code]) == word, hex(code)
        assert bool(held[code] & DIGIT) == (word and char.isdecimal()), hex(code)


def test_capitals_fold_to_their_small_letters() -> None:
    held = table()
    for code in range(0x20000):
        small = chr(code).lower()
        if held[code] & UPPER and code != ord("Σ") and not 0xFF01 <= code < 0xFF5F:
            assert chr(held[code] & CODE) == small
