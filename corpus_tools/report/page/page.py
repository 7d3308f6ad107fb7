"""From the figures of a run to the page: templates, pictures and scripts in one file."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from importlib import resources
from typing import Any

import orjson

from corpus_tools.errors import UsageError
from corpus_tools.flags import FLAGS
from corpus_tools.report.page.beside import SHOWN, side_by_side
from corpus_tools.report.page.charts import Figures, flag_name
from corpus_tools.report.page.pictures import pictures
from corpus_tools.report.page.shown import one_line, shown

_PAIRS_MAY_TAKE = 600_000
"""Characters that the pairs side by side may add, so that the page stays under two megabytes whatever they hold."""


def check_templates() -> None:
    """UsageError where the library that fills the templates is not installed; asked before a run, not after it."""
    try:
        import jinja2  # noqa: F401
    except ImportError:
        raise UsageError("The report needs one more package: pip install 'corpus-tools[report]'") from None


def page(figures: Figures) -> str:
    """The report of a run as HTML. `figures` are what `corpus_tools.survey.figures` gives.

    The page allows itself no address at all and no script but its own two, which it names by their hashes.
    """
    check_templates()
    import jinja2

    charts = pictures(figures)
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("corpus_tools.report.page"),
        autoescape=True,
        finalize=_finalized,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "line": one_line,
        "n": _number,
        "percent": _percent,
        "flag": flag_name,
        "cells": _cells,
        "code": _code,
    }
    style, library, script = (_asset(name) for name in ("page.css", "echarts.js", "page.js"))
    filled = environment.get_template("page.html").render(
        figures,
        charts=charts,
        advice={code: flag.advice for code, flag in FLAGS.items()},
        pairs=list(_beside(figures["copies"] or {"pairs": []}, "pairs")),
        largest=list(_largest(figures["copies"] or {"largest": []})),
        shown_characters=SHOWN,
        style=_ours(style),
        library=_ours(library),
        script=_ours(script),
        hashes=" ".join(f"'sha256-{_hash(text)}'" for text in (library, script)),
        data=_ours(_json([chart.drawn() for chart in charts.values()])),
    )
    return filled + "\n"


def _ours(text: str) -> Any:  # a text that templates take as it is
    """Our own text, which needs no escaping."""
    from markupsafe import Markup

    return Markup(text)


def _finalized(value: Any) -> Any:  # whatever a template prints
    """Every value that a template prints, unless it is our own markup, goes through here: there is no way around."""
    return value if hasattr(value, "__html__") else shown(value)


def _number(value: Any) -> str:  # a count
    return f"{value:,}" if isinstance(value, int) else shown(value)


def _code(sentence: Any) -> Any:  # a sentence of ours, in which backticks mark what can be typed
    from markupsafe import Markup, escape

    return Markup(re.sub("`([^`]+)`", r"<code>\1</code>", str(escape(shown(sentence)))))


def _cells(row: dict[str, Any]) -> list[Any]:
    return list(row.values())


def _percent(value: float) -> str:
    """A share for readers.

    >>> _percent(0.3333), _percent(0.0004), _percent(1)
    ('33%', '0.04%', '100%')
    """
    return f"{value:.0%}" if value >= 0.01 or not value else f"{value:.2%}"


def _json(value: Any) -> str:  # plain values
    """JSON that can stand inside a script element."""
    text = orjson.dumps(value).decode()
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _asset(name: str) -> str:
    return resources.files(__package__).joinpath("assets", name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _beside(copies: Figures, kind: str) -> Iterator[Figures]:
    """Pairs with their texts side by side, as many as there is room for: the borderline ones first."""
    room = _PAIRS_MAY_TAKE
    for pair in sorted(copies[kind], key=lambda pair: pair["code"] != "DU003"):
        lines = side_by_side(pair["other"]["text"], pair["record"]["text"])
        room -= sum(40 + len(text) for line in lines for _, text in (*line.left, *line.right))
        if room < 0:
            return
        yield pair | {"lines": lines}


def _largest(copies: Figures) -> Iterator[Figures]:
    room = _PAIRS_MAY_TAKE // 3
    for cluster in copies["largest"]:
        lines = side_by_side(cluster["keeper"]["text"], cluster["copies"][0]["text"]) if cluster["copies"] else []
        room -= sum(40 + len(text) for line in lines for _, text in (*line.left, *line.right))
        yield cluster | {"lines": lines if room >= 0 else []}
