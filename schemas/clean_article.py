"""A record as `clean` writes it: what was collected, and all the evidence that was found.

Every evidence column may be absent (its step did not run) or null (nothing was found).
"""

from __future__ import annotations

from typing import Any

import pandera.pandas as pa
from pandera.typing import Series

from .article import Article
from .checks import is_integer, is_language_tag, is_list, is_number, is_one_of, is_text, is_within
from .columns import nullable, objects, of_kind

STATUSES = ("original", "syndicated", "co_credited", "press_release", "unknown")
RELATIONS = ("exact", "verbatim", "trimmed", "extended", "edited", "version")
PRECISIONS = ("day", "second")
VERDICTS = ("keep", "review", "drop")
ROLES = ("origin", "distributor", "publisher", "republisher")
SLOTS = (
    "dateline", "byline", "credit_line", "source_label", "feed_footer", "republication_notice", "copyright_notice",
    "page_header", "metadata",
)  # fmt: skip

_SHARE: dict[str, Any] = {"minimum": 0, "maximum": 1}
_REPAIRS = objects(
    "column",
    "steps",
    column={"type": "string"},
    parts={"type": "array", "items": {"type": "integer"}},
    steps={"type": "array", "items": {"type": "array", "items": {"type": "string"}}},
)
_HOPS = objects(
    "role",
    "name",
    role={"enum": list(ROLES)},
    name={"type": "string"},
    id=nullable("text"),
    url=nullable("text"),
    slot={"enum": list(SLOTS)},
    field=nullable("text"),
    start=nullable("integer"),
    end=nullable("integer"),
    evidence=nullable("text"),
    confidence=nullable("number"),
)


class CleanArticle(Article):
    """A record as collected, with the evidence of every step."""

    encoding_plan: Series[Any] | None = of_kind("list", items=_REPAIRS)
    syndication_status: Series[Any] | None = of_kind("text", enum=[*STATUSES, None])
    syndication_chain: Series[Any] | None = of_kind("list", items=_HOPS)
    origin: Series[Any] | None = of_kind("text")
    notices: Series[Any] | None = of_kind(
        "list", items=objects("kind", "text", kind={"type": "string"}, text={"type": "string"})
    )
    detected_language: Series[Any] | None = of_kind("text")
    language_confidence: Series[Any] | None = of_kind("number", **_SHARE)
    languages: Series[Any] | None = of_kind(
        "list", items=objects("language", "share", language={"type": "string"}, share={"type": "number", **_SHARE})
    )
    license_spdx: Series[Any] | None = of_kind("text")
    published_precision: Series[Any] | None = of_kind("text", enum=[*PRECISIONS, None])
    provenance_score: Series[Any] | None = of_kind("number", **_SHARE)
    cluster_id: Series[Any] | None = of_kind("text")
    duplicate_of: Series[Any] | None = of_kind("text")
    relation: Series[Any] | None = of_kind("text", enum=[*RELATIONS, None])
    similarity: Series[Any] | None = of_kind("number", **_SHARE)
    containment: Series[Any] | None = of_kind("number", **_SHARE)
    duplicate_reason: Series[Any] | None = of_kind("text")
    copies: Series[Any] | None = of_kind("integer", minimum=1)
    published_by: Series[Any] | None = of_kind("list", items={"type": ["object", "string"]})
    offered: Series[Any] | None = of_kind("list", items=objects("column", column={"type": "string"}))
    flags: Series[Any] | None = of_kind("list", items={"type": "string", "pattern": "^[A-Z]{2,}[0-9]{3}$"})
    verdict: Series[Any] | None = of_kind("text", enum=[*VERDICTS, None])
    source_file: Series[Any] | None = of_kind("text")
    source_line: Series[Any] | None = of_kind("integer", minimum=1)

    class Config:
        """Unknown columns pass, and no value is turned into another type."""

        name = "clean_article"
        strict = False
        coerce = False

    @pa.check(
        "syndication_status", "origin", "detected_language", "license_spdx", "published_precision", "cluster_id",
        "duplicate_of", "relation", "duplicate_reason", "verdict", "source_file",
        element_wise=True, error="It must be text.",
    )  # fmt: skip
    def holds_evidence_text(cls, value: object) -> bool:
        """Numbers and lists are no text."""
        return is_text(value)

    @pa.check(
        "language_confidence", "provenance_score", "similarity", "containment",
        element_wise=True, error="It must be a number.",
    )  # fmt: skip
    def holds_number(cls, value: object) -> bool:
        """A text of digits is no number."""
        return is_number(value)

    @pa.check("copies", "source_line", element_wise=True, error="It must be a whole number.")
    def holds_integer(cls, value: object) -> bool:
        """They count."""
        return is_integer(value)

    @pa.check(
        "encoding_plan", "syndication_chain", "notices", "languages", "published_by", "offered", "flags",
        element_wise=True, error="It must be a list.",
    )  # fmt: skip
    def holds_list(cls, value: object) -> bool:
        """In CSV they are written as JSON, and reading makes them lists again."""
        return is_list(value)

    @pa.check("syndication_status", element_wise=True, error=f"It must be one of: {', '.join(STATUSES)}.")
    def is_status(cls, value: object) -> bool:
        """The words of the contract."""
        return is_one_of(value, STATUSES)

    @pa.check("relation", element_wise=True, error=f"It must be one of: {', '.join(RELATIONS)}.")
    def is_relation(cls, value: object) -> bool:
        """The words of the contract."""
        return is_one_of(value, RELATIONS)

    @pa.check("verdict", element_wise=True, error=f"It must be one of: {', '.join(VERDICTS)}.")
    def is_verdict(cls, value: object) -> bool:
        """The words of the contract."""
        return is_one_of(value, VERDICTS)

    @pa.check("published_precision", element_wise=True, error="It must be day or second.")
    def is_precision(cls, value: object) -> bool:
        """The words of the contract."""
        return is_one_of(value, PRECISIONS)

    @pa.check(
        "detected_language",
        element_wise=True, error="It must be a language tag (BCP 47), such as ms or zh-Hans.",
    )  # fmt: skip
    def detected_is_tag(cls, value: object) -> bool:
        """Undecided is null, not a word."""
        return is_language_tag(value)

    @pa.check(
        "language_confidence", "provenance_score", "similarity", "containment",
        element_wise=True, error="It must lie between 0 and 1.",
    )  # fmt: skip
    def is_share(cls, value: object) -> bool:
        """A share of a whole."""
        return is_within(value, 0, 1)

    @pa.check("copies", "source_line", element_wise=True, error="It must be 1 or more.")
    def counts_from_one(cls, value: object) -> bool:
        """A keeper stands for itself at least; lines count from 1."""
        return is_within(value, 1)
