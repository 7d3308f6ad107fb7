"""Spaces and line ends get one form; nothing that can be seen, or that a script needs, is lost."""

import sys
import unicodedata

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from corpus_tools.steps.normalize_whitespace import normalize_whitespace
from corpus_tools.text.whitespace import normalize

MANIFEST = "\ufeff\ufe04\ufe03\ufe05"
SPACED = st.text(st.sampled_from("ab \t\n\r\x0b\x85\u2028\u2029\xa0\u3000\u200b\xad\ufeff\ufe01\ufe0f\u200c\u200d"))


def test_every_space_of_unicode_becomes_a_plain_one() -> None:
    spaces = [c for c in map(chr, range(sys.maxunicode + 1)) if unicodedata.category(c) == "Zs"]
    assert normalize("".join(spaces)) == " " * len(spaces)


def test_every_line_end_becomes_a_line_feed() -> None:
    assert normalize("a\r\nb\rc\x85d\u2028e\u2029f\n\rg") == "a\nb\nc\nd\ne\nf\n\ng"


def test_persian_indic_scripts_and_emoji_keep_their_joiners() -> None:
    for text in ("می\u200cخواهم", "ක්\u200dෂ", "👩\u200d🚒", "❤\ufe0f"):
        assert normalize(text) == text


def test_a_manifest_keeps_its_mark_and_a_stray_mark_goes() -> None:
    assert normalize(f"\ufeffSigned.{MANIFEST}\xa0End") == f"Signed.{MANIFEST} End"


def test_tabs_runs_of_spaces_and_outer_blanks_keep_their_length() -> None:
    assert normalize("  a\t b \n\n") == "  a\t b \n\n"


@given(SPACED)
def test_normalising_twice_is_normalising_once(text: str) -> None:
    assert normalize(normalize(text)) == normalize(text)


def test_both_title_and_text_are_normalised_and_nulls_stay() -> None:
    frame = pd.DataFrame({"title": ["A\xa0B", None], "text": [None, "x\r\n"]})
    result = normalize_whitespace(frame)
    assert result["title"][0] == "A B"
    assert result["text"][1] == "x\n"
    assert result.isna().to_numpy().tolist() == [[False, True], [True, False]]
