"""The contract, version 1: every column that comes in or goes out, in the order it is written.

Light on purpose: no pandas here, so that `corpus-tools list columns` answers at once. What is valid
in a column is said in schemas/; a test holds the two in step.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

VERSION = 1

Kind = Literal["text", "time", "number", "integer", "list", "object", "names"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `kind` says which values it holds, `by` who fills it ("publisher", "io" or a step)."""

    name: str
    kind: Kind
    by: str
    says: str


IN: tuple[Column, ...] = (
    Column("id", "text", "publisher", "stable name of the record; made from its content when absent"),
    Column("url", "text", "publisher", "absolute http(s) address, as fetched"),
    Column("canonical_url", "text", "publisher", "absolute http(s) address that the page names as its own"),
    Column("title", "text", "publisher", "headline"),
    Column("text", "text", "publisher", "the article; the only required column"),
    Column("source", "text", "publisher", "name or domain of the outlet that served this copy"),
    Column("author", "names", "publisher", "persons: one text or a list of texts"),
    Column("published_at", "time", "publisher", "when it was published, UTC"),
    Column("modified_at", "time", "publisher", "when it was last modified, UTC"),
    Column("retrieved_at", "time", "publisher", "when this copy was collected, UTC"),
    Column("language", "text", "publisher", "the declared language, BCP 47"),
    Column("license", "text", "publisher", "SPDX id, LicenseRef-… or a licence URL"),
    Column("copyright", "text", "publisher", "the copyright line"),
)

OUT: tuple[Column, ...] = (
    Column("encoding_plan", "list", "fix_encoding", "the repairs made to title and text, replayable"),
    Column("syndication_status", "text", "trace_syndication",
           "original, syndicated, co_credited, press_release or unknown"),
    Column("syndication_chain", "list", "trace_syndication",
           "the hops from the origin to this copy's outlet, each with its evidence"),
    Column("origin", "text", "trace_syndication", "id of the agency or outlet whose story it is, else its name"),
    Column("notices", "list", "strip_furniture", "copyright, licence, reservation and republication notices"),
    Column("detected_language", "text", "detect_language", "the language the text is written in, BCP 47"),
    Column("language_confidence", "number", "detect_language", "0 to 1"),
    Column("languages", "list", "detect_language", "the share of each language where a text mixes them"),
    Column("license_spdx", "text", "flag_provenance", "the licence as an SPDX id"),
    Column("published_precision", "text", "flag_provenance", "day or second"),
    Column("provenance_score", "number", "flag_provenance", "0 to 1: how much of its provenance is recorded"),
    Column("cluster_id", "text", "mark_duplicates", "id of the cluster's keeper; null when nothing matches"),
    Column("duplicate_of", "text", "mark_duplicates", "id of the record kept instead; null when this one is kept"),
    Column("relation", "text", "mark_duplicates", "exact, verbatim, trimmed, extended, edited or version"),
    Column("similarity", "number", "mark_duplicates", "Jaccard similarity to `duplicate_of`, 0 to 1"),
    Column("containment", "number", "mark_duplicates", "shared part of the shorter of the two, 0 to 1"),
    Column("duplicate_reason", "text", "mark_duplicates", "the rule that chose the keeper"),
    Column("copies", "integer", "mark_duplicates", "on a keeper: how many records it stands for"),
    Column("published_by", "list", "mark_duplicates", "on a keeper: the outlets that ran the story, with dates"),
    Column("offered", "list", "mark_duplicates", "on a keeper: what its copies know and it lacks"),
    Column("flags", "list", "every step", "sorted codes"),
    Column("verdict", "text", "decide", "keep, review or drop"),
    Column("source_file", "text", "io", "the file the row came from"),
    Column("source_line", "integer", "io", "the line or row in that file, from 1"),
)  # fmt: skip

COLUMNS: dict[str, Column] = {column.name: column for column in (*IN, *OUT)}
IN_NAMES: tuple[str, ...] = tuple(column.name for column in IN)
OUT_NAMES: tuple[str, ...] = tuple(column.name for column in OUT)
TIMES: tuple[str, ...] = tuple(column.name for column in IN if column.kind == "time")
TEXTS: tuple[str, ...] = tuple(column.name for column in IN if column.kind == "text")
