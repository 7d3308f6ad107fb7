"""Sentences with gaps, as rule tables write them, turned into patterns.

"The post {title} appeared first on {site}." is easier to read, to check and to send in than the pattern behind it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Generic, TypeVar

Rule = TypeVar("Rule")

_GAPS = {
    "title": r"(?P<title>.+?)",
    "site": r"(?P<site>.{2,80}?)",
    "agency": r"(?P<agency>(?:[^.!?\n]|\.(?=\w)){2,60}?)",
    "party": r"(?P<agency>[^\n]{2,60}?)",
    "distributor": r"(?P<distributor>[^\n]{2,60}?)",
    "this": r"(?:this|the)",
    "piece": r"(?:article|story|post|piece|column|essay|op-ed|report|item|entry)",
    "at": r"(?:on|in|at|by)",
    "people": r".{2,200}?",
    "words": r".{0,80}?",
    "year": r"(?:19|20)\d\d",
    "date": r".{4,20}?",
    "url": r"(?P<url>(?:https?://|www\.)\S+?)",
    "number": r"[\d-]+(?:/\d+)?",
}
_LONGEST = 400  # a footer glued to a paragraph stands at its end; longer lines are not searched from their start
_PIECES = re.compile(r"\{(\w+)\}")
_SAME = {"'": "['’‘]", "’": "['’‘]", '"': '["“”„«»]'}
# A site's name ends where its sentence or clause does; only what follows says so.
_CLAUSE_END = (
    r"(?=[.,;:。]?\s*[)\]”\"]*\s*$|[.。]\s|[,;:]\s|\s(?:and|under|with|as|by|where|before|last|this|in (?:19|20)\d\d|"
    r"on (?:January|February|March|April|May|June|July|August|September|October|November|December|Monday|Tuesday|"
    r"Wednesday|Thursday|Friday|Saturday|Sunday))\b|\s+[(\[–—|-])"
)
_START = r"(?:^[\W_]{0,4}|(?<=[.!?…”\"’»\])。])\s+[(\[*•–—-]{0,2}\s?)"


@dataclass(frozen=True, slots=True)
class Template:
    """A compiled template. A text can only match that holds its `guard`, case-folded, and its `word`.

    `word` stands between white space, so that one set of a text's words rules out most templates at once; it is
    empty where a script leaves no spaces.
    """

    pattern: re.Pattern[str]
    guard: str
    word: str

    def search(self, line: str, folded: str, start: int = 0) -> re.Match[str] | None:
        """The match in a line from `start` on (`folded` is that part case-folded); group "all" is the sentence."""
        return self.pattern.search(line, start) if self.guard in folded else None


def compile_template(template: str, *, whole: bool) -> Template:
    """A template as a pattern: `whole` wants it to end its line, otherwise more may follow the last gap.

    >>> found = compile_template("The post {title} appeared first on {site}.", whole=True)
    >>> line = "It rained. The post Rain floods two villages appeared first on The River Times."
    >>> match = found.search(line, line.casefold())
    >>> match["title"], match["site"], match.start("all")
    ('Rain floods two villages', 'The River Times', 11)
    """
    pieces = _PIECES.split(template)
    literals = [piece for number, piece in enumerate(pieces) if number % 2 == 0]
    body = "".join(_GAPS[piece] if number % 2 else _literal(piece) for number, piece in enumerate(pieces))
    if whole:
        # The final stop may be missing, and may be of another script.
        body = re.sub(r"\\\.$", "", body) + r"[.。।]?"
        end = r"\s*[)\]”\"]*\s*$"
    else:
        end = _CLAUSE_END if pieces[-1] == "" else ""
    # A template that begins with its gap would take in the sentence before it: only a line's start counts.
    start = r"^" if pieces[0].strip(' (（〈"“') == "" else _START
    # The first word may have a bracket or a dash glued to it, so it is no word to look for.
    words = [word for piece in literals for word in re.findall(r"(?<=\s)[^\W\d_]{3,}(?=\s)", piece.casefold())]
    guards = (re.split(r"['’‘\"“”\n]", piece.casefold()) for piece in literals)
    guard = max((part.strip(" .") for parts in guards for part in parts), key=_rarity)
    return Template(re.compile(f"{start}(?P<all>{body}){end}", re.IGNORECASE), guard, max(words, key=len, default=""))


def _rarity(piece: str) -> int:
    return len(piece) + (0 if piece.isascii() else 4)  # a © is rarer than the "by" beside it


def _literal(piece: str) -> str:
    return "".join(_SAME.get(char) or (r"\s+" if char == " " else re.escape(char)) for char in piece)


class TemplateSet(Generic[Rule]):
    """Many templates, each with the rule it stands for, tried on a text's lines at little more than the price of one.

    Most texts share no word and no fixed piece with any template, so one look at the words rules out nearly all.
    """

    def __init__(self, rules: Iterable[tuple[Rule, Template]]) -> None:
        self._by_word: dict[str, list[tuple[int, Rule, Template]]] = {}
        for number, (rule, template) in enumerate(rules):
            self._by_word.setdefault(template.word, []).append((number, rule, template))
        self._wordless = self._by_word.pop("", [])

    def matches(self, lines: Sequence[str]) -> Iterator[tuple[int, Rule, re.Match[str]]]:
        """The line's number, the rule and the match, for each line in turn, rules in the order they were given."""
        folded = [line[-_LONGEST:].casefold() for line in lines]
        region = "\n".join(folded)
        words = self._by_word.keys() & region.split()
        some = [*self._wordless, *(entry for word in words for entry in self._by_word[word])]
        likely = sorted((entry for entry in some if entry[2].guard in region), key=itemgetter(0))
        if not likely:
            return
        for number, line in enumerate(lines):
            for _, rule, template in likely:
                found = template.search(line, folded[number], max(0, len(line) - _LONGEST))
                if found:
                    yield number, rule, found
