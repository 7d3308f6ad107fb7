"""Where a value stands in its file: line and character, from its first to behind its last one.

Lines and characters count from 1. A character is a Unicode code point of the line, after decoding, and without the
byte order mark; the line is that of the decompressed file.
"""

from __future__ import annotations

import re

from corpus_tools.flags import Region
from corpus_tools.io.spans import Span

_QUOTED = re.compile(r'"(?:[^"]|"")*+"?')


def region_of(text: str, span: Span, line: int = 1, column: int = 1) -> Region:
    r"""The region of a span of `text`, which itself starts at this line and column.

    >>> region_of('[{"a": 1,\n  "b": 2}]', (17, 18))
    Region(line=2, column=8, end_line=2, end_column=9)
    """
    return Region(*_place(text, span[0], line, column), *_place(text, span[1], line, column))


def _place(text: str, at: int, line: int, column: int) -> tuple[int, int]:
    breaks = text.count("\n", 0, at)
    return line + breaks, at - text.rfind("\n", 0, at) if breaks else column + at


def cell_spans(row: str, delimiter: str) -> list[Span]:
    """The spans of the cells of a row of CSV, with their quotes, as Python's csv reader splits it.

    >>> row = 'a,"b, c",d'
    >>> [row[start:end] for start, end in cell_spans(row, ",")]
    ['a', '"b, c"', 'd']
    """
    spans: list[Span] = []
    start = 0
    while True:
        quoted = _QUOTED.match(row, start)
        end = row.find(delimiter, quoted.end() if quoted else start)
        if end < 0:
            return [*spans, (start, len(row))]
        spans.append((start, end))
        start = end + 1
