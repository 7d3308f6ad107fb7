"""How much there is to do, and how many may do it."""

from __future__ import annotations

import os

from corpus_tools.io.formats import compression_of_name
from corpus_tools.io.read import Reader

_UNPACKED = 4
"""How many bytes of text a packed byte stands for, about."""


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
