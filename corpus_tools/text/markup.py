"""Markup that scraping left in a text: tags, comments, Microsoft Office's XML and style sheets.

Recognised is what a page's source holds and prose does not. Cut is what can be nothing else: a pair of tags, a tag with
attributes, a comment, a script, Office's style block. "Use the <p> tag" keeps its tag.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html.parser import HTMLParser

import numpy as np
from numpy.typing import NDArray

from corpus_tools.text.columns import Texts, matching

_TAGS = frozenset(
    """
    a abbr address article aside audio b big blockquote body br button center cite code dd del details dfn
    div dl dt em embed figcaption figure font footer form h1 h2 h3 h4 h5 h6 head header hr html i iframe img
    input ins kbd label li link main map mark meta nav noscript object ol option p param path picture pre q
    s samp script section select small source span strike strong style sub summary sup svg table tbody td
    tfoot th thead title tr tt u ul var video
    """.split()
)
_BREAKING = frozenset(
    """
    address article aside blockquote br dd div dl dt figcaption figure footer form h1 h2 h3 h4 h5 h6 header
    hr li main nav ol p pre section table tr ul
    """.split()
)
_EMPTY = frozenset("br embed hr img input link meta param source".split())
_DEEPEST = 500  # arbitrary; a page that opens more without closing them is no page
# Their content is no prose either: code, and the settings of a document.
_UNSEEN = frozenset("script style xml w:worddocument w:latentstyles o:officedocumentsettings".split())
# What a paste from Word leaves behind when its tags are gone; the words are Office's own, in this order.
_OFFICE = re.compile(
    r"Normal\s+0\s+(?:\d+\s+)?(?:(?:true|false)\s+){2,4}[\w\s-]{0,60}?MicrosoftInternetExplorer4\s*"
    r"|/\*\s*Style Definitions\s*\*/\s*(?:[\w.,# -]+\{[^{}]*mso-[^{}]*\}\s*)*"
)
# Found by its braces: a pattern that begins with the selector would read on from every letter of plain prose.
_STYLE = r"\{\s*(?:[a-z-]+\s*:\s*[^{};]+;\s*)+\}"
_SELECTOR = re.compile(r"[\w.#@*-][\w.#@*:>, -]{0,199}$")
_TAG = r"<!--|</?(?:[a-zA-Z]{1,10}|h[1-6]|[ovwm]:[A-Za-z]+)(?:\s+|\s[^<>=]*=[^<>]*)?/?>|<!\[CDATA\[|\]\]>"
_ANY = re.compile(f"{_TAG}|{_STYLE}|{_OFFICE.pattern}")
# For RE2, which reads a whole column at once.
MAY_HOLD = r"<[!/a-zA-Z]|\]\]>|\{|MicrosoftInternetExplorer4|Style Definitions"


def may_hold_markup(texts: Sequence[str] | Texts) -> NDArray[np.bool_]:
    """A cheap look over a column that overlooks nothing, shape (texts,)."""
    return matching(texts, MAY_HOLD)


def markup(text: str) -> tuple[int, int] | None:
    """Where the first markup stands, as a span; None where there is none.

    >>> markup("He said <b>no</b>."), markup("I <3 you"), markup(".ad { color: red; }")
    ((8, 11), None, (0, 19))
    """
    for found in _ANY.finditer(text):
        name = re.match(r"</?([a-zA-Z]+\d?)(?=[\s/>])", found[0])
        if name is not None and name[1].lower() not in _TAGS:
            continue
        if found[0][0] != "{":
            return found.span()
        selector = _SELECTOR.search(text, max(0, found.start() - 200), found.start())
        if selector is not None:
            return selector.start(), found.end()
    return None


def cut_markup(text: str) -> str:
    r"""The text without the markup that can be nothing else; a tag that breaks the line leaves a line end.

    >>> cut_markup("<p>Rain is due.</p><p>Sun &amp; wind follow.</p>")
    'Rain is due.\nSun &amp; wind follow.'
    >>> cut_markup("Write <p> before it.")
    'Write <p> before it.'
    """
    plain = _OFFICE.sub("", text)
    text = plain if plain.strip() else text
    # What no ">" follows is no tag, and the parser would read on to the end from each "<" of it.
    closed = text.rfind(">") + 1
    if "<" not in text[:closed]:
        return text
    parser = _Spans(text)
    parser.feed(text[:closed])
    parser.close()
    out, at = [], 0
    for start, end, breaks in sorted(parser.cuts, key=lambda cut: (cut[0], -cut[1])):
        if start < at:  # inside what was cut already
            continue
        out.append(text[at:start])
        if breaks and out and not "".join(out[-2:]).rstrip(" ").endswith("\n") and any(out):
            out.append("\n")
        at = end
    rest = text[at:]
    if parser.cuts and not rest.strip() and out and out[-1] == "\n":
        out.pop()
    cut = "".join([*out, rest])
    return cut if cut.strip() else text


class _Spans(HTMLParser):
    """Finds what to cut; the stretch between a script's tags goes with them."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=False)
        self.cuts: list[tuple[int, int, bool]] = []
        self._open: list[tuple[str, int, int]] = []
        self._text = text
        self._lines = [0]
        for found in re.finditer("\n", text):
            self._lines.append(found.end())

    def _here(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        start = self._here()
        end = start + len(self.get_starttag_text() or "")
        if tag in _EMPTY or ":" in tag or (tag in _TAGS and any(value is not None for _, value in attrs)):
            self.cuts.append((start, end, tag in _BREAKING))
        if tag in _TAGS | _UNSEEN and tag not in _EMPTY:
            self._open.append((tag, start, end))
            del self._open[:-_DEEPEST]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002  # html.parser's
        if tag in _TAGS or ":" in tag:
            start = self._here()
            self.cuts.append((start, start + len(self.get_starttag_text() or ""), tag in _BREAKING))

    def handle_endtag(self, tag: str) -> None:
        start = self._here()
        end = self._text.find(">", start) + 1 or len(self._text)
        if ":" in tag:
            self.cuts.append((start, end, False))
        at = next((at for at in range(len(self._open) - 1, -1, -1) if self._open[at][0] == tag), None)
        if at is None:
            return
        _, opened, inside = self._open[at]
        del self._open[at:]
        if tag in _UNSEEN:
            self.cuts.append((opened, end, False))
            return
        self.cuts += [(opened, inside, tag in _BREAKING), (start, end, tag in _BREAKING)]

    def handle_comment(self, data: str) -> None:
        start = self._here()
        end = self._text.find(">", start + 4 + len(data)) + 1 or len(self._text)
        if self._text.startswith("<!--", start):
            self.cuts.append((start, end, False))
