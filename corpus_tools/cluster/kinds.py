"""The rows that tasks send each other. Texts go by their hashes, which say the same on every machine."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from corpus_tools.text.fingerprints import SAMPLES

_TEXT = ("text", np.uint64)

BAND = np.dtype([("column", np.uint8), ("key", np.uint64), _TEXT])
"""A text has a key in a column."""
PAIR = np.dtype([("one", np.uint64), ("other", np.uint64), ("sampled", np.bool_)])
"""Two texts, the smaller hash first; `sampled` where their samples have a say."""
SKETCHED = np.dtype([("pair", PAIR), ("words", np.uint32), ("samples", np.uint8, (SAMPLES,))])
"""A pair, with the sketch of its larger text."""
HELD = np.dtype(
    [
        _TEXT,
        ("words", np.uint32),
        ("samples", np.uint8, (SAMPLES,)),
        ("part", np.uint32),
        ("records", np.uint32),
        ("stands", np.bool_),
    ]
)
"""A part has so many records of a text; `stands` where one of them already stands for others."""
EDGE = np.dtype([("at", np.uint64), ("other", np.uint64)])
"""Two that hang together, told to the bucket of `at`."""
CALL = np.dtype([_TEXT, ("group", np.uint32)])
"""The records of a text are looked at in a group."""
STORY = np.dtype([("outlet", np.uint64), _TEXT, ("title", np.uint64), ("part", np.uint32), ("row", np.uint32)])
"""An outlet has a record with that text, in that row of a part."""


def unique_rows(rows: NDArray[np.void]) -> NDArray[np.void]:
    """The same rows, each once, sorted by their fields. `np.unique` would compare them one by one.

    >>> unique_rows(np.array([(2, 1), (1, 9), (2, 1)], EDGE)).tolist()
    [(1, 9), (2, 1)]
    """
    names = rows.dtype.names or ()
    rows = rows[np.lexsort([rows[name] for name in reversed(names)])]
    first = np.ones(len(rows), bool)
    first[1:] = np.logical_or.reduce([rows[name][1:] != rows[name][:-1] for name in names])
    return rows[first]
