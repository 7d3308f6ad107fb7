"""Two records side by side as text: what each is, how alike they are, and their texts in two columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from corpus_tools.report.columns import Line, line, typeset
from corpus_tools.report.marks import COLOURS
from corpus_tools.report.side_by_side import side_by_side
from corpus_tools.report.story import copy_of, head_lines


def laid_out(comparison: Mapping[str, Any], width: int, *, whole: bool = False, colours: bool = False) -> list[str]:
    """A comparison (see corpus_tools.comparison) for a terminal of `width` columns, as lines.

    `whole` tells in full what is long and stands in both, or in one alone.
    """
    passages = [(row["kind"], row["one"], row["other"]) for row in comparison["passages"]]
    texts = side_by_side(passages, width, whole=whole).split("\n")
    return [
        *typeset(_head(comparison), width, colours=colours),
        *typeset((_marked(text) for text in texts), width, colours=colours),
    ]


def _marked(text: str) -> Line:
    """A line of the texts in the colour of its mark."""
    return Line(((text, COLOURS.get(text[:1], "")),), whole=True)


def _head(comparison: Mapping[str, Any]) -> Iterator[Line]:
    one, other = comparison["one"], comparison["other"]
    for mark, record in (("<", one), (">", other)):
        yield from head_lines(record, f"{mark} ")
        yield line(f"{record['characters']:,} characters; {record['where']}, verdict {record['verdict'] or 'none'}",
                   indent=2)  # fmt: skip
    yield line()
    yield line(_alike(comparison["figures"]))
    yield line(_kinship(one, other))
    marks = "= both   ~ differs   < only the first   > only the second"
    yield line(marks + ("   · furniture, cut" if any(row["kind"] == "cut" for row in comparison["passages"]) else ""))
    yield line()


def _alike(figures: Mapping[str, Any]) -> str:
    alike = ", ".join(f"{name} {figures[name]:.2f}" for name in ("similarity", "containment", "aligned"))
    mine, yours = figures["words"]
    return f"The texts: {alike}; {mine:,} and {yours:,} words."


def _kinship(one: Mapping[str, Any], other: Mapping[str, Any]) -> str:
    """How the run judged the two."""
    for copy, kept in ((one, other), (other, one)):
        if copy["duplicate_of"] is not None and copy["duplicate_of"] == kept["id"]:
            return f"The run: {copy['id']}, {copy_of(copy)}."
    cluster = one["cluster_id"]
    if cluster is not None and cluster == other["cluster_id"]:
        return f"The run: both are copies of {cluster} ({one['relation']} and {other['relation']})."
    return "The run: not in one cluster."
