"""Which engine a run gets: one process for little, all cores for much."""

from __future__ import annotations

from pathlib import Path

from corpus_tools.engines.inline import Inline
from corpus_tools.engines.processes import Processes
from corpus_tools.engines.size import cores, processes, unpacked_bytes
from corpus_tools.io.read import Reader
from corpus_tools.settings import Settings

WORTH_BYTES = 16 << 20
"""Input from which on more processes save time: each takes over a second to start, in which one cleans some 5 MB."""


def engine_for(reader: Reader, settings: Settings, folder: Path | None = None) -> Inline | Processes:
    """The engine for that input; it keeps what it finishes in `folder`, if there is one."""
    jobs = settings.jobs
    if jobs is None:
        jobs = cores() if (unpacked_bytes(reader) or 0) >= WORTH_BYTES else 1
    return Inline(settings, folder) if jobs == 1 else Processes(settings, processes(jobs), folder)
