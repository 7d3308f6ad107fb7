"""The Code Quality report of GitLab: a JSON list, one object a finding."""

from __future__ import annotations

from collections.abc import Iterator

from corpus_tools.report.json_line import json_line
from corpus_tools.report.reported import Report, Reported, Source
from corpus_tools.shown import shown

_SEVERITIES = {"error": "major", "warning": "minor", "info": "info"}


def as_gitlab(report: Report) -> Iterator[str]:
    """The list, an object a line."""
    before = "["
    for finding in report.findings:
        yield before + json_line(_issue(finding, report.sources[finding.source]))
        before = ","
    yield "[]" if before == "[" else "]"


def _issue(finding: Reported, source: Source) -> dict[str, object]:
    region = finding.region
    begin, end = (region.line, region.end_line) if region else (finding.line, finding.line)
    return {
        "description": shown(f"{finding.code} {finding.name}: {finding.sentence()}"),
        "check_name": finding.code,
        "fingerprint": finding.fingerprint,
        "severity": _SEVERITIES[finding.severity],
        "location": {"path": source.in_tree, "lines": {"begin": begin, "end": end}},
    }
