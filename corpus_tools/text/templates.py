"""Sentences with gaps, as rule tables write them, turned into patterns.

"The post {title} appeared first on {site}." is easier to read, to check and to send in than the pattern behind it.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Generic, TypeVar

from corpus_tools.errors import RuleError, UnknownName
from corpus_tools.text.literals import Literals

Rule = TypeVar("Rule")

# "Pamela K. Browne", "Wildwood, N.J., and", "The (Jackson, Miss.) Ledger": this stop ends no sentence.
_NO_STOP = (
    r"(?-i:\.(?=[a-z\d,;]|COM\b)|(?<=\b[A-Z])\.(?![a-z\d,;])|"
    r"(?:(?<=[( ][A-Z][a-z]{2})|(?<=[( ][A-Z][a-z]{3})|(?<=[( ][A-Z][a-z]{4}))\.(?=\) [A-Z]))"
)
_GAPS = {
    "title": r"(?P<title>.+?)",
    "site": r"(?P<site>.{2,80}?)",
    "agency": rf"(?P<agency>(?:[^.!?\n]|{_NO_STOP}){{2,200}}?)",
    "agencies": rf"(?P<agency>(?:[^.!?\n]|{_NO_STOP}){{2,400}}(?<![)）\]”\"/]))",
    "party": r"(?P<agency>[^\n]{2,60}?)",
    "distributor": r"(?P<distributor>[^\n]{2,60}?)",
    "this": r"(?:this|the(?: following)?)",
    "piece": r"(?:article|story|(?:blog )?post|(?:opinion )?piece|column|essay|op-ed|report|item|entry|commentary|"
    r"editorial|interview|analysis|review|excerpt|feature)",
    "at": r"(?:on|in|at|by)",
    "stück": r"(?:Artikel|Beitrag|Gastbeitrag|Text|Kommentar|Essay|Bericht)",
    "auf": r"(?:auf|bei|in|im|beim)",
    "texte": r"(?:article|texte|reportage|billet|entretien)",
    "texto": r"(?:artículo|texto|reportaje|artigo|reportagem|nota|columna|coluna|matéria)",
    "testo": r"(?:articolo|testo|pezzo|intervento)",
    "people": r".{2,200}?",
    "role": r"(?:(?:economics|business|diplomatic|health|medical|science|sports|political|politics|technology|national|"
    r"military|legal|entertainment|education|environmental|religion|investigative|staff|special|senior|chief|"
    r"White House|Washington|foreign|video|data|NBA|NFL|auto|airlines|food|film|music|television)\s){0,2}"
    r"(?:writers?|journalists?|reporters?|correspondents?|editors?|researchers?|photographers?|staff)",
    "words": r".{0,80}?",
    "places": rf"(?:(?!\b(?:that|when|how|why|whether)\b)(?:[^.!?\n]|{_NO_STOP})){{2,300}}",
    "end": "",
    "year": r"(?:19|20)\d\d",
    "date": r".{4,20}?",
    "url": r"(?P<url>(?:https?://|www\.)\S+?)",
    "number": r"[\d-]+(?:/\d+)?",
}
LONGEST = 500
"""Characters at the end of a line in which a sentence is looked for: a footer glued to a paragraph ends it."""
_TOLD = {
    "piece": tuple("article story post piece column essay op-ed report item entry commentary editorial interview "
                   "analysis review excerpt feature".split()),
    "role": tuple("writer journalist reporter correspondent editor researcher photographer staff".split()),
    "year": ("19", "20"),
}  # fmt: skip
"""Of some gaps the words of which each filling holds one, case-folded."""
_PIECES = re.compile(r"\{(\w+)\}")
_GROUP = re.compile(r"\?P<(\w+)>")
_SAME = {"'": "['’‘]", "’": "['’‘]", '"': '["“”„«»]'}
_BETWEEN_WORDS = re.compile(r"[\s'’‘\"“”„«»]+")
# A site's name ends where its sentence or clause does; only what follows says so.
_CLAUSE_END = (
    r"(?=[.,;:。]?\s*[)\]”\"]*[.。]?\s*$|[.。]\s|[,;:]\s|"
    r"\s(?:and|under|with|as|by|where|before|last|this|in (?:19|20)\d\d|"
    r"on (?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|"
    r"Nov(?:ember)?|Dec(?:ember)?|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday))\b|\s+[(\[–—|-])"
)
_SENTENCE_END = r"(?=[.。]?\s*[)）\]”\"/]*[.。]?\s*$|[.。]\s)"
# A sentence starts its line, or follows another sentence, or the credit behind it: "… in June. –BLOOMBERG The post …".
# Extraction glues lines: "… he said.The post …".
_STOP = r"(?:(?<=[.!?…”\"’»)\]。])\s+|(?-i:(?<=[a-z][.!?])(?=[A-Z])))"
_NOTE = (
    r"(?:(?:(?:editor|publisher)(?:['’]?s|s['’])? notes?|note|anm(?:erkung)?\. d(?:er)?\.? red(?:aktion)?\.?|ndlr|"
    r"nota d(?:el editor|e la redacci[oó]n|a redação)|nota redaksi|redaksjonell merknad)\s*[:.—–-]\s*)?"
)
_START = (
    rf"(?:^[\W_]{{0,4}}{_NOTE}|{_STOP}[(\[*•–—-]{{0,2}}\s?{_NOTE}|"
    rf"{_STOP}[–—-]{{1,2}}\s?[^\s–—-]{{2,20}}(?:\s[^\s–—-]{{2,20}})?\s+)"
)


@dataclass(frozen=True)
class Template:
    """A template as a pattern. A text can only match that holds its `guard`, and of each of `others` one, case-folded.

    The guard is one piece and rare; the others are the rest of its words, and spare most texts that hold the guard.
    """

    written: str
    guard: str
    others: tuple[tuple[str, ...], ...] = ()

    @functools.cached_property
    def pattern(self) -> re.Pattern[str]:
        """The pattern, compiled for the first line that holds the guard: a run needs few of the hundreds there are."""
        return re.compile(self.written, re.IGNORECASE)

    def search(self, line: str, folded: str, start: int = 0) -> re.Match[str] | None:
        """The match in a line from `start` on (`folded` is that part case-folded); group "all" is the sentence."""
        if self.guard not in folded:
            return None
        for words in self.others:
            if not any(map(folded.__contains__, words)):
                return None
        return self.pattern.search(line, start)


def compile_template(template: str, *, whole: bool) -> Template:
    """A template as a pattern: `whole` wants it to end its line, otherwise more may follow the last gap.

    >>> found = compile_template("The post {title} appeared first on {site}.", whole=True)
    >>> line = "It rained. The post Rain floods two villages appeared first on The River Times."
    >>> match = found.search(line, line.casefold())
    >>> match["title"], match["site"], match.start("all")
    ('Rain floods two villages', 'The River Times', 11)
    """
    pieces = _PIECES.split(template)
    for gap in pieces[1::2]:
        if gap not in _GAPS:
            raise UnknownName(f"gap in the template {template!r}", gap, _GAPS)
    groups = _GROUP.findall("".join(_GAPS[gap] for gap in pieces[1::2]))
    if len(set(groups)) < len(groups):
        raise RuleError(f"The template {template!r} names one thing by two gaps. Keep one of them.")
    literals = [piece for number, piece in enumerate(pieces) if number % 2 == 0]
    body = "".join(_GAPS[piece] if number % 2 else _literal(piece) for number, piece in enumerate(pieces))
    if whole:
        # The final stop may be missing, and may be of another script.
        body = re.sub(r"\\\.$", "", body) + r"[.。।]?"
        end = r"\s*[)\]”\"]*\s*$"
    else:
        last = pieces[-2] if len(pieces) > 1 and pieces[-1] == "" else None
        end = "" if last is None else _SENTENCE_END if last in ("agencies", "places", "end") else _CLAUSE_END
    # A template that begins with its gap would take in the sentence before it: only a line's start counts. An
    # agency's gap holds no sentence's end, so there a sentence's start counts too.
    first = pieces[0].strip(' (（〈"“') or pieces[1:2] == ["this"]
    start = _START if first else rf"(?:^|{_STOP})" if pieces[1:2] == ["agency"] and not pieces[0] else r"^"
    guards = (re.split(r"['’‘\"“”\n]", piece.casefold()) for piece in literals)
    # The stop behind a word tells more than the word, but for the final one of a `whole` template.
    ends = " ." if whole else " "
    guard = max((part.lstrip(" .").rstrip(ends) for parts in guards for part in parts), key=_rarity)
    return Template(f"{start}(?P<all>{body}){end}", guard, tuple(_others(pieces, guard, ends)))


def _others(pieces: Sequence[str], guard: str, ends: str) -> Iterator[tuple[str, ...]]:
    """What a text must hold beside the guard, the words of it that stand for one another together."""
    literals = [piece.casefold() for piece in pieces[::2]]
    literals[-1] = literals[-1].rstrip(ends)
    words = {word for literal in literals for word in _BETWEEN_WORDS.split(literal)}
    yield from ((word,) for word in sorted(words, key=_by_length) if len(word) > 2 and word not in guard)
    if any(sign in literal for literal in literals for sign in "'’"):
        yield ("'", "’", "‘")
    yield from (_TOLD[gap] for gap in dict.fromkeys(pieces[1::2]) if gap in _TOLD)


def _by_length(word: str) -> tuple[int, str]:
    return -len(word), word


def _rarity(piece: str) -> int:
    return len(piece) + (0 if piece.isascii() else 4)  # a © is rarer than the "by" beside it


def _literal(piece: str) -> str:
    # "© 2022" and "©2022" are one wording.
    pattern = "".join(_SAME.get(char) or (r"\s+" if char == " " else re.escape(char)) for char in piece)
    return pattern.replace(r"©\s+", r"©\s*")


def fold(lines: Sequence[str]) -> str:
    """The ends of lines, together and case-folded: what a look for words is made on."""
    return "\n".join([line[-LONGEST:] for line in lines]).casefold()


class TemplateSet(Generic[Rule]):
    """Many templates, each with the rule it stands for, tried on a text's lines at little more than the price of one.

    Most texts hold no fixed piece of any template, and one look for all of them says so.
    """

    def __init__(self, rules: Iterable[tuple[Rule, Template]]) -> None:
        self._entries: dict[str, list[tuple[int, Rule, Template]]] = {}
        for number, (rule, template) in enumerate(rules):
            self._entries.setdefault(template.guard, []).append((number, rule, template))
        self._guards = Literals(list(self._entries))

    @property
    def guards(self) -> tuple[str, ...]:
        """The pieces of which a text must hold one, case-folded, to match any template."""
        return self._guards.words

    def matches(self, lines: Sequence[str], folded: str | None = None) -> Iterator[tuple[int, Rule, re.Match[str]]]:
        """The line's number, the rule and the match, for each line in turn, rules in the order they were given.

        `folded` is `fold(lines)`, where the caller has it already.
        """
        held = self._guards.numbers_in(fold(lines) if folded is None else folded)
        if not held:
            return
        entries = [entry for number in held for entry in self._entries[self._guards.words[number]]]
        entries.sort(key=itemgetter(0))
        for number, line in enumerate(lines):
            start = max(0, len(line) - LONGEST)
            folded = line[start:].casefold()
            for _, rule, template in entries:
                found = template.search(line, folded, start)
                if found:
                    yield number, rule, found
