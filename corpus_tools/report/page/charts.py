"""The pictures of the report: each as a table, as a sentence for those who can't see it, and as data to draw from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from corpus_tools.flags import FLAGS
from corpus_tools.report.page.shown import one_line

Kind = Literal["flow", "heat", "columns", "bars"]
Figures = dict[str, Any]
_LABEL = 36


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture. `head` and `rows` are its table; `data` is what page.js draws; `height` is in pixels."""

    id: str
    kind: Kind
    says: str
    head: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    data: dict[str, Any] = field(default_factory=dict)
    height: int = 320
    width: int = 0
    """Pixels below which the picture is scrolled sideways and not squeezed; 0 where it may be squeezed."""

    def drawn(self) -> dict[str, Any]:
        """What the page's script needs."""
        return {"id": self.id, "kind": self.kind, **self.data}


def label(name: object, limit: int = _LABEL) -> str:
    """A name short enough for a picture."""
    return one_line(name, limit)


def flag_name(code: str) -> str:
    """A flag's name as words; the code itself for a private one.

    >>> flag_name("DU002"), flag_name("XX001")
    ('near duplicate', 'XX001')
    """
    return FLAGS[code].name.replace("-", " ") if code in FLAGS else code


def heat(
    id: str,  # noqa: A002  # the element's
    says: str,
    cells: dict[tuple[str, str], float],
    ys: list[str],
    xs: list[str],
    head: tuple[str, ...],
    rows: list[tuple[Any, ...]],
    *,
    percent: bool = False,
) -> Chart:
    """A heat map of `cells` by (y, x)."""
    data = {
        "xs": [label(x, 26) for x in xs],
        "ys": [label(y, 26) for y in ys],
        "cells": [[xs.index(x), ys.index(y), value] for (y, x), value in cells.items()],
        "percent": percent,
    }
    height = (150 if percent else 50) + 26 * len(ys)
    return Chart(id, "heat", says, head, rows, data, height, 230 + 34 * len(xs) if len(xs) > 5 else 0)


def columns(id: str, says: str, names: list[str], counts: list[int], head: tuple[str, ...], **more: Any) -> Chart:  # noqa: A002
    """Columns in their own order."""
    data = {"names": [label(name) for name in names], "counts": counts, **more}
    return Chart(id, "columns", says, head, list(zip(names, counts, strict=True)), data, 260)


def bars(
    id: str,  # noqa: A002  # the element's
    says: str,
    names: list[str],
    series: dict[str, list[int]],
    head: tuple[str, ...],
    rows: list[tuple[Any, ...]] | None = None,
) -> Chart:
    """Bars that lie, one below the other; several series are stacked."""
    parts = [{"name": name, "counts": counts} for name, counts in series.items()]
    data = {"names": [label(name) for name in names], "series": parts}
    told = rows if rows is not None else list(zip(names, *series.values(), strict=True))
    return Chart(id, "bars", says, head, told, data, 70 + 28 * len(names) + (30 if len(series) > 1 else 0))
