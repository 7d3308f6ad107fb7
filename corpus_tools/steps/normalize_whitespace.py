"""The step that writes spaces and line ends in one form."""

from __future__ import annotations

import pandas as pd

from corpus_tools import cells
from corpus_tools.protocol import step
from corpus_tools.text.columns import Texts
from corpus_tools.text.whitespace import normalize_all


@step(reads=["text"], edits=["title", "text"])
def normalize_whitespace(frame: pd.DataFrame) -> pd.DataFrame:
    r"""Spaces of all kinds become a plain space, line ends `\n`, and meaningless invisible characters go.

    No-break and other Unicode spaces (category Zs) become U+0020; `\r\n`, `\r`, U+0085, U+2028 and U+2029 become
    `\n`; U+200B, U+00AD and stray byte order marks are removed. U+200C, U+200D, variation selectors and C2PA
    manifests stay. Runs of spaces keep their length, and nothing is stripped.

    >>> normalize_whitespace(pd.DataFrame({"text": ["RM10\u00a0million\r\n"]}))["text"].tolist()
    ['RM10 million\n']
    """
    for column in ("title", "text"):
        if column in frame.columns:
            cells.replace(frame, column, normalize_all(Texts(cells.texts(frame, column))))
    return frame
