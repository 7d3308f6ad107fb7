"""Which records of an index count, for a caller who knows what became of them since."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class View:
    """Records by the keys of their ids, sorted.

    `standing` are those that are still there: only they have copies. `revised` are those of which the new records hold
    another version, so that a new record of that id is no copy of the old one. `place` says where a record stands.
    """

    standing: NDArray[np.uint64]
    revised: NDArray[np.uint64]
    place: Callable[[str], str | None]


def holds(keys: NDArray[np.uint64], wanted: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Which of the wanted keys are among the sorted ones.

    >>> holds(np.array([3, 9], np.uint64), np.array([9, 4], np.uint64)).tolist()
    [True, False]
    """
    at = np.searchsorted(keys, wanted)
    found = np.zeros(len(wanted), bool)
    inside = at < len(keys)
    found[inside] = keys[at[inside]] == wanted[inside]
    return found
