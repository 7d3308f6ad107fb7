"""The forms a report has, by the names that --format takes."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from corpus_tools.report.github import as_github
from corpus_tools.report.gitlab import as_gitlab
from corpus_tools.report.junit import as_junit
from corpus_tools.report.lines import as_jsonl, as_text
from corpus_tools.report.markdown import as_markdown
from corpus_tools.report.reported import Report
from corpus_tools.report.sarif import as_sarif

FORMS: dict[str, Callable[[Report], Iterator[str]]] = {
    "text": as_text,
    "jsonl": as_jsonl,
    "github": as_github,
    "gitlab": as_gitlab,
    "sarif": as_sarif,
    "junit": as_junit,
    "markdown": as_markdown,
}
"""Each gives the lines of the report, without their line ends."""
