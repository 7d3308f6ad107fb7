"""A record as collected: what a scraper, a feed or an archive hands over.

Only `text` is required. Everything else may be absent or null; that it is missing is said by the flags of provenance,
not here. Here it is said what a value must be where there is one. Columns that are not named pass through.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
import pandera.pandas as pa
from pandera.typing import Series

from .checks import (
    are_times,
    each,
    is_address,
    is_language_tag,
    is_license,
    is_names,
    is_not_after,
    is_not_blank,
    is_text,
)
from .columns import of_kind

_ADDRESS: dict[str, Any] = {"format": "uri", "pattern": "^[hH][tT][tT][pP][sS]?://"}
_DAY_AND_A_HALF = pd.Timedelta(hours=36)


class Article(pa.DataFrameModel):
    """A record as collected."""

    id: Series[Any] | None = of_kind("text", pattern=r"\S")
    url: Series[Any] | None = of_kind("text", **_ADDRESS)
    canonical_url: Series[Any] | None = of_kind("text", **_ADDRESS)
    title: Series[Any] | None = of_kind("text", pattern=r"\S")
    text: Series[Any] = of_kind("text", required=True, pattern=r"\S")
    source: Series[Any] | None = of_kind("text", pattern=r"\S")
    author: Series[Any] | None = of_kind("names")
    published_at: Series[Any] | None = of_kind("time")
    modified_at: Series[Any] | None = of_kind("time")
    retrieved_at: Series[Any] | None = of_kind("time")
    language: Series[Any] | None = of_kind("text")
    license: Series[Any] | None = of_kind("text")
    copyright: Series[Any] | None = of_kind("text")

    class Config:
        """Unknown columns pass, and no value is turned into another type."""

        name = "article"
        strict = False
        coerce = False

    @pa.check(
        "id", "url", "canonical_url", "title", "text", "source", "language", "license", "copyright",
        error="It must be text.",
    )  # fmt: skip
    def holds_text(cls, values: pd.Series[Any]) -> pd.Series[bool]:
        """Numbers and lists are no text."""
        return each(values, is_text)

    @pa.check(
        "published_at", "modified_at", "retrieved_at",
        error="It must be a time (a datetime, in UTC).",
    )  # fmt: skip
    def holds_time(cls, values: pd.Series[Any]) -> pd.Series[bool]:
        """A text that spells a time is no time yet; reading a file makes it one."""
        return are_times(values)

    @pa.check("author", error="It must be a text or a list of texts.")
    def holds_names(cls, values: pd.Series[Any]) -> pd.Series[bool]:
        """One name or several."""
        return each(values, is_names)

    @pa.check("id", "title", "text", "source", error="It must not be empty.")
    def is_filled(cls, values: pd.Series[Any]) -> pd.Series[bool]:
        """Null says "unknown"; an empty text says nothing."""
        return each(values, is_not_blank)

    @pa.check(
        "url", "canonical_url",
        error="It must be an absolute address that starts with http:// or https://.",
    )  # fmt: skip
    def is_absolute(cls, values: pd.Series[Any]) -> pd.Series[bool]:
        """`/a.html` and `www.example.com` lead nowhere outside their page."""
        return each(values, is_address)

    @pa.check(
        "language",
        error="It must be a language tag (BCP 47), such as ms or zh-Hans.",
    )  # fmt: skip
    def is_tag(cls, values: pd.Series[Any]) -> pd.Series[bool]:
        """`en_US` and `english, malay` are no tags."""
        return each(values, is_language_tag)

    @pa.check(
        "license",
        error="It must be an SPDX id such as CC-BY-4.0, a LicenseRef-…, or the address of a licence.",
    )  # fmt: skip
    def names_license(cls, values: pd.Series[Any]) -> pd.Series[bool]:
        """A sentence about rights belongs into `copyright`."""
        return each(values, is_license)

    # The name of a frame check holds the column that its finding points to.

    @pa.dataframe_check(error="It was modified before it was published.")
    def modified_at_after_publication(cls, frame: pd.DataFrame) -> pd.Series[bool]:
        """Published ≤ modified, by day where a date has no time."""
        return is_not_after(frame, "published_at", "modified_at", pd.Timedelta(0))

    @pa.dataframe_check(error="It was collected before it was published.")
    def retrieved_at_after_publication(cls, frame: pd.DataFrame) -> pd.Series[bool]:
        """Published ≤ retrieved; a date without a time may lie 36 hours ahead, for it may be a day of any zone."""
        return is_not_after(frame, "published_at", "retrieved_at", _DAY_AND_A_HALF)
