"""How much there is to do, and how many may do it."""

from __future__ import annotations

import os

from corpus_tools.errors import UsageError
from corpus_tools.io.formats import compression_of_name
from corpus_tools.io.read import Reader

_UNPACKED = 4
"""How many bytes of text a packed byte stands for, about."""
_MOST = 64
"""Processes that any machine may be asked for; a large one bears eight for each of its cores."""


def unpacked_bytes(reader: Reader) -> int | None:
    """About how many bytes of text there are to read; None where a pipe is among the inputs."""
    size = reader.bytes_total
    packed = any(compression_of_name(path) or path.endswith((".parquet", ".pq")) for path in reader.paths)
    return None if size is None else size * (_UNPACKED if packed else 1)


def cores() -> int:
    """The processor cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def processes(asked: int) -> int:
    """As many processes as were asked for; UsageError for a number that would bring the machine down."""
    most = max(_MOST, 8 * cores())
    if asked > most:
        raise UsageError(
            f"--jobs {asked} is more than this machine can bear: {most} processes are the most here. Take --jobs "
            f"{cores()}, one for each core."
        )
    return asked
