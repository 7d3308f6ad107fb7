"""What every task of one run knows: where files are left, how to run, and into how many buckets things are sorted."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Self

from corpus_tools.cluster.store import Store
from corpus_tools.settings import Settings

WORK = ".work"
"""The folder, in that of the output, of what tasks leave for each other; it goes when the run ends."""
_FEW_BUCKETS = 512
_PARTS_A_BUCKET = 32  # of 64 MB each: 0.6 GB of keys, and a worker pairs one bucket at a time


@dataclass(frozen=True, slots=True)
class Job:
    """One run. `work` is its folder of unfinished things, `output` that of its results; `key` is its own.

    `parts` are parts of the corpus, counted from 0; `buckets` hold keys, texts, outlets and groups. There are more
    buckets of a larger corpus, so that one fits into a worker; of files each task writes one, whatever their number.
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
        of_bytes = parts * settings.part_bytes // (_PARTS_A_BUCKET * Settings().part_bytes)
        buckets = max(1, min(parts, _FEW_BUCKETS), parts // _PARTS_A_BUCKET, of_bytes)
        return cls(output.below(WORK), output, settings, uuid.uuid4().hex, parts, buckets)
