r"""Reservations of rights against machines that read: a line that forbids text and data mining or the training of AI.

>>> start, end = reservation("Rain is due.\n© Example News. No use for AI training without permission.")
>>> start
13
>>> reservation("The minister said AI training needs permission from patients.") is None
True
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus_tools.text.columns import Texts, matching
from corpus_tools.text.literals import Literals

_NOT_KEY = re.compile(r"[^a-z0-9]+")
# The use that is reserved. Yonhap and Antara put such a line under every story; W3C's TDMRep names the protocol.
_USES = (
    r"text[ -](?:and|&)[ -]data[ -]mining|text[- ] und data[- ]mining|fouille de textes|minería de textos|"
    r"tdm[ -]reserv|data mining|artificial intelligence|"
    r"kecerdasan (?:buatan|artifisial)|"
    r"machine learning|language models?|intelligence artificielle|künstliche intelligenz|"
    r"人工智[能慧]|生成AI|AI 학습|AI学習"
)
_USE = re.compile(rf"(?<!\w)(?:ai|a\.i\.|ki|ia)(?!\w)|{_USES}", re.IGNORECASE)
# The words that forbid it.
_FORBIDS = re.compile(
    r"reserv|prohibit|forbid|not permitted|may not|not be used|without (?:\w+ ){0,3}(?:permission|consent)|no use|"
    r"vorbehalten|untersagt|verboten|interdit|réservé|prohibid|reservad|dilarang|tanpa izin|금지|禁止|禁じ|不得",
    re.IGNORECASE,
)
# The line speaks of the page's own content, and not of the world.
_OWN = re.compile(
    r"©|\(c\)|copyright|all rights|content|konten|site|situs|laman|inhalt|contenu|contenido|"
    r"저작권|전재|無断|版权|版權|転載|转载|轉載|"
    r"reproduc|scrap|crawl|tdm[ -]reserv",
    re.IGNORECASE,
)
# A line without one of these forbids nothing; looking for them is far cheaper than the patterns.
_FORBIDDING = Literals([
    "reserv", "prohibit", "forbid", "not permitted", "may not", "not be used", "without", "no use", "vorbehalten",
    "untersagt", "verboten", "interdit", "réservé", "prohibid", "dilarang", "tanpa izin", "금지", "禁", "不得",
])  # fmt: skip
_TAIL_LINES, _LINE_CHARS = 8, 700  # arbitrary: notices stand at the end, and an article's paragraph is longer
# The use in the last lines, for RE2: to it only ASCII's letters make words, and it reads such a pattern backwards.
_MAY_END_IN_USE = rf"(?i)(?:\b(?:(?:ai|ki|ia)\b|a\.i\.)|{_USES})[^\n]*(?:\n[^\n]*){{0,{_TAIL_LINES - 1}}}\z"

_TAGS = {
    "tdmreservation": re.compile(r"^\s*(?:1|true)\s*$", re.IGNORECASE),
    "robots": re.compile(r"\bno(?:image)?ai\b", re.IGNORECASE),
    "xrobotstag": re.compile(r"\bno(?:image)?ai\b", re.IGNORECASE),
    "contentsignal": re.compile(r"\bai-train\s*=\s*no\b", re.IGNORECASE),
    "contentusage": re.compile(r"\btrain-ai\s*=\s*n\b", re.IGNORECASE),
    "datatrainingallowed": re.compile(r"^\s*(?:no|false)\s*$", re.IGNORECASE),
}
_DEEPEST = 3


def is_tag(name: str) -> bool:
    """Whether a column or key can reserve a page."""
    return _tag(name) in _TAGS


@functools.lru_cache(maxsize=1024)  # a corpus has few keys, and has them in every record
def _tag(name: str) -> str:
    return _NOT_KEY.sub("", name.lower())


def declared_reservation(columns: Mapping[str, Any], depth: int = 0) -> tuple[str, str] | None:
    """The path and the value of a tag that reserves a page against machines; `columns` are a record's other cells.

    >>> declared_reservation({"meta": {"tdm-reservation": "1"}}), declared_reservation({"robots": "index, follow"})
    (('meta.tdm-reservation', '1'), None)
    """
    for name, value in columns.items():
        pattern = _TAGS.get(_tag(str(name)))
        if pattern is not None and isinstance(value, (str, int)) and pattern.search(str(value)):
            return str(name), str(value)
        if isinstance(value, dict) and depth < _DEEPEST:
            found = declared_reservation(value, depth + 1)
            if found:
                return f"{name}.{found[0]}", found[1]
    return None


def may_be_reserved(texts: Texts) -> NDArray[np.bool_]:
    """Whether a text names such a use near its end, and so may hold a `reservation`; shape (texts,), true of few."""
    return matching(texts, _MAY_END_IN_USE)


def reservation(text: str) -> tuple[int, int] | None:
    """The span of the first line at the end of a text that reserves it against machines; None where there is none."""
    found, end = None, len(text)
    for _ in range(_TAIL_LINES):
        start = text.rfind("\n", 0, end) + 1
        line = text[start:end]
        if start and len(line) <= _LINE_CHARS and is_reservation(line):
            found = (start, end)
        if not start:
            break
        end = start - 1
    return found


def is_reservation(line: str) -> bool:
    """Whether a line names the use, forbids it, and speaks of its own content."""
    return _FORBIDDING.are_in(line.casefold()) and all(pattern.search(line) for pattern in (_USE, _FORBIDS, _OWN))
