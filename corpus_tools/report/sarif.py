"""SARIF 2.1.0, the form that code scanning on GitHub and most editors read.

GitHub takes at most 25,000 results of a run and shows the 5,000 gravest, so where there are more findings the
gravest are written, and a notification says how many were left out.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from corpus_tools.flags import SEVERITIES, Flag
from corpus_tools.report.github import rank
from corpus_tools.report.json_line import json_line
from corpus_tools.report.reported import Report, Reported, Source
from corpus_tools.shown import shown

MOST = 25_000
_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_ROOT = {"%SRCROOT%": {"description": {"text": "The root of the tree that was checked."}}}
_LEVELS = {"error": "error", "warning": "warning", "info": "note"}


def as_sarif(report: Report) -> Iterator[str]:
    """The log, a result a line."""
    rules = {code: at for at, code in enumerate(sorted(report.tally.findings))}
    yield f'{{"$schema":"{_SCHEMA}","version":"2.1.0","runs":[{{"tool":{json_line(_tool(report, list(rules)))},'
    yield f'"columnKind":"unicodeCodePoints","invocations":[{json_line(_invocation(report))}],'
    yield f'"originalUriBaseIds":{json_line(_ROOT)},"results":['
    before = ""
    for finding in _chosen(report):
        yield before + json_line(_result(finding, report.sources[finding.source], rules[finding.code]))
        before = ","
    yield "]}]}"


def _chosen(report: Report) -> Iterator[Reported]:
    """All findings where they fit, else the gravest, severity by severity."""
    if report.tally.findings.total() <= MOST:
        yield from report.findings
        return
    left = MOST
    for fails in (True, False):
        for severity in range(len(SEVERITIES)):
            for finding in report.findings:
                if left and rank(report, finding) == (not fails, severity):
                    yield finding
                    left -= 1


def _tool(report: Report, codes: list[str]) -> dict[str, Any]:
    return {
        "driver": {
            "name": "corpus_tools",
            "semanticVersion": report.version,
            "rules": [_rule(report.flags[code]) for code in codes],
        }
    }


def _rule(flag: Flag) -> dict[str, Any]:
    return {
        "id": flag.code,
        "name": flag.name,
        "shortDescription": {"text": flag.says or flag.code},
        "fullDescription": {"text": f"{flag.says} {flag.advice}".strip() or flag.code},
        "help": {
            "text": flag.advice or flag.says or flag.code,
            "markdown": f"**{flag.code} {flag.name}** ({flag.severity})\n\n{flag.says}\n\n{flag.advice}",
        },
        "defaultConfiguration": {"level": _LEVELS[flag.severity]},
        "properties": {"problem.severity": {"info": "recommendation"}.get(flag.severity, flag.severity)},
    }


def _invocation(report: Report) -> dict[str, Any]:
    told: dict[str, Any] = {"executionSuccessful": True}
    left_out = report.tally.findings.total() - MOST
    if left_out > 0:
        text = f"{left_out:,} findings of lesser weight are left out: a run may have {MOST:,} results."
        told["toolExecutionNotifications"] = [{"level": "note", "message": {"text": text}}]
    return told


def _result(finding: Reported, source: Source, rule: int) -> dict[str, Any]:
    # `](` would make a link of what stands before it, to wherever the data says.
    text = shown(finding.sentence()).replace("](", "] (")
    location: dict[str, Any] = {"physicalLocation": {"artifactLocation": _artifact(source)}}
    region = finding.region
    if not source.has_lines:
        unit = "row" if source.format == "parquet" else "line"
        name = f"{unit} {region.line if region else finding.line}" + (f", {finding.named}" if finding.named else "")
        location["logicalLocations"] = [{"fullyQualifiedName": shown(name), "kind": "member"}]
        text = f"{name}: {text}"
    elif region is not None:
        location["physicalLocation"]["region"] = {
            "startLine": region.line,
            "startColumn": region.column,
            "endLine": region.end_line,
            "endColumn": region.end_column,
        }
    else:
        location["physicalLocation"]["region"] = {"startLine": finding.line}
    return {
        "ruleId": finding.code,
        "ruleIndex": rule,
        "level": _LEVELS[finding.severity],
        "message": {"text": shown(text)},
        "locations": [location],
        "partialFingerprints": {"corpusTools/v1": finding.fingerprint},
    }


def _artifact(source: Source) -> dict[str, str]:
    path = source.in_tree
    if path == "-":
        return {"uri": "stdin"}
    if Path(path).is_absolute() or path.startswith(".."):
        return {"uri": Path(os.path.abspath(path)).as_uri()}  # noqa: PTH100  # resolve() would follow links
    return {"uri": quote(path), "uriBaseId": "%SRCROOT%"}
