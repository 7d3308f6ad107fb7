"""Two records side by side as text: what each is, how alike they are, and their texts in two columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from corpus_tools.report.side_by_side import side_by_side
from corpus_tools.shown import shown


def laid_out(comparison: Mapping[str, Any], width: int, *, whole: bool = False) -> list[str]:
    """A comparison (see corpus_tools.compare) for a terminal of `width` columns, as lines.

    `whole` tells in full what both texts say, too.
    """
    one, other, figures = comparison["one"], comparison["other"], comparison["figures"]
    passages = [(row["kind"], shown_text(row["one"]), shown_text(row["other"])) for row in comparison["passages"]]
    marks = "= both   ~ differs   < only the first   > only the second"
    if any(kind.startswith("cut") for kind, _, _ in passages):
        marks += "   · cut as furniture"
    return [
        *map(shown, (*_told("<", one), *_told(">", other), _alike(figures), _kinship(one, other))),
        marks,
        "",
        *side_by_side(passages, width, whole=whole).split("\n"),
    ]


def shown_text(text: str) -> str:
    """A text without what is not seen; its white space stays."""
    return " ".join(map(shown, text.split()))


def _told(mark: str, record: Mapping[str, Any]) -> Iterator[str]:
    yield f"{mark} {record['id']}  {record['title'] or '(no title)'}"
    date = f", {record['published_at']}" if record["published_at"] else ""
    yield f"    {record['source'] or 'nobody named'}{date}; {record['characters']:,} characters; {_state(record)}"
    yield f"    {record['url'] or 'no address'}, from {record['source_file']}:{record['source_line']}"


def _state(record: Mapping[str, Any]) -> str:
    return f"{record['where']}, verdict {record['verdict'] or 'none'}"


def _alike(figures: Mapping[str, Any]) -> str:
    alike = ", ".join(f"{name} {figures[name]:.2f}" for name in ("similarity", "containment", "aligned"))
    mine, yours = figures["words"]
    return f"{alike}; {mine:,} and {yours:,} words"


def _kinship(one: Mapping[str, Any], other: Mapping[str, Any]) -> str:
    """How the run judged the two."""
    for copy, kept in ((one, other), (other, one)):
        if copy["duplicate_of"] == kept["id"]:
            return f"{copy['id']} is a copy of {kept['id']} ({copy['relation']})"
    cluster = one["cluster_id"]
    if cluster is not None and cluster == other["cluster_id"]:
        return f"both are copies of {cluster} ({one['relation']} and {other['relation']})"
    return "not in one cluster"
