"""What the writers of reports are given: findings with their places, and the counts behind them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from corpus_tools.flags import SEVERITIES, Flag, Region, Severity

VALUE = 80
"""Characters of a value that a line shows."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file that was checked: its name as the caller gave it, and from the root of the tree it lies in."""

    path: str
    in_tree: str
    format: str
    compression: str | None = None

    @property
    def has_lines(self) -> bool:
        """Whether its lines can be looked up in the file as it lies there."""
        return self.format != "parquet" and self.compression is None


@dataclass(frozen=True, slots=True)
class Reported:
    """A finding with everything that a report may want to say of it.

    `source` numbers the file in `Report.sources`; `line` is the line, row or element of the record in it, and
    `region` the characters of the wrong value, None where the file has no lines. `column` is our name of the value,
    `key` the keys that lead to it in the record as it came; `value` is how it is written there, cut. `chain` are the
    parties of a syndicated copy, its origin first. `fingerprint` is the same wherever the record stands.
    """

    code: str
    name: str
    severity: Severity
    says: str
    advice: str
    source: int
    line: int
    region: Region | None = None
    column: str | None = None
    key: tuple[str, ...] = ()
    value: str | None = None
    evidence: str | None = None
    start: int | None = None
    end: int | None = None
    step: str | None = None
    id: str | None = None
    chain: tuple[str, ...] = ()
    fingerprint: str = ""

    @property
    def is_of_file(self) -> bool:
        """Whether it speaks of a file, and not of a record in it."""
        return self.step is None

    @property
    def named(self) -> str | None:
        """What is wrong, by the name it has in the file."""
        return ".".join(self.key) or self.column

    @property
    def quoted(self) -> str | None:
        """What stands there, short: the evidence where the flag has some, else the value."""
        text = self.evidence if self.evidence is not None else self.value if self.key else None
        return text if text is None or len(text) <= VALUE else text[: VALUE - 1] + "…"

    def sentence(self) -> str:
        """What is said of it, and what stands there."""
        told = [part for part in (self.named, None if self.quoted is None else repr(self.quoted)) if part]
        return f"{self.says} [{': '.join(told)}]" if told else self.says


@dataclass(slots=True)
class Tally:
    """What a check counted. `records` by code: in how many of them a flag was found."""

    read: int = 0
    corpus: dict[str, int] = field(default_factory=dict)
    findings: Counter[str] = field(default_factory=Counter)
    records: Counter[str] = field(default_factory=Counter)
    severities: Counter[str] = field(default_factory=Counter)
    by_source: dict[int, Counter[str]] = field(default_factory=dict)
    waived: int = 0
    known: int = 0
    fixed: int = 0
    _last: dict[str, tuple[int, int]] = field(default_factory=dict)

    def add(self, finding: Reported) -> None:
        """Count one finding; they come in the order of their records."""
        self.findings[finding.code] += 1
        self.severities[finding.severity] += 1
        self.by_source.setdefault(finding.source, Counter())[finding.severity] += 1
        if self._last.get(finding.code) != (finding.source, finding.line):
            self.records[finding.code] += 1
            self._last[finding.code] = finding.source, finding.line


@dataclass(frozen=True, slots=True)
class Changes:
    """How a corpus changed since an older state, which `since` names, in records.

    `moved` are those that stand in another file and are otherwise as they were.
    """

    since: str
    before: int
    after: int
    added: int
    changed: int
    removed: int
    moved: int


@dataclass(frozen=True, slots=True)
class Report:
    """One check. `findings` can be gone through as often as needed, in the order of files and lines.

    `fail_on` is the least severity that fails, or "never"; `limits` are the codes that have a limit of their own, each
    with whether it was passed. `changes` say how the corpus changed, where only what is new was checked. `notes` are
    sentences for people; `version` is ours.
    """

    findings: Iterable[Reported]
    sources: Sequence[Source]
    tally: Tally
    flags: Mapping[str, Flag]
    fail_on: str = "error"
    limits: Mapping[str, bool] = field(default_factory=dict)
    changes: Changes | None = None
    notes: Sequence[str] = ()
    version: str = "0"

    def is_failure(self, finding: Reported) -> bool:
        """Whether it is among what makes the check fail."""
        return self._fails(finding.code, finding.severity)

    @property
    def failed(self) -> bool:
        """Whether the check failed."""
        return any(self._fails(code, self.flags[code].severity) for code in self.tally.findings)

    def _fails(self, code: str, severity: Severity) -> bool:
        if code in self.limits:
            return self.limits[code]
        order = [*SEVERITIES]
        return self.fail_on in order and order.index(severity) <= order.index(self.fail_on)
