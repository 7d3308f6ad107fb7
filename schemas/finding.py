"""The table of findings: every flag with its place, one row each, as `out.findings.jsonl` holds them."""

from __future__ import annotations

from typing import Any

import pandera.pandas as pa
from pandera.typing import Series

from .checks import is_integer, is_one_of, is_text, is_within
from .columns import of_kind

SEVERITIES = ("error", "warning", "info")


class Finding(pa.DataFrameModel):
    """A flag with its place."""

    code: Series[Any] = of_kind("text", required=True, pattern="^[A-Z]{2,}[0-9]{3}$")
    name: Series[Any] = of_kind("text", required=True)
    severity: Series[Any] = of_kind("text", required=True, enum=list(SEVERITIES))
    says: Series[Any] = of_kind("text", required=True)
    advice: Series[Any] | None = of_kind("text")
    step: Series[Any] | None = of_kind("text")
    column: Series[Any] | None = of_kind("text")
    start: Series[Any] | None = of_kind("integer", minimum=0)
    end: Series[Any] | None = of_kind("integer", minimum=0)
    evidence: Series[Any] | None = of_kind("text")
    id: Series[Any] | None = of_kind("text")
    source_file: Series[Any] | None = of_kind("text")
    source_line: Series[Any] | None = of_kind("integer", minimum=1)

    class Config:
        """Unknown columns pass, and no value is turned into another type."""

        name = "finding"
        strict = False
        coerce = False

    @pa.check(
        "code", "name", "severity", "says", "advice", "step", "column", "evidence", "id", "source_file",
        element_wise=True, error="It must be text.",
    )  # fmt: skip
    def holds_text(cls, value: object) -> bool:
        """Numbers and lists are no text."""
        return is_text(value)

    @pa.check("start", "end", "source_line", element_wise=True, error="It must be a whole number.")
    def holds_integer(cls, value: object) -> bool:
        """Characters and lines are counted."""
        return is_integer(value)

    @pa.check("severity", element_wise=True, error="It must be error, warning or info.")
    def is_severity(cls, value: object) -> bool:
        """The words of the contract."""
        return is_one_of(value, SEVERITIES)

    @pa.check("start", "end", element_wise=True, error="It must be 0 or more.")
    def counts_from_zero(cls, value: object) -> bool:
        """Characters count from 0."""
        return is_within(value, 0)
