"""Pages without metadata: the outlet's header line and the headline below it."""

from __future__ import annotations

import re

from corpus_tools.text.lines import Line
from corpus_tools.text.urls import host_of

_DOMAIN = re.compile(r"^(?:www\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,12}$", re.IGNORECASE)
_OPENING = 16  # characters that tell most lines from most headlines
_WORD = 3  # letters; two lines that open in the same letter seldom have three alike
_STOP = (".", "。", "।", "…", "!”", ".”", '."')


def is_domain_line(line: str) -> bool:
    """Whether a line is nothing but a domain, as sites print it over their pages.

    >>> is_domain_line("Arah.my"), is_domain_line("Rain floods two villages"), is_domain_line("e.g")
    (True, False, False)
    """
    return len(line) > 5 and _DOMAIN.match(line) is not None and host_of(line) is not None


def headline_of(lines: list[Line], header: str | None) -> str | None:
    """The first short line without a full stop that is not the outlet; None where the page opens with its text.

    >>> headline_of([Line(0, 7, "Arah.my"), Line(8, 32, "Rain floods two villages")], "Arah.my")
    'Rain floods two villages'
    """
    for line in lines:
        if line.text == header:
            continue
        if len(line.text) > 150 or line.text.endswith(_STOP):
            return None
        if len(line.text) >= 8 and (" " in line.text or not line.text.isascii()):
            return line.text
    return None


def squeeze_title(title: str) -> str:
    """A title without case, marks and spaces, to compare it with the one in a footer."""
    return re.sub(r"[\W_]+", "", title.casefold())


def is_headline_again(line: str, title: str) -> bool:
    """Whether a line is the headline, but for case and marks.

    >>> is_headline_again("“Rain floods  two villages”", "Rain floods two villages")
    True
    """
    one, other = line[:1], title[:1]
    if one.isalnum() and other.isalnum() and one.casefold()[0] != other.casefold()[0]:
        return False  # true of nearly all lines
    one, other = line[:_WORD], title[:_WORD]
    if one.isascii() and other.isascii() and one.isalnum() and other.isalnum() and one.lower() != other.lower():
        return False
    opening, its = squeeze_title(line[:_OPENING]), squeeze_title(title[:_OPENING])
    if not (opening.startswith(its) or its.startswith(opening)):
        return False
    return squeeze_title(line) == squeeze_title(title)


def is_same_title(one: str, other: str) -> bool:
    """Whether two headlines are one, cut off or lightly edited.

    >>> is_same_title("Rain floods two villages", "RAIN FLOODS TWO VILLAGES…")
    True
    >>> is_same_title("Rain floods two villages", "Ferry prices rise")
    False
    """
    a, b = squeeze_title(one), squeeze_title(other)
    if a == b or (min(len(a), len(b)) > 15 and (a.startswith(b) or b.startswith(a))):
        return True
    ones, others = set(re.findall(r"\w+", one.casefold())), set(re.findall(r"\w+", other.casefold()))
    return len(ones & others) >= 0.6 * max(1, len(ones | others))
