"""Wordings of credits: labels, words for "agencies", co-credits, signatures and © lines, from credits.toml."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Literal

from corpus_tools.errors import RuleError
from corpus_tools.rules.load import rows

WordingKind = Literal["signature", "copyright", "co_credit"]
_KINDS: tuple[WordingKind, ...] = ("signature", "copyright", "co_credit")


@dataclass(frozen=True, slots=True)
class Wording:
    """One sentence with a gap for an agency, one that only `party` writes, or one that names nobody.

    `wires` rows count only where the name is an agency's.
    """

    kind: WordingKind
    template: str
    example: str
    party: str | None = None
    wires: bool = False


@dataclass(frozen=True, slots=True)
class Wordings:
    """All wordings; a table's order is the order in which they are tried, so the fuller sentence comes first."""

    source_labels: tuple[str, ...]
    generic: frozenset[str]
    house_generic: tuple[str, ...]
    before_name: tuple[str, ...]
    sentences: tuple[Wording, ...]


@functools.cache
def wordings(own: str | None = None) -> Wordings:
    """The wordings of our table and of the user's rule file `own`. Raises RuleError where two rows clash.

    >>> "agensi" in wordings().generic
    True
    """
    labels = [word for row in rows("credits", "source_labels", own) for word in row["words"]]
    generic = [word.casefold() for row in rows("credits", "generic", own) for word in row["words"]]
    behind = [word.casefold() for row in rows("credits", "house_generic", own) for word in row["words"]]
    before = [word for row in rows("credits", "before_name", own) for word in row["words"]]
    sentences = [
        Wording(kind, row["template"], row["example"], row.get("party"), row.get("wires", False))
        for kind in _KINDS
        for row in rows("credits", kind, own)
    ]
    seen: set[str] = set()
    for template in [*labels, *(sentence.template for sentence in sentences)]:
        if template in seen:
            raise RuleError(f"Two credit rows claim the same words {template!r}. Keep them in one.")
        seen.add(template)
    return Wordings(tuple(labels), frozenset(generic), tuple(behind), tuple(before), tuple(sentences))
