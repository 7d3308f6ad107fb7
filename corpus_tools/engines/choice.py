"""Which engine a run gets: one process for little, all cores for much."""

from __future__ import annotations

import os

from corpus_tools.engines.inline import Inline
from corpus_tools.engines.processes import Processes
from corpus_tools.io.formats import compression_of_name
from corpus_tools.io.read import Reader
from corpus_tools.settings import Settings

WORTH_BYTES = 16 << 20
"""Input from which on more processes save time: each takes two seconds to start, in which one cleans some 8 MB."""
_UNPACKED = 4
"""How many bytes of text a packed byte stands for, about."""


def engine_for(reader: Reader, settings: Settings) -> Inline | Processes:
    """The engine for that input."""
    jobs = settings.jobs if settings.jobs is not None else _jobs(reader)
    return Inline(settings) if jobs == 1 else Processes(settings, jobs)


def _jobs(reader: Reader) -> int:
    size = reader.bytes_total
    packed = any(compression_of_name(path) or path.endswith((".parquet", ".pq")) for path in reader.paths)
    if size is None or size * (_UNPACKED if packed else 1) < WORTH_BYTES:
        return 1
    return cores()


def cores() -> int:
    """The processor cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
