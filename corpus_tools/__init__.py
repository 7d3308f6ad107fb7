"""Turn scraped news corpora into datasets that people can trust.

    import corpus_tools as ct

    df = ct.read("raw.jsonl.gz")
    cleaned = ct.clean(df)
    cleaned.frame        # the records that were kept, with what was found about each
    cleaned.removed      # the others
    cleaned.changes      # every edit of every cell
    cleaned.findings     # every flag, with its place and evidence

Every step works alone, too: `df.pipe(ct.fix_encoding).pipe(ct.detect_language)`.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from corpus_tools.ask import compare as compare
    from corpus_tools.ask import explain as explain
    from corpus_tools.decision import decide as decide
    from corpus_tools.draw import draw_report as draw_report
    from corpus_tools.frames import Cleaned as Cleaned
    from corpus_tools.frames import CleanedParts as CleanedParts
    from corpus_tools.frames import ValidationFailed as ValidationFailed
    from corpus_tools.frames import check as check
    from corpus_tools.frames import clean as clean
    from corpus_tools.frames import validate as validate
    from corpus_tools.io.read import read_chunks as read_chunks
    from corpus_tools.io.read import read_frame as read
    from corpus_tools.io.write import write_frame as write
    from corpus_tools.protocol import step as step
    from corpus_tools.steps.detect_language import detect_language as detect_language
    from corpus_tools.steps.fix_encoding import fix_encoding as fix_encoding
    from corpus_tools.steps.flag_provenance import flag_provenance as flag_provenance
    from corpus_tools.steps.mark_duplicates import mark_duplicates as mark_duplicates
    from corpus_tools.steps.normalize_whitespace import normalize_whitespace as normalize_whitespace
    from corpus_tools.steps.strip_furniture import strip_furniture as strip_furniture
    from corpus_tools.steps.trace_syndication import trace_syndication as trace_syndication

# Importing pandas and pandera takes a second and a half, which `corpus-tools --help` should not cost: names are
# looked up when they are asked for.
_PLACES = {
    "Cleaned": "corpus_tools.frames:Cleaned",
    "CleanedParts": "corpus_tools.frames:CleanedParts",
    "ValidationFailed": "corpus_tools.frames:ValidationFailed",
    "check": "corpus_tools.frames:check",
    "clean": "corpus_tools.frames:clean",
    "compare": "corpus_tools.ask:compare",
    "decide": "corpus_tools.decision:decide",
    "explain": "corpus_tools.ask:explain",
    "draw_report": "corpus_tools.draw:draw_report",
    "read": "corpus_tools.io.read:read_frame",
    "read_chunks": "corpus_tools.io.read:read_chunks",
    "step": "corpus_tools.protocol:step",
    "validate": "corpus_tools.frames:validate",
    "write": "corpus_tools.io.write:write_frame",
    **{
        name: f"corpus_tools.steps.{name}:{name}"
        for name in (
            "detect_language",
            "fix_encoding",
            "flag_provenance",
            "mark_duplicates",
            "normalize_whitespace",
            "strip_furniture",
            "trace_syndication",
        )
    },
}
__all__ = [
    "Cleaned",
    "CleanedParts",
    "ValidationFailed",
    "check",
    "clean",
    "compare",
    "decide",
    "detect_language",
    "draw_report",
    "explain",
    "fix_encoding",
    "flag_provenance",
    "mark_duplicates",
    "normalize_whitespace",
    "read",
    "read_chunks",
    "step",
    "strip_furniture",
    "trace_syndication",
    "validate",
    "write",
]


def __getattr__(name: str) -> Any:  # any public thing
    if name not in _PLACES:
        raise AttributeError(f"module 'corpus_tools' has no attribute {name!r}")
    place, _, attribute = _PLACES[name].partition(":")
    return getattr(importlib.import_module(place), attribute)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
