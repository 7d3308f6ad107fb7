"""Footers: the sentences by which feeds and republished pages name the site a story came from."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any, Literal, get_args

from corpus_tools.errors import RuleError
from corpus_tools.rules.load import frozen, rows

FooterKind = Literal["feed", "origin", "distributor", "copied", "kin", "wire"]


@dataclass(frozen=True, slots=True)
class Footer:
    """One sentence with gaps. `kind` says who its {site} is; `party` names it where the sentence has no gap.

    `known` rows count only where the site is a party of ours: their words are too common.
    """

    id: str
    template: str
    kind: FooterKind
    example: str
    party: str | None = None
    known: bool = False
    near_misses: tuple[str, ...] = ()


@functools.cache
def footers(own: str | None = None) -> tuple[Footer, ...]:
    """Every footer of our table and of the user's rule file `own`. Raises RuleError where two rows clash.

    >>> footers()[0].template
    'The post {title} appeared first on {site}.'
    """
    found = tuple(_footer(row) for row in rows("feed_footers", "footer", own))
    seen: dict[str, Footer] = {}
    for footer in found:
        for key in (f"id {footer.id!r}", f"sentence {footer.template.casefold().rstrip('.')!r}"):
            other = seen.setdefault(key, footer)
            if other is not footer:
                raise RuleError(f"The footers {other.id!r} and {footer.id!r} claim the same {key}. Keep it in one.")
    return found


def _footer(row: dict[str, Any]) -> Footer:
    footer = Footer(**frozen(row))
    if footer.kind not in get_args(FooterKind):
        raise RuleError(f"The footer {footer.id!r} has the kind {footer.kind!r}; there are {get_args(FooterKind)}.")
    if footer.kind != "wire" and footer.party is None and "{site}" not in footer.template:
        raise RuleError(f"The footer {footer.id!r} names no site: give it a {{site}} or a party.")
    return footer
