"""Annotations on a pull request, as GitHub's workflow commands.

GitHub shows ten of each kind a step and drops the rest without a word, so the gravest come first and the last line
says how many more there are.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator

from corpus_tools.flags import SEVERITIES
from corpus_tools.report.reported import Report, Reported, Source
from corpus_tools.shown import shown

SHOWN = 10
_LEVELS = {"error": "error", "warning": "warning", "info": "notice"}


def as_github(report: Report) -> Iterator[str]:
    """At most ten annotations; where there are more findings, the tenth says so."""
    total = report.tally.findings.total()
    room = SHOWN if total <= SHOWN else SHOWN - 1
    for finding in gravest(report, room):
        yield annotation(finding, report.sources[finding.source])
    if total > room:
        files = len(report.tally.by_source)
        where = "in the same file" if files == 1 else f"in {files:,} files"
        yield _command(
            "notice",
            {"title": "corpus_tools"},
            f"{total - room:,} more findings {where} are not shown here. The summary of this step counts them by flag "
            "and file; `corpus-tools check` prints them all.",
        )


def rank(report: Report, finding: Reported) -> tuple[bool, int]:
    """Its place in line: what makes the check fail first, then by severity."""
    return not report.is_failure(finding), SEVERITIES.index(finding.severity)


def gravest(report: Report, most: int) -> list[Reported]:
    """The first in line; where only new records were checked, these come before what is said of files."""
    only_new = report.changes is not None
    line = ((only_new and one.is_of_file, rank(report, one), at, one) for at, one in enumerate(report.findings))
    return [one for *_, one in heapq.nsmallest(most, line)]


def annotation(finding: Reported, source: Source) -> str:
    """One finding as a workflow command.

    >>> finding = Reported("SC003", "invalid-value", "warning", "An address must be absolute.", "", 0, 3,
    ...                    column="url", evidence="/news")
    >>> print(annotation(finding, Source("a.jsonl", "data/a.jsonl", "jsonl")))
    ::warning file=data/a.jsonl,line=3,title=SC003 invalid-value::An address must be absolute. [url: '/news']
    """
    properties: dict[str, object] = {"file": shown(source.in_tree)}
    text = f"{finding.sentence()} {finding.advice}".rstrip()
    region = finding.region
    if not source.has_lines:  # a line of what GitHub can't show would stand at a wrong place
        text = f"{'row' if source.format == 'parquet' else 'line'} {region.line if region else finding.line}: {text}"
    elif region is None:
        properties["line"] = finding.line
    else:
        properties |= {"line": region.line, "endLine": region.end_line}
        if region.line == region.end_line:  # GitHub wants no columns across lines
            properties |= {"col": region.column, "endColumn": region.end_column}
    properties["title"] = shown(f"{finding.code} {finding.name}")
    return _command(_LEVELS[finding.severity], properties, text)


def _command(level: str, properties: dict[str, object], text: str) -> str:
    given = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
    return f"::{level} {given}::{_data(shown(text))}"


def _data(text: str) -> str:
    """Text after `::`, in which GitHub wants these three escaped."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """A property, in which commas and colons separate."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")
