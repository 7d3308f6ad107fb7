"""One finding on one line: for people, as JSON, or as an annotation on GitHub."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

_LEVELS = {"error": "error", "warning": "warning", "info": "notice"}


def as_printed(finding: Mapping[str, Any], form: str) -> str:
    """A finding row as text, JSON line or GitHub workflow command.

    >>> row = {"source_file": "a.jsonl", "source_line": 3, "column": "url", "code": "SC003", "severity": "warning",
    ...        "name": "invalid-value", "says": "An address must be absolute.", "evidence": "/news"}
    >>> print(as_printed(row, "text"))
    a.jsonl:3: SC003 warning: An address must be absolute. [url: '/news']
    >>> print(as_printed(row, "github"))
    ::warning file=a.jsonl,line=3,title=SC003 invalid-value::An address must be absolute. [url: '/news']
    """
    if form == "jsonl":
        return orjson.dumps(dict(finding)).decode()
    where, sentence = f"{finding['source_file']}:{finding['source_line']}", finding["says"] + _place(finding)
    if form == "github":
        title = f"{finding['code']} {finding['name']}"
        place = f"file={_escaped(str(finding['source_file']))},line={finding['source_line']},title={_escaped(title)}"
        return f"::{_LEVELS[finding['severity']]} {place}::{_data(sentence)}"
    return f"{where}: {finding['code']} {finding['severity']}: {sentence}"


def _place(finding: Mapping[str, Any]) -> str:
    column, evidence = finding.get("column"), finding.get("evidence")
    if not column:
        return ""
    return f" [{column}]" if evidence is None else f" [{column}: {evidence!r}]"


def _data(text: str) -> str:
    """Text after `::`, in which GitHub wants these three escaped."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escaped(text: str) -> str:
    """A property value, in which commas and colons separate."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")
