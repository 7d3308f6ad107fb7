"""What every task of one run knows: where files are left, how to run, and into how many buckets things are sorted."""

from __future__ import annotations

from dataclasses import dataclass

from corpus_tools.cluster.store import Store
from corpus_tools.settings import Settings


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
