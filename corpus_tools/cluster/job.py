"""What every task of one run knows: where files are left, how to run, and into how many buckets things are sorted."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Self

from corpus_tools.cluster.store import Store
from corpus_tools.settings import Settings

WORK = ".work"
"""The folder, in that of the output, of what tasks leave for each other; it goes when the run ends."""
_MOST_BUCKETS = 512


@dataclass(frozen=True, slots=True)
class Job:
    """One run. `work` is its folder of unfinished things, `output` that of its results; `key` is its own.

    `parts` are parts of the corpus, counted from 0; `buckets` hold keys, texts, outlets and groups.
    """

    work: Store
    output: Store
    settings: Settings
    key: str
    parts: int
    buckets: int
    ending: str = ".jsonl"

    @classmethod
    def of(cls, settings: Settings, parts: int) -> Self:
        """A new run over so many parts, in the folder that the settings name."""
        output = Store(settings.output.rstrip("/"))
        buckets = max(1, min(parts, _MOST_BUCKETS))
        return cls(output.below(WORK), output, settings, uuid.uuid4().hex, parts, buckets)
