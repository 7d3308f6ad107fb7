"""The colours of what people read in a terminal. None stands alone: a word or a mark says the same."""

from __future__ import annotations

COLOURS = {
    "error": "red",
    "warning": "yellow",
    "info": "cyan",
    "drop": "red",
    "review": "yellow",
    "keep": "green",
    "old": "red",
    "new": "green",
    "name": "yellow",
    "evidence": "bold yellow",
    "~": "yellow",
    "<": "red",
    ">": "green",
    "·": "dim",
}
"""By severity, verdict, part of a change, and mark before a line (see `side_by_side`)."""
