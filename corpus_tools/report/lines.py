"""One finding on one line: for people, as `file:line:column: CODE severity: sentence`, or as a JSON object."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from corpus_tools.report.json_line import json_line
from corpus_tools.report.reported import Report, Reported, Source
from corpus_tools.shown import shown_line


def as_text(report: Report) -> Iterator[str]:
    """Every finding as compilers print theirs."""
    for finding in report.findings:
        yield text_line(finding, report.sources[finding.source])


def text_line(finding: Reported, source: Source) -> str:
    """One finding for people.

    >>> source = Source("a.jsonl", "a.jsonl", "jsonl")
    >>> finding = Reported("SC003", "invalid-value", "warning", "An address must be absolute.", "", 0, 3,
    ...                    column="url", evidence="/news")
    >>> text_line(finding, source)
    "a.jsonl:3: SC003 warning: An address must be absolute. [url: '/news']"
    """
    region = finding.region
    unit = "row " if source.format == "parquet" else ""
    place = f"{region.line}:{region.column}" if region else f"{unit}{finding.line}"
    return shown_line(f"{source.path}:{place}: {finding.code} {finding.severity}: {finding.sentence()}")


def as_jsonl(report: Report) -> Iterator[str]:
    """Every finding as a JSON object, with all that is known of it."""
    for finding in report.findings:
        yield json_line(json_row(finding, report.sources[finding.source]))


def json_row(finding: Reported, source: Source) -> dict[str, Any]:
    """A finding under the names of `clean`'s table of findings, and its region, key, value and fingerprint."""
    return {
        "code": finding.code,
        "name": finding.name,
        "severity": finding.severity,
        "says": finding.says,
        "advice": finding.advice,
        "column": finding.column,
        "start": finding.start,
        "end": finding.end,
        "evidence": finding.evidence,
        "step": finding.step,
        "id": finding.id,
        "source_file": source.path,
        "source_line": finding.line,
        "region": asdict(finding.region) if finding.region else None,
        "key": list(finding.key),
        "value": finding.value,
        "chain": list(finding.chain),
        "fingerprint": finding.fingerprint,
    }
