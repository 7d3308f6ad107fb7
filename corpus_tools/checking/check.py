"""One check: gather findings, find their places, set aside what is waived or known, and hand over a report.

Findings wait on disk between the passes, so a corpus with a million of them needs no more memory than one with ten.
"""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import corpus_tools
from corpus_tools.chain import CHAIN, load_chain
from corpus_tools.checking.baseline import Baseline, BaselineWriter, fingerprint
from corpus_tools.checking.gather import Found, gather
from corpus_tools.checking.settings import Settings
from corpus_tools.flags import FLAGS, Flag
from corpus_tools.io.locate import Located, Locator
from corpus_tools.io.outputs import Outputs, is_beside_records
from corpus_tools.io.read import Reader
from corpus_tools.io.sources import find_sources
from corpus_tools.io.spool import Spool
from corpus_tools.io.trees import held_stdin, leads_out, path_in_tree
from corpus_tools.pipeline import Progress, run_chain
from corpus_tools.report.reported import Report, Reported, Source, Tally
from corpus_tools.rules.judgement import judged_flags

SHOWN = 240
"""Characters of a value that a finding keeps."""

# `clean` repairs these; a check only sees them.
_AS_CHECKED = {
    "EN001": ("The text has damaged characters that can be repaired.", "`corpus-tools clean` repairs them."),
    "EN005": ("Markup of the page stands in the text.", "Collect the text with an extractor, or let `clean` cut it."),
}


@contextlib.contextmanager
def checked(paths: Sequence[str], settings: Settings, progress: Progress | None = None) -> Iterator[Report]:
    """The report of a check, for the length of the block."""
    with contextlib.ExitStack() as stack:
        held = stack.enter_context(held_stdin(paths))
        found, reported = stack.enter_context(Spool()), stack.enter_context(Spool())
        check = _Check(settings, held, reported)
        wanted = check.to_read(paths)
        steps = [name for name in CHAIN if name != "decide"] if settings.steps is None else settings.steps
        chain = load_chain(steps, settings.step_options, settings.common)
        check.flags |= {flag.code: flag for step, _ in chain for flag in step.flags if flag.code not in FLAGS}
        if wanted:
            reader = Reader(wanted, held=held, **settings.reading)
            chunks = run_chain(reader, chain, progress=progress)
            for one in gather(chunks, list(check.flags.values()), check.corpus):
                found.append(one)
            check.take(reader, found)
        yield check.report()


@dataclass(slots=True)
class _Check:
    """What a check knows while it runs."""

    settings: Settings
    held: dict[str, Any]
    reported: Spool
    flags: dict[str, Flag] = field(default_factory=dict)
    corpus: Counter[str] = field(default_factory=Counter)
    sources: list[Source] = field(default_factory=list)
    tally: Tally = field(default_factory=Tally)
    notes: list[str] = field(default_factory=list)
    baseline: Baseline | None = None
    keeps: BaselineWriter | None = None

    def __post_init__(self) -> None:
        self.flags |= judged_flags(self.settings.common.get("rules"))
        for code, (says, advice) in _AS_CHECKED.items():
            self.flags[code] = replace(self.flags[code], says=says, advice=advice)
        if self.settings.baseline:
            self.baseline = Baseline(self.settings.baseline)
        if self.settings.write_baseline:
            self.keeps = BaselineWriter()

    def to_read(self, paths: Sequence[str]) -> list[str]:
        """The files to read; links that lead out are findings, and what a run wrote beside its records is left out."""
        wanted, out = [], []
        for path in find_sources(paths, self.settings.reading.get("format"), self.held):
            if is_beside_records(path):
                self.notes.append(f"{path} belongs to a run of clean and holds no records; it was left out.")
            elif path not in self.held and not self.settings.follow_links and leads_out(path):
                out.append(path)
            else:
                wanted.append(path)
        self.sources = [_source(path, "link") for path in out]
        for at in range(len(out)):
            self._report(self._of_flag("CK002", source=at))
        for waiver in self.settings.waivers:
            if waiver.has_expired(self.settings.today):
                self._report_expired(waiver)
        return wanted

    def _report_expired(self, waiver: Any) -> None:
        self.sources.append(_source(waiver.file, "toml"))
        says = f"The waiver of {waiver.code} in {waiver.path} has expired on {waiver.expires}."
        self._report(self._of_flag("CK001", len(self.sources) - 1, waiver.line, says))

    def _of_flag(self, code: str, source: int, line: int = 1, says: str | None = None) -> Reported:
        flag = self.flags[code]
        mark = fingerprint(code, None, says or flag.says, says or "", self.sources[source].in_tree)
        return Reported(code, flag.name, flag.severity, says or flag.says, flag.advice, source, line, fingerprint=mark)

    def take(self, reader: Reader, found: Spool) -> None:
        """Find the place of every finding, in the order they came, and report what is neither waived nor known."""
        first = len(self.sources)
        self.sources += [_source(entry.path, entry.format, entry.compression) for entry in reader.inputs]
        reading, at, locator = self.settings.reading, -1, None
        try:
            for one in found:
                if one.stand[0] != at or locator is None:
                    if locator is not None:
                        locator.close()
                    at = one.stand[0]
                    path = reader.inputs[at].path
                    locator = Locator(
                        path,
                        format=reading.get("format"),
                        encoding=reading.get("encoding"),
                        held=self.held.get(path),
                        column_map=reading.get("column_map"),
                        max_record_bytes=reading.get("max_record_bytes", 64 << 20),
                    )
                self._report(self._placed(one, first + at, locator.value(one.stand[1], one.row["column"])))
        finally:
            if locator is not None:
                locator.close()

    def _placed(self, one: Found, source: int, located: Located | None) -> Reported:
        row = one.row
        code, column = row["code"], row["column"]
        flag = self.flags[code]
        says = flag.says if code in _AS_CHECKED else row["says"]
        written = located.written if located and located.key else None
        name = one.whole or str(row["id"])
        return Reported(
            code=code,
            name=row["name"],
            severity=row["severity"],
            says=says,
            advice=flag.advice,
            source=source,
            line=one.stand[1],
            region=located.region if located else None,
            column=column,
            key=located.key if located else (),
            value=written if written is None or len(written) <= SHOWN else written[: SHOWN - 1] + "…",
            evidence=row["evidence"],
            start=row["start"],
            end=row["end"],
            step=row["step"],
            id=row["id"] or None,
            chain=one.chain,
            fingerprint=fingerprint(code, column, says, name, self.sources[source].in_tree),
        )

    def _report(self, finding: Reported) -> None:
        path = self.sources[finding.source].in_tree
        covering = (waiver for waiver in self.settings.waivers if waiver.covers(finding.code, path, finding.id))
        if any(not waiver.has_expired(self.settings.today) for waiver in covering):
            self.tally.waived += 1
            return
        known = self.baseline is not None and self.baseline.knows(finding.fingerprint)
        if self.keeps and (known or self.baseline is None):
            self.keeps.add(
                {"file": path, "code": finding.code, "id": finding.id, "column": finding.column,
                 "fingerprint": finding.fingerprint, "count": 1}
            )  # fmt: skip
        if known:
            self.tally.known += 1
            return
        self.tally.add(finding)
        self.reported.append(finding)

    def report(self) -> Report:
        """The report, once everything was taken."""
        settings, tally = self.settings, self.tally
        tally.read = self.corpus["records"] + self.corpus["broken pieces"]
        tally.corpus = dict(self.corpus)
        if tally.waived:
            self.notes.append(f"Waived: {tally.waived:,} findings.")
        passed = {}
        for limit in settings.limits:
            passed[limit.code] = limit.is_passed(tally.records[limit.code], tally.read)
            if passed[limit.code]:
                have = f"{limit.code}: {tally.records[limit.code]:,} records have it"
                self.notes.append(f"{have}, and --max allows {limit}.")
        self._compare_with_baseline()
        return Report(
            self.reported, self.sources, tally, self.flags, settings.fail_on, passed, self.notes,
            corpus_tools.__version__,
        )  # fmt: skip

    def _compare_with_baseline(self) -> None:
        checked = {source.in_tree for source in self.sources}
        if self.baseline:
            gone = self.baseline.fixed(checked)
            self.tally.fixed = gone.total()
            told = f"Baseline: {self.tally.known:,} known, {self.tally.fixed:,} fixed."
            if gone and not self.keeps:
                told += f" Take them out: --baseline {self.settings.baseline} --write-baseline {self.settings.baseline}"
            self.notes.append(told)
        if self.keeps is None or self.settings.write_baseline is None:
            return
        if self.baseline and self.settings.baseline:
            for row in self.baseline.unseen(self.settings.baseline, checked):
                self.keeps.add(row)
        with Outputs() as outputs:
            file = outputs.open(self.settings.write_baseline)
            for line in self.keeps.lines():
                file.write(line)
            outputs.commit()
        self.keeps.close()


def _source(path: str, form: str, compression: str | None = None) -> Source:
    # A name that is no UTF-8 has no place in JSON or XML.
    name = path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return Source(name, name if path == "-" else path_in_tree(name), form, compression)
