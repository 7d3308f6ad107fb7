"""One run: files in, files out, and the proof that nothing was lost on the way."""

from __future__ import annotations

import contextlib
import dataclasses
import platform
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

import corpus_tools
from corpus_tools import audit, contract
from corpus_tools.chain import load_chain
from corpus_tools.engines.bench import peak_memory
from corpus_tools.engines.choice import engine_for
from corpus_tools.engines.flow import Flow
from corpus_tools.engines.rendered import Counts, Rendered, added_columns, scores_provenance
from corpus_tools.engines.resume import Work
from corpus_tools.errors import MissingColumn, PromiseBroken, UsageError
from corpus_tools.index.batch import Added
from corpus_tools.index.lasting import Index
from corpus_tools.index.manifest import is_index
from corpus_tools.io.outputs import Outputs, goes_away, is_beside_records, manifest_json, siblings
from corpus_tools.io.read import Reader
from corpus_tools.io.stream import InputReport
from corpus_tools.io.write import Writer, json_line, written_format
from corpus_tools.pipeline import Chain, Timing
from corpus_tools.progress import Progress, silent
from corpus_tools.report.provenance import ProvenanceTally
from corpus_tools.rules import load
from corpus_tools.settings import Settings

__all__ = ["Outcome", "Settings", "run"]


@dataclass(slots=True)
class Outcome:
    """What a run did: its manifest, the first pieces of broken input in words, and what its index took in.

    `added` goes with the number of records that the index has now.
    """

    manifest: dict[str, Any]
    broken: list[str]
    added: tuple[Added, int] | None = None


def run(inputs: list[str], settings: Settings, progress: Progress = silent) -> Outcome:
    """Run the chain from files to files.

    Raises InputError and OutputError where files can't be read or written, PromiseBroken where the sums don't add
    up; then what stood at the output before still stands.
    """
    if settings.engine == "dask":
        return _run_on_dask(inputs, settings, progress)
    with _opened(settings) as index:
        return _run(inputs, settings, index, progress)


def _run(inputs: list[str], settings: Settings, index: Index | None, tell: Progress) -> Outcome:
    started = time.perf_counter()
    chain = load_chain(settings.steps, settings.step_options, {**settings.common, "index": index})
    _check_duplicates_run(settings, chain)
    if settings.spreadsheet_safe and written_format(settings.output, settings.output_format) not in ("csv", "tsv"):
        raise UsageError("--spreadsheet-safe is for CSV and TSV outputs. Name one (-o out.csv), or pass --to csv.")
    reader = Reader(inputs, **settings.reading)
    for path in filter(is_beside_records, reader.paths):
        raise UsageError(f"{path} belongs to an earlier run and holds no records. Leave it out of the input.")
    with (
        Outputs(reads=reader.paths) as outputs,
        Work(reader, settings) as work,
        engine_for(reader, settings, work.folder.path if work.folder else None) as engine,
        contextlib.closing(reader.pieces()) as pieces,  # the file that is open where a run fails
    ):
        writing = _Writing(outputs, settings, chain, index)
        running = chain if settings.pairs is None or settings.dry_run else _telling(chain, outputs.open(settings.pairs))
        flow = Flow(reader, running, engine, tell)
        for rendered in flow.rendered(pieces):
            writing.take(rendered)
        if writing.counts.ends["kept"] and "text" not in reader.names:
            raise MissingColumn(settings.verb, "text", reader.names)
        writing.close()
        manifest = _manifest(
            reader.inputs, reader.sources, settings, chain, writing.counts, writing.told(), flow.timing
        )
        _check_sum(manifest["counts"])
        manifest["peak_memory_mb"] = _peak_memory(engine.peak_memory())
        manifest["seconds"]["total"] = round(time.perf_counter() - started, 3)
        writing.finish(manifest)
        # The outputs come first. Were the index to come first, a run that ends between the two would leave records in
        # it that nobody has, and later copies would be dropped for them. As it is, the same run can be done again.
        added = None if index is None or settings.dry_run else (index.commit(), len(index))
        work.finished()
    return Outcome(manifest, writing.counts.broken, added)


def _run_on_dask(inputs: list[str], settings: Settings, tell: Progress) -> Outcome:
    from corpus_tools.cluster.output import opened
    from corpus_tools.cluster.tasks import tasks

    started = time.perf_counter()
    chain = load_chain(settings.steps, settings.step_options, settings.common)
    _check_duplicates_run(settings, chain)
    with opened(settings) as folder, tasks(settings) as each:
        ran = folder.run(inputs, each, tell)
        counts = Counts(provenance=ProvenanceTally() if scores_provenance(chain) else None)
        for written in ran.written:
            counts.add(written.counts)
        if counts.ends["kept"] and "text" not in ran.names:
            raise MissingColumn(settings.verb, "text", ran.names)
        manifest = _manifest(ran.inputs, ran.sources, settings, chain, counts, folder.told(), ran.timing)
        _check_sum(manifest["counts"])
        manifest["peak_memory_mb"] = _peak_memory(ran.peak_memory)
        manifest["seconds"]["total"] = round(time.perf_counter() - started, 3)
        folder.finish(manifest)
    return Outcome(manifest, counts.broken)


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
        self.outputs, self.settings, self.index = outputs, settings, index
        self.counts = Counts(provenance=ProvenanceTally() if scores_provenance(chain) else None)
        self.shape: audit.Shape | None = None
        out = None if goes_away(settings.output) else Path(settings.output)
        self.names = siblings(out, settings.audit, settings.output_format)
        self.main = self.removed = None
        self.sidecars: dict[str, Any] = {}
        if settings.dry_run:
            return
        added, kept_format, is_safe = added_columns(chain), settings.output_format, settings.spreadsheet_safe
        self.main = Writer(outputs.open(settings.output), settings.output, kept_format, added, is_safe=is_safe)
        if settings.sidecars:
            removed = str(self.names["removed"])
            self.removed = Writer(outputs.open(removed), removed, kept_format, added, is_safe=is_safe)
            for kind in ("ledger", "findings", "quarantine"):
                self.sidecars[kind] = outputs.open(str(self.names[kind]))

    def take(self, rendered: Rendered) -> None:
        """Write one finished chunk."""
        if self.main:
            self.main.take(rendered.kept)
        if self.removed:
            self.removed.take(rendered.removed)
        if self.index is not None:
            before = self.counts.ends["kept"] + self.counts.ends["removed"]
            self.index.leave_out(before + np.array(rendered.dropped_for_itself, np.int64))
        self.counts.add(rendered.counts)
        if rendered.quarantine and "quarantine" not in self.sidecars:
            self._open_quarantine()
        for kind, data in (
            ("ledger", rendered.ledger_after(self.shape)),
            ("findings", rendered.findings),
            ("quarantine", rendered.quarantine),
        ):
            if kind in self.sidecars:
                self.sidecars[kind].write(data)
        self.shape = rendered.last or self.shape

    def _open_quarantine(self) -> None:
        """Broken input is kept even where nobody asked for an audit: it exists nowhere else on a pipe."""
        settings = self.settings
        if settings.dry_run or settings.audit is not None or (not settings.sidecars and settings.remove):
            return  # with --no-audit it is let go
        path = self.names["quarantine"]
        if goes_away(self.settings.output):
            path, at = Path(f"{self.settings.verb}.quarantine.jsonl"), 2
            while path.exists():  # it may hold what another run set aside, which exists nowhere else either
                path, at = Path(f"{self.settings.verb}.quarantine.{at}.jsonl"), at + 1
        self.names["quarantine"] = path
        self.sidecars["quarantine"] = self.outputs.open(str(path))

    def told(self) -> dict[str, str]:
        """The names of the outputs, for the manifest."""
        settings, names = self.settings, {"output": self.settings.output}
        if settings.sidecars:
            names |= {kind: str(path) for kind, path in self.names.items()}
        elif "quarantine" in self.sidecars:
            names["quarantine"] = str(self.names["quarantine"])
        if settings.pairs is not None and not settings.dry_run:
            names["pairs"] = str(settings.pairs)
        return names

    def close(self) -> None:
        """Finish the record files; formats that need all columns first are written here."""
        for writer in (self.main, self.removed):
            if writer:
                writer.close()

    def finish(self, manifest: dict[str, Any]) -> None:
        """Write the manifest and let every file appear under its name."""
        if self.settings.dry_run:
            return
        if self.settings.sidecars:
            self.outputs.open(str(self.names["run"])).write(manifest_json(manifest))
        self.outputs.commit(last=self.settings.output)


def _check_sum(counts: Mapping[str, int]) -> None:
    ends = counts["kept"] + counts["removed"] + counts["quarantined"]
    if counts["read"] != ends:
        raise PromiseBroken(
            f"{counts['read']} rows were read, and {ends} are accounted for: {counts['kept']} kept, "
            f"{counts['removed']} removed, {counts['quarantined']} quarantined. Nothing was written."
        )


def _manifest(
    inputs: Sequence[InputReport],
    sources: Sequence[str],
    settings: Settings,
    chain: Chain,
    counted: Counts,
    outputs: Mapping[str, str],
    timing: Timing,
) -> dict[str, Any]:
    read = sum(entry.records + entry.quarantined for entry in inputs)
    counts = {"read": read, **counted.ends}
    return {
        "contract": contract.VERSION,
        "verb": settings.verb,
        "counts": counts,
        "sum": f"{read} read = {counts['kept']} kept + {counts['removed']} removed "
        f"+ {counts['quarantined']} quarantined",
        "verdicts": dict(sorted(counted.verdicts.items())),
        "flags": dict(sorted(counted.flags.items())),
        "findings": dict(counted.severities),
        **({"provenance": counted.provenance.told()} if counted.provenance else {}),
        **({"remarks": timing.remarks} if timing.remarks else {}),
        "changed_cells": {step.name: timing.changed[step.name] for step, _ in chain if step.edits},
        "inputs": [dataclasses.asdict(entry) for entry in inputs],
        "sources": sources,
        "outputs": outputs,
        "steps": [{"name": step.name, "options": _plain(options)} for step, options in chain],
        "options": _plain(
            {
                "map": settings.reading.get("column_map"),
                "encoding": settings.reading.get("encoding"),
                "to": settings.output_format,
                "limit": settings.reading.get("limit"),
                "mark": not settings.remove,
                "spreadsheet_safe": settings.spreadsheet_safe or None,
                **settings.common,
                "index": settings.index,
                "pairs": settings.pairs,
            }
        ),
        "rules_sha256": load.fingerprint(settings.common.get("rules")),
        "versions": _versions(),
        "seconds": {name: round(seconds, 3) for name, seconds in timing.seconds.items()},
        "peak_memory_mb": None,
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


def _peak_memory(elsewhere: int) -> float | None:
    """Peak resident memory of this process and of its helpers in MB; None where the system does not tell."""
    own = peak_memory()
    return None if own is None else round((own + elsewhere) / (1 << 20), 1)
