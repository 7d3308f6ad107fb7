"""Cells of a frame, whatever keeps them."""

import pandas as pd
import pytest

from corpus_tools import cells
from corpus_tools.text.cuts import in_bytes, without

TEXTS = ["Rain is due. Share this", None, "Žďár: 雨が降る。Share 🌧 this", "", "Share"]
SPANS = {0: [(12, 23, "share")], 2: [(0, 6, "head"), (11, 23, "share")], 4: [(0, 5, "share")]}


@pytest.mark.parametrize("dtype", ["str", "object", "category"])
@pytest.mark.parametrize("before", [0, 2])
def test_stretches_are_cut_from_cells_as_they_are_from_texts(dtype: str, before: int) -> None:
    """A slice of a frame counts from its own first row, and a null stays one."""
    frame = pd.DataFrame({"text": pd.Series([*["Sun — today"] * before, *TEXTS], dtype=dtype)})
    frame = frame[before:].reset_index(drop=True)
    cells.cut(frame, "text", {row: in_bytes(TEXTS[row] or "", spans) for row, spans in SPANS.items()})
    wanted = [without(text, SPANS.get(row, [])) if text else text for row, text in enumerate(TEXTS)]
    assert cells.objects(frame, "text") == wanted
    assert frame["text"].dtype == ("str" if dtype == "category" else dtype)


def test_stretches_are_cut_from_a_text_that_has_no_utf8() -> None:
    """A lone surrogate stays in its text."""
    text = "\ud800 is due. Share"
    frame = pd.DataFrame({"text": pd.Series([text], dtype=object)})
    cells.cut(frame, "text", {0: in_bytes(text, [(9, 15, "share")])})
    assert frame["text"].to_list() == ["\ud800 is due."]
