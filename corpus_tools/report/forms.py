"""The forms a report has, by the names that --format takes."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from corpus_tools.report.github import as_github
from corpus_tools.report.gitlab import as_gitlab
from corpus_tools.report.lines import as_jsonl, as_text
from corpus_tools.report.reported import Report

FORMS: dict[str, Callable[[Report], Iterator[str]]] = {
    "text": as_text,
    "jsonl": as_jsonl,
    "github": as_github,
    "gitlab": as_gitlab,
}
"""Each gives the lines of the report, without their line ends."""
