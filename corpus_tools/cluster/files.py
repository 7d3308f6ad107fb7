"""A run on Dask whose parts are files, or spans of lines of large ones."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from corpus_tools.cluster.flow import Flow
from corpus_tools.cluster.sources import Source
from corpus_tools.cluster.store import file_system
from corpus_tools.cluster.work import Read, read
from corpus_tools.io.order import Facts
from corpus_tools.io.stream import BLOCK_BYTES, InputReport


class FileFlow(Flow):
    """A run over files."""

    def _read(self) -> tuple[list[InputReport], list[str]]:
        """Read all parts and number their records."""
        self._count_lines()
        found: list[Read] = self._each(read, ((self._job, *pair) for pair in enumerate(self._sources)))
        at, names = 0, dict[str, None]()
        for part, (source, came) in enumerate(zip(self._sources, found, strict=True)):
            facts: list[Facts] = self._job.work.take(f"facts/{part}")
            if facts and not source.begins:
                facts[0].moves.pop(0)  # the file was entered by the part before
            self._job.work.put(f"numbers/{part}", [self._order.number(some) for some in facts])
            self._firsts.append(at)
            at += came.chunks
            names |= dict.fromkeys(came.names)
            self._tell("reading", sum(report.records for report in came.inputs))
        return self._reports(found), list(names)

    def _count_lines(self) -> None:
        """Let the parts that begin within a file know the number of their first line."""
        spans = [part for part, source in enumerate(self._sources) if source.end is not None]
        ends = self._each(Source.line_ends, ((self._sources[part],) for part in spans))
        line = 1
        for part, count in zip(spans, ends, strict=True):
            source = self._sources[part]
            line = 1 if source.begins else line
            self._sources[part] = replace(source, line=line)
            line += count

    def _reports(self, found: Sequence[Read]) -> list[InputReport]:
        """A report for each file, whole or in spans."""
        reports: dict[int, InputReport] = {}
        spans = {source.first: source.paths[0] for source in self._sources if source.end is not None}
        hashes = dict(zip(spans, self._each(_hashed, ((path,) for path in spans.values())), strict=True))
        for source, came in zip(self._sources, found, strict=True):
            for number, report in enumerate(came.inputs, source.first):
                if number not in reports:
                    reports[number] = replace(report, sha256=hashes.get(number, report.sha256))
                    continue
                whole = reports[number]
                whole.bytes += report.bytes
                whole.records += report.records
                whole.quarantined += report.quarantined
        return [reports[number] for number in sorted(reports)]


def _hashed(path: str) -> str:
    """SHA-256 of a file that nobody reads as a whole."""
    files, inside = file_system(path)
    digest = hashlib.sha256()
    with files.open(inside, "rb") as file:
        while block := file.read(BLOCK_BYTES):
            digest.update(block)
    return digest.hexdigest()
