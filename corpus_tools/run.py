"""One run: files in, files out, and the proof that nothing was lost on the way."""

from __future__ import annotations

import contextlib
import dataclasses
import platform
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import corpus_tools
from corpus_tools import audit, cells, contract
from corpus_tools.chain import load_chain
from corpus_tools.errors import MissingColumn, PromiseBroken, UsageError
from corpus_tools.flags import FLAGS, Flag
from corpus_tools.index.batch import Added
from corpus_tools.index.lasting import Index
from corpus_tools.index.manifest import is_index
from corpus_tools.io.chunk import Chunk
from corpus_tools.io.outputs import Outputs, goes_away, is_beside_records, siblings
from corpus_tools.io.read import Reader
from corpus_tools.io.write import Writer, json_line, written_format
from corpus_tools.pipeline import Chain, Progress, Timing, columns_added, dropped, run_chain
from corpus_tools.report.provenance import ProvenanceTally
from corpus_tools.rules import load
from corpus_tools.rules.judgement import judged_flags

EXAMPLES = 5
"""Broken pieces of input that a run names on the terminal; the quarantine has all of them."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How to run. `sidecars`: the audit files are written; `remove`: dropped records leave the main output.

    `reading` are options of `Reader`; `common` are options for every step that takes them.
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


@dataclass(slots=True)
class Outcome:
    """What a run did: its manifest, the first pieces of broken input in words, and what its index took in.

    `added` goes with the number of records that the index has now.
    """

    manifest: dict[str, Any]
    broken: list[str]
    added: tuple[Added, int] | None = None


def run(inputs: list[str], settings: Settings, progress: Progress | None = None) -> Outcome:
    """Run the chain from files to files.

    Raises InputError and OutputError where files can't be read or written, PromiseBroken where the sums don't add
    up; then what stood at the output before still stands.
    """
    with _opened(settings) as index:
        return _run(inputs, settings, index, progress)


def _run(inputs: list[str], settings: Settings, index: Index | None, progress: Progress | None) -> Outcome:
    started = time.perf_counter()
    chain = load_chain(settings.steps, settings.step_options, {**settings.common, "index": index})
    _check_duplicates_run(settings, chain)
    reader = Reader(inputs, **settings.reading)
    for path in filter(is_beside_records, reader.paths):
        raise UsageError(f"{path} belongs to an earlier run and holds no records. Leave it out of the input.")
    timing = Timing()
    with Outputs(reads=reader.paths) as outputs:
        writing = _Writing(outputs, settings, chain, index)
        running = chain if settings.pairs is None or settings.dry_run else _telling(chain, outputs.open(settings.pairs))
        for chunk in run_chain(reader, running, timing, progress):
            writing.take(chunk)
            if progress:
                progress("writing", len(chunk.frame))
        if writing.counts["kept"] and "text" not in reader.names:
            raise MissingColumn(settings.verb, "text", reader.names)
        writing.close()
        manifest = _manifest(reader, settings, chain, writing, timing)
        _check_sum(manifest["counts"])
        manifest["seconds"]["total"] = round(time.perf_counter() - started, 3)
        writing.finish(manifest)
    # The outputs come first. Were the index to come first, a run that ends between the two would leave records in it
    # that nobody has, and later copies would be dropped for them. As it is, the same run can simply be done again.
    added = None if index is None or settings.dry_run else (index.commit(), len(index))
    return Outcome(manifest, writing.broken, added)


def _check_duplicates_run(settings: Settings, chain: Chain) -> None:
    """Options for mark_duplicates are no use, and so most likely a mistake, where it does not run."""
    given = {"index": settings.index, "pairs": settings.pairs, "overrule": settings.common.get("overrule")}
    if not any(step.name == "mark_duplicates" for step, _ in chain):
        for name in (name for name, value in given.items() if value is not None):
            raise UsageError(f"--{name} is for mark_duplicates, and this run has no such step. Leave --{name} out.")


def _telling(chain: Chain, pairs: BinaryIO) -> Chain:
    """The chain, with each pair that is compared written down."""
    told = {"pairs": lambda row: pairs.write(json_line(row))}
    return [(step, {**options, **told} if step.name == "mark_duplicates" else options) for step, options in chain]


def _opened(settings: Settings) -> contextlib.AbstractContextManager[Index | None]:
    """The index of a run; a dry run makes none and adds nothing."""
    if settings.index is None or (settings.dry_run and not is_index(settings.index)):
        return contextlib.nullcontext()
    return Index.open(settings.index, writing=not settings.dry_run, create_missing=True)


class _Writing:
    """The open outputs of one run, and what was counted while writing them."""

    def __init__(self, outputs: Outputs, settings: Settings, chain: Chain, index: Index | None) -> None:
        self.outputs, self.settings, self.chain, self.index = outputs, settings, chain, index
        self.added = [*columns_added(chain), "source_file", "source_line"]
        judged = judged_flags(settings.common.get("rules"))
        own = [flag for step, _ in chain for flag in step.flags if flag.code not in FLAGS]
        self.own_flags: list[Flag] = [*judged.values(), *own]
        self.provenance = ProvenanceTally() if any(step.name == "flag_provenance" for step, _ in chain) else None
        self.counts: Counter[str] = Counter(kept=0, removed=0, quarantined=0)
        self.flags: Counter[str] = Counter()
        self.severities: Counter[str] = Counter(error=0, warning=0, info=0)
        self.verdicts: Counter[str] = Counter()
        self.broken: list[str] = []
        self.shape: audit.Shape | None = None
        self.as_text = written_format(settings.output, settings.output_format) in ("csv", "tsv")
        out = None if goes_away(settings.output) else Path(settings.output)
        self.names = siblings(out, settings.audit, settings.output_format)
        self.main = self.removed = None
        self.sidecars: dict[str, Any] = {}
        if settings.dry_run:
            return
        self.main = Writer(outputs.open(settings.output), settings.output, settings.output_format, self.added)
        if settings.sidecars:
            kept_format = settings.output_format
            removed = str(self.names["removed"])
            self.removed = Writer(outputs.open(removed), removed, kept_format, self.added)
            for kind in ("ledger", "findings", "quarantine"):
                self.sidecars[kind] = outputs.open(str(self.names[kind]))

    def take(self, chunk: Chunk) -> None:
        """Write one finished chunk."""
        frame = chunk.frame
        drop = dropped(frame) if self.settings.remove else np.zeros(len(frame), dtype=bool)
        for writer, mask in ((self.main, ~drop), (self.removed, drop)):
            if writer and mask.any():
                layouts = [layout for layout, wanted in zip(chunk.layouts, mask, strict=True) if wanted]
                writer.write(frame if mask.all() else frame[mask], layouts)
        if self.index is not None:
            self.index.leave_out(self.counts["removed"] + self.counts["kept"] + _dropped_for_itself(frame))
        self.counts["removed"] += int(drop.sum())
        self.counts["kept"] += int((~drop).sum())
        self.verdicts.update(verdict for verdict in cells.strings(frame, "verdict") if verdict)
        flags = cells.words(frame, "flags")
        for codes in flags:
            self.flags.update(codes)
        if self.provenance:
            columns = cells.strings(frame, "source"), cells.strings(frame, "url")
            self.provenance.add(*columns, cells.objects(frame, "provenance_score"), flags)
        shapes = audit.shapes_of(chunk, as_text=self.as_text)
        self._write("ledger", audit.ledger_rows(chunk, shapes, self.shape))
        self.shape = shapes[-1] if shapes else self.shape
        self._write("findings", self._counted(audit.finding_rows(chunk, self.own_flags)))
        self._set_aside(chunk)

    def _counted(self, rows: Iterator[audit.Row]) -> Iterator[audit.Row]:
        for row in rows:
            self.severities[row["severity"]] += 1
            yield row

    def _write(self, kind: str, rows: Iterator[audit.Row]) -> None:
        sidecar = self.sidecars.get(kind)
        for row in rows:
            if sidecar:
                sidecar.write(json_line(row))

    def _set_aside(self, chunk: Chunk) -> None:
        if not chunk.quarantined:
            return
        if "quarantine" not in self.sidecars and not self.settings.dry_run and self.settings.audit is None:
            self._open_quarantine()
        for piece in chunk.quarantined:
            if "quarantine" in self.sidecars:
                self.sidecars["quarantine"].write(json_line(audit.quarantine_row(piece)))
            if piece.more:
                continue
            self.counts["quarantined"] += 1
            if len(self.broken) < EXAMPLES:
                self.broken.append(f"{piece.source_file}:{piece.source_line}: {piece.reason}")

    def _open_quarantine(self) -> None:
        """Broken input is kept even where nobody asked for an audit: it exists nowhere else on a pipe."""
        if not self.settings.sidecars and self.settings.remove:  # --no-audit: let it go
            return
        path = self.names["quarantine"]
        if goes_away(self.settings.output):
            path, at = Path(f"{self.settings.verb}.quarantine.jsonl"), 2
            while path.exists():  # it may hold what another run set aside, which exists nowhere else either
                path, at = Path(f"{self.settings.verb}.quarantine.{at}.jsonl"), at + 1
        self.names["quarantine"] = path
        self.sidecars["quarantine"] = self.outputs.open(str(path))

    def close(self) -> None:
        """Finish the record files; formats that need all columns first are written here."""
        for writer in (self.main, self.removed):
            if writer:
                writer.close()

    def finish(self, manifest: dict[str, Any]) -> None:
        """Write the manifest and let every file appear under its name."""
        import orjson

        if self.settings.dry_run:
            return
        if self.settings.sidecars:
            text = orjson.dumps(manifest, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
            self.outputs.open(str(self.names["run"])).write(text)
        self.outputs.commit(last=self.settings.output)


def _dropped_for_itself(frame: pd.DataFrame) -> NDArray[np.int64]:
    """The rows that were dropped for what they are, not for being copies."""
    copies = np.array([keeper is not None for keeper in cells.objects(frame, "duplicate_of")], bool)
    return np.flatnonzero(dropped(frame) & ~copies)


def _check_sum(counts: Mapping[str, int]) -> None:
    ends = counts["kept"] + counts["removed"] + counts["quarantined"]
    if counts["read"] != ends:
        raise PromiseBroken(
            f"{counts['read']} rows were read, and {ends} are accounted for: {counts['kept']} kept, "
            f"{counts['removed']} removed, {counts['quarantined']} quarantined. Nothing was written."
        )


def _manifest(reader: Reader, settings: Settings, chain: Chain, writing: _Writing, timing: Timing) -> dict[str, Any]:
    read = sum(entry.records + entry.quarantined for entry in reader.inputs)
    counts = {"read": read, **writing.counts}
    names = {"output": settings.output}
    if settings.sidecars:
        names |= {kind: str(path) for kind, path in writing.names.items()}
    elif "quarantine" in writing.sidecars:
        names["quarantine"] = str(writing.names["quarantine"])
    if settings.pairs is not None and not settings.dry_run:
        names["pairs"] = str(settings.pairs)
    return {
        "contract": contract.VERSION,
        "verb": settings.verb,
        "counts": counts,
        "sum": f"{read} read = {counts['kept']} kept + {counts['removed']} removed "
        f"+ {counts['quarantined']} quarantined",
        "verdicts": dict(sorted(writing.verdicts.items())),
        "flags": dict(sorted(writing.flags.items())),
        "findings": dict(writing.severities),
        **({"provenance": writing.provenance.told()} if writing.provenance else {}),
        **({"remarks": timing.remarks} if timing.remarks else {}),
        "changed_cells": {step.name: timing.changed[step.name] for step, _ in chain if step.edits},
        "inputs": [dataclasses.asdict(entry) for entry in reader.inputs],
        "sources": reader.sources,
        "outputs": names,
        "steps": [{"name": step.name, "options": _plain(options)} for step, options in chain],
        "options": _plain(
            {
                "map": settings.reading.get("column_map"),
                "encoding": settings.reading.get("encoding"),
                "to": settings.output_format,
                "limit": settings.reading.get("limit"),
                "mark": not settings.remove,
                **settings.common,
                "index": settings.index,
                "pairs": settings.pairs,
            }
        ),
        "rules_sha256": load.fingerprint(settings.common.get("rules")),
        "versions": _versions(),
        "seconds": {name: round(seconds, 3) for name, seconds in timing.seconds.items()},
        "peak_memory_mb": _peak_memory(),
    }


def _plain(options: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value if isinstance(value, (str, int, float, bool, dict)) else str(value)
            for name, value in options.items() if value is not None}  # fmt: skip


def _versions() -> dict[str, str]:
    found = {"corpus_tools": corpus_tools.__version__, "python": platform.python_version()}
    for package in ("pandas", "pandera", "ftfy", "langdetect", "numpy", "pyarrow"):
        with contextlib.suppress(metadata.PackageNotFoundError):
            found[package] = metadata.version(package)
    return found


def _peak_memory() -> float | None:
    """Peak resident memory of this process in MB; None where the system does not tell."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (1 << 20 if sys.platform == "darwin" else 1 << 10), 1)
