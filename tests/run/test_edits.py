"""What is written down of a changed text: the edits that undo it, and no more of the text than they need."""

from __future__ import annotations

from difflib import SequenceMatcher

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus_tools.ledger import Edit, _Aligner, span_edits, undo_edits

_TEXTS = st.text("ab \n\u00a0", max_size=24)
_LINES = st.lists(st.sampled_from(["\n", "Rain.", "Sun.", "Wind."]), max_size=40)


@given(_TEXTS, _TEXTS)
def test_edits_undo_any_change(old: str, new: str) -> None:
    assert undo_edits(new, span_edits(old, new)) == old


@given(_TEXTS)
def test_what_is_the_same_needs_no_edit(text: str) -> None:
    assert span_edits(text, text) == ()


@given(_LINES, _LINES)
def test_lines_are_aligned_as_difflib_does_it(old: list[str], new: list[str]) -> None:
    expected = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    assert _Aligner(old, new).get_opcodes() == expected


@pytest.mark.parametrize(
    ("old", "new", "edits"),
    [
        ("One.\nRain\u00a0is due.\nTwo.", "One.\nRain is due.\nTwo.", [(9, "\u00a0", " ")]),
        ("X aaa\nEnd.", "Y aa\nEnd.", [(0, "X", "Y"), (4, "a", "")]),
        ("Share\n\nRain.\n\nShare\n\nSun.", "Rain.\n\nSun.", [(0, "Share\n\n", ""), (12, "\n\nShare", "")]),
        ("a\na\n", "a\n", [(2, "a\n", "")]),
        ("Sun.  \n\nEnd.", "Sun. \n\nEnd.", [(5, " ", "")]),
    ],
)
def test_lines_that_both_texts_share_leave_the_edits_as_they_are(
    old: str, new: str, edits: list[tuple[int, str, str]]
) -> None:
    assert span_edits(old, new) == tuple(Edit(*edit) for edit in edits)
