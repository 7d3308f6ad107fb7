"""What of the findings is told: neither what is waived nor what was known. And the count of all that."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from corpus_tools.checking.baseline import Baseline, BaselineWriter
from corpus_tools.checking.settings import Settings
from corpus_tools.io.outputs import Outputs
from corpus_tools.io.spool import Spool
from corpus_tools.report.reported import Reported, Source, Tally


class Sieve:
    """Lets findings through to `told`, and counts them in `tally`; `notes` says what was held back."""

    def __init__(self, settings: Settings, told: Spool) -> None:
        self._settings, self._told = settings, told
        self._known = Baseline(settings.baseline) if settings.baseline else None
        self._keeps = BaselineWriter() if settings.write_baseline else None
        self._valid = [waiver for waiver in settings.waivers if not waiver.has_expired(settings.today)]
        self.tally = Tally()
        self.notes: list[str] = []

    def take(self, finding: Reported, source: Source) -> None:
        """Tell one finding, or hold it back."""
        path = source.in_tree
        if any(waiver.covers(finding.code, path, finding.id) for waiver in self._valid):
            self.tally.waived += 1
            return
        known = self._known is not None and self._known.knows(finding.fingerprint, path)
        if self._keeps and (known or self._known is None):
            self._keeps.add(
                {"file": path, "code": finding.code, "id": finding.id, "column": finding.column,
                 "fingerprint": finding.fingerprint, "count": 1}
            )  # fmt: skip
        if known:
            self.tally.known += 1
            return
        self.tally.add(finding)
        self._told.append(finding)

    def close_books(self, corpus: Counter[str], sources: Sequence[Source], reads: Sequence[str]) -> dict[str, bool]:
        """Once everything was taken: write the baseline, and say which limits were passed."""
        tally = self.tally
        tally.read = corpus["records"] + corpus["broken pieces"]
        tally.corpus = dict(corpus)
        if tally.waived:
            self.notes.append(f"Waived: {tally.waived:,} findings.")
        passed = {}
        for limit in self._settings.limits:
            have = tally.records[limit.code]
            passed[limit.code] = limit.is_passed(have, tally.read)
            if passed[limit.code]:
                self.notes.append(f"{limit.code}: {have:,} records have it, and --max allows {limit}.")
        self._compare({source.in_tree for source in sources})
        self._write(reads)
        return passed

    def _compare(self, checked: set[str]) -> None:
        if self._known is None:
            return
        if self._settings.since is not None:  # most records were not looked at, so nobody knows what was fixed
            self.notes.append(f"Baseline: {self.tally.known:,} known.")
            return
        self.tally.fixed = self._known.fixed(checked).total()
        told = f"Baseline: {self.tally.known:,} known, {self.tally.fixed:,} fixed."
        if self._keeps:
            for row in self._known.unseen(checked):
                self._keeps.add(row)
        elif self.tally.fixed:
            file = self._settings.baseline
            told += f" Take what is fixed out of it: --baseline {file} --write-baseline {file}"
        self.notes.append(told)

    def _write(self, reads: Sequence[str]) -> None:
        if self._keeps is None or self._settings.write_baseline is None:
            return
        with Outputs(reads) as outputs:
            file = outputs.open(self._settings.write_baseline)
            for line in self._keeps.lines():
                file.write(line)
            outputs.commit()

    def close(self) -> None:
        """Let go of what lies on disk."""
        if self._keeps:
            self._keeps.close()
