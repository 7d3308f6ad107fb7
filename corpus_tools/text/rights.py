r"""Reservations of rights against machines that read: a line that forbids text and data mining or the training of AI.

>>> start, end = reservation("Rain is due.\n© Example News. No use for AI training without permission.")
>>> start
13
>>> reservation("The minister said AI training needs permission from patients.") is None
True
"""

from __future__ import annotations

import re

# The use that is reserved. Yonhap and Antara put such a line under every story; W3C's TDMRep names the protocol.
_USE = re.compile(
    r"text[ -](?:and|&)[ -]data[ -]mining|text[- ] und data[- ]mining|fouille de textes|minería de textos|"
    r"tdm[ -]reserv|data mining|(?<!\w)(?:ai|a\.i\.|ki|ia)(?!\w)|artificial intelligence|"
    r"kecerdasan (?:buatan|artifisial)|"
    r"machine learning|language models?|intelligence artificielle|künstliche intelligenz|"
    r"人工智[能慧]|生成AI|AI 학습|AI学習",
    re.IGNORECASE,
)
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
_TAIL_LINES, _LINE_CHARS = 8, 700  # arbitrary: notices stand at the end, and an article's paragraph is longer


def reservation(text: str) -> tuple[int, int] | None:
    """The span of the first line at the end of a text that reserves it against machines; None where there is none."""
    end = len(text)
    found = None
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
    return all(pattern.search(line) for pattern in (_USE, _FORBIDS, _OWN))
