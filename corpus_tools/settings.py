"""How to run: what the command line, or a caller, says about one run. It can be sent to other processes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Settings:
    """How to run. `sidecars`: the audit files are written; `remove`: dropped records leave the main output.

    `reading` are options of `Reader`; `common` are options for every step that takes them. `jobs` is the number of
    processes, None for as many as are worth it. `resume`: go on from where an earlier run of the same was stopped.
    `spreadsheet_safe`: no spreadsheet runs a cell of a CSV or TSV output.
    `engine` is "local" or "dask", and then `scheduler` the address of a Dask scheduler, "threads" or "synchronous" for
    this process, or None for processes on this machine; the output is a folder, and each part of the input has about
    `part_bytes`.
    """

    verb: str = "clean"
    output: str = "-"
    audit: Path | None = None
    sidecars: bool = True
    remove: bool = True
    steps: tuple[str, ...] | None = None
    step_options: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    common: Mapping[str, Any] = field(default_factory=dict)
    output_format: str | None = None
    reading: Mapping[str, Any] = field(default_factory=dict)
    dry_run: bool = False
    index: Path | None = None
    pairs: Path | None = None
    jobs: int | None = None
    resume: bool = False
    spreadsheet_safe: bool = False
    engine: Literal["local", "dask"] = "local"
    scheduler: str | None = None
    part_bytes: int = 64 << 20
