"""What was found of a part of a corpus by looking at all of it, by others: its pairs, and its outlets' furniture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from corpus_tools.text.fingerprints import Shingles


class Furnished(Protocol):
    """Knows the furniture of outlets."""

    def of(self, outlet: int) -> Shingles:
        """The shingles of an outlet's furniture, sorted."""


@dataclass(frozen=True, slots=True)
class Found:
    """The pairs worth comparing as hashes of texts, shape (pairs, 2), sorted and each once; and furniture."""

    pairs: NDArray[np.uint64]
    furniture: Furnished
