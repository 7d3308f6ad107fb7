"""The ledger: every edit of every cell, one row a cell and step, as `out.ledger.jsonl` holds them."""

from __future__ import annotations

from typing import Any

import pandera.pandas as pa
from pandera.typing import Series

from .checks import is_integer, is_list, is_text, is_within
from .columns import nullable, objects, of_kind

_EDITS = objects(
    "start",
    "old",
    "new",
    start={"type": "integer", "minimum": 0},
    old={"type": "string"},
    new={"type": "string"},
    rule=nullable("text"),
)


class Change(pa.DataFrameModel):
    """One cell changed by one step: by `edits`, or as a whole from `old` to `new`."""

    source_file: Series[Any] = of_kind("text", required=True)
    source_line: Series[Any] = of_kind("integer", required=True, minimum=1)
    id: Series[Any] | None = of_kind("text")
    step: Series[Any] = of_kind("text", required=True)
    column: Series[Any] = of_kind("text", required=True)
    rule: Series[Any] | None = of_kind("text")
    edits: Series[Any] | None = of_kind("list", items=_EDITS)
    old: Series[Any] | None = of_kind("any")
    new: Series[Any] | None = of_kind("any")

    class Config:
        """Unknown columns pass, and no value is turned into another type."""

        name = "change"
        strict = False
        coerce = False

    @pa.check("source_file", "id", "step", "column", "rule", element_wise=True, error="It must be text.")
    def holds_text(cls, value: object) -> bool:
        """Numbers and lists are no text."""
        return is_text(value)

    @pa.check("source_line", element_wise=True, error="It must be a whole number.")
    def holds_integer(cls, value: object) -> bool:
        """Lines are counted."""
        return is_integer(value)

    @pa.check("edits", element_wise=True, error="It must be a list.")
    def holds_list(cls, value: object) -> bool:
        """One edit is a list of one."""
        return is_list(value)

    @pa.check("source_line", element_wise=True, error="It must be 1 or more.")
    def counts_from_one(cls, value: object) -> bool:
        """Lines count from 1."""
        return is_within(value, 1)
