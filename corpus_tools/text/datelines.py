"""Datelines: the place, the date and the agency that open a story.

    KUALA LUMPUR, May 14 (Bernama) -- …       МОСКВА, 23 сен — РИА Новости. …       （新华社北京1月20日电）…

Only the shape is known here. Whether a name is an agency's is for the caller to say, so every candidate is offered.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from corpus_tools.text.columns import SPACE
from corpus_tools.text.lines import Line

_BRACKET = re.compile(
    r"(?P<place>[^()（）【】\[\]\n]{0,70}(?:\[[^\[\]]{2,30}\][^()\[\]\n]{0,25})?)[(（](?P<names>[^()（）\n]{2,50})[)）]"
    r"(?P<mark>\s*(?:[.:]?\s?[-–—―]{1,2}|[:.=])|\s[A-Z][a-z]{2,8}\.? \d{1,2}, \d{4}(?:\s?[-–—]{1,2})?)?"
    r"(?P<glued>(?=\S))?"
)
_SLASH = re.compile(
    r"(?P<place>[^/()\n]{0,60}?[^/()\n\w]\s?)/(?P<names>[^/\n]{2,40})/(?P<mark>\s?(?:\.|[-–—]{1,2}|[A-Z][a-z]+ \d{1,2}, \d{4} /))"  # noqa: E501  # a pattern reads best in one piece
)
_SLASHED = re.compile(r"(?P<place>[^/()\n]{3,40}?\d{1,2}[^/()\n]{0,12})/(?P<names>[^/\n]{2,40})/(?P<mark>\.?(?=\s))")
_DASHED = re.compile(r"(?P<place>[^—–\n]{2,40}?)\s[—–-]\s(?P<names>[^.—–\n]{2,30}?)(?P<mark>\.\s|\s[–—-]\s)")
_STOPPED = re.compile(r"(?P<place>(?:[^.\n]{2,25}\.\s){1,2})(?P<names>[^\s]{3,30})(?P<mark>\s[-–—]\s)")
# Indonesian outlets sign with their own name: "JAKARTA, KOMPAS.com - …", "TEMPO.CO, Jakarta - …".
_PLACE_FIRST = re.compile(r"(?P<place>[A-Z][\w ]{2,30}), (?P<names>[A-Z][\w. ]{3,25}?)(?P<mark>\s?[-–—]{1,2}\s)")
_NAME_FIRST = re.compile(r"(?P<names>[A-Z][\w. ]{3,25}), (?P<place>[A-Z][\w ]{2,30}?)(?P<mark>\s?[-–—]{1,2}\s)")
# "Accra, May 14, GNA –", "YEREVAN, MAY 14, ARMENPRESS.", "Caracas, 14 May. AVN.-": the agency stands behind the date.
_AFTER_DATE = re.compile(
    r"(?P<place>[A-ZÀ-Þ][^\n()/:]{2,50}?\d{1,2}(?:,? \d{4}| [A-Za-z]{3,10})?)[.,] (?P<names>[A-Z]{2,12})(?P<mark>\.?\s?[-–—]{1,2}(?=\s)|\.(?=\s))"  # noqa: E501  # a pattern reads best in one piece
)
# "AKP Phnom Penh, May 14, 2024 --": or before the place.
_BEFORE_PLACE = re.compile(
    r"(?P<names>[A-Z]{2,8}) (?P<place>[A-Z][a-z][\w ]{2,20}, [A-Z][a-z]{2,8}\.? \d{1,2}(?:, \d{4})?)(?P<mark>\s?[-–—]{1,2}\s)"  # noqa: E501  # a pattern reads best in one piece
)
# "BAKU, Azerbaijan, May 14. Trend:"  # noqa: ERA001  # an example, no code
_COLON = re.compile(r"(?P<place>[A-ZÀ-Þ][^\n()/:]{2,50}?\d{1,2}\.?) (?P<names>[A-Z]\w{2,20})(?P<mark>:(?=\s))")
# "Київ. Інтерфакс-Україна. Міст …", "КИЇВ. 14 травня. УНН. Міст …"
_NAMED_STOP = re.compile(
    r"(?P<place>[А-ЯІЇЄҐ][\w-]{2,20}\.(?: \d{1,2} \w+\.)?) (?P<names>[А-ЯІЇЄҐ][\w-]{2,30})(?P<mark>\.(?=\s))"
)
# "नई दिल्ली, एएनआई।": Hindi papers part the place from the agency by a comma.
_DANDA = re.compile(
    r"(?P<place>[\u0900-\u0963\u0966-\u097f ]{2,25}), (?P<names>[\u0900-\u0963 ]{3,20})(?P<mark>।(?=\s))"
)
# "تهران- ایرنا- …", "رام الله 14-5-2024 وفا- …": Arabic and Persian agencies open so, whatever spaces there are.
_ARAB, _NO_PICTURE = r"[\u0620-\u06d3]", r"(?!صور|تصوير|أرشيف|ارشيف|فيديو|عكس|عکس|تصویر)"
_ARABIC = re.compile(
    rf"{_NO_PICTURE}(?P<place>(?:{_ARAB}| ){{3,20}}(?: \d{{1,2}}-\d{{1,2}}-\d{{4}}|\s?[-–ـ]))\s?"
    rf"(?P<names>(?:{_ARAB}| ){{3,14}}?)\s?(?P<mark>[-–ـ:]\s)"
)
# "القاهرة/ الأناضول", "دمشق-سانا": the place and the agency have the first line to themselves.
_OWN_LINE = re.compile(
    rf"{_NO_PICTURE}(?P<place>{_ARAB}{{3,12}})\s?[/–ـ-]\s?(?P<names>(?:{_ARAB}|[ .]){{3,14}})(?P<mark>)$"
)
_SQUARE = re.compile(r"[\[【](?P<place>(?!사진)[가-힣]{2,6})=(?P<names>[가-힣\d]{2,8})[\]】](?P<mark>)")
_CJK = re.compile(
    r"[（(【]?据?(?P<names>[\u4e00-\u9fff]{2,5})[^\n]{0,30}?[\d一二三四五六七八九十]{1,3}日[电電][^\n（(]{0,3}"
    r"(?:[（(][^)）]*[)）])?[）)】]?"
)
_CORNER_PLACE = re.compile(r"【(?P<names>[ァ-ヶ一-龥ーA-Z・＝=]{3,14})(?P<day>\d{1,2}月\d{1,2}日)?】")
_CORNER = re.compile(
    r"【\d{1,2}月\d{1,2}日\s*(?P<names>[^】\n]{2,12})】|[［\[][一-龥ァ-ヶー]{2,12}\s+\d{1,2}日\s+(?P<agency>[^\]］\n]{2,12})[］\]]"
)

# Each pattern with the signs of which it needs one, and whether it needs a day: most lines have none of them.
_DASHES, _OPEN_DASHES = (" — ", " – ", " - "), ("— ", "– ", "- ")
_PATTERNS: tuple[tuple[re.Pattern[str], tuple[str, ...], bool], ...] = (
    (_BRACKET, ("(", "（"), False), (_SLASH, ("/",), False), (_SLASHED, ("/",), True), (_DASHED, _DASHES, False),
    (_STOPPED, _DASHES, False), (_PLACE_FIRST, _OPEN_DASHES, False), (_NAME_FIRST, _OPEN_DASHES, False),
    (_AFTER_DATE, (". ", *_OPEN_DASHES), True), (_BEFORE_PLACE, _OPEN_DASHES, True), (_COLON, (": ",), True),
    (_SQUARE, ("[", "【"), False), (_DANDA, ("।",), False), (_ARABIC, ("-", "–", "ـ"), False),
    (_OWN_LINE, ("/", "-", "–", "ـ"), False), (_NAMED_STOP, (". ",), False),
)  # fmt: skip
_MAY_BE_DATED = re.compile(r"[^\n]{3,60}?\d{1,2}(?:, \d{4})?[.,] [A-Z]\w{1,20}[.:]")
# What stands beside the agency: (Newsfile Corp. - August 27, 2024), /Корр. БЕЛТА/, /Анна Лим, БТА/.
_BESIDE = re.compile(r"\s+[-–]\s+[A-Z]\w+\.? \d{1,2}, \d{4}$|^(?:Корр\. |\w+ \w+, (?=\w+$))")

_WORD = re.compile(r"[^\s,/\[\]]+")
_PARTICLES = frozenset(
    "of de la le les del della di da do dos das el al the and y e et am an der den ob sur im".split()
)
_SHORT_CODE = 5  # characters; "(sda) Der Rat", "(Belga) De stad": longer names in a bracket are mostly none of agencies
_NO_PLACE = frozenset(
    "A An And But By For From He If In It On She That This They We What When With Photo Foto Bild".split()
)

# All of them for RE2: capitalised words, particles and what follows a number, up to a sign. Few paragraphs open so.
_SMALL, _DIGIT = "a-zµß-öø-ÿα-ωа-џ", "[0-9٠-٩۰-۹०-९০-৯０-９]"
_GAP, _IN = rf"[{SPACE},\]]", rf"[^{SPACE},\]\[/(（=【]"
_PARTICLE = "|".join(sorted(_PARTICLES))
_PLACE_WORD = (
    rf"(?:[.\-–—'’\"“”]*{_DIGIT}{_IN}*{_GAP}+(?:(?:{_PARTICLE}){_GAP}+)*{_IN}+|[^{_SMALL}{SPACE},\]\[/(（=【]{_IN}*|"
    rf"(?:{_PARTICLE})[.\-–—'’\"“”]*)"
)
MAY_OPEN = (
    rf"\A[{SPACE}]*(?:{_PLACE_WORD}{_GAP}+)*(?:{_PLACE_WORD}?[(（/\[［=【]|(?:{_IN}+{_GAP}+)?{_IN}*[—–-][{SPACE}]|"
    rf"{_DIGIT}(?:{_IN}*{_GAP}+){{1,3}}{_IN}*[.:][{SPACE}])|"
    rf"\A[{SPACE}]*[A-Z][^\n,]*, [A-Z][^\n,–—-]*[-–—]{{1,2}}[{SPACE}]|"
    rf"\A[{SPACE}]*[А-ЯІЇЄҐ][^{SPACE}.]{{2,20}}\. |"
    rf"\A[{SPACE}]*[（(]?[\x{{4e00}}-\x{{9fff}}][^\n]*日[电電]|"
    rf"\A[{SPACE}]*[\x{{900}}-\x{{963}}\x{{966}}-\x{{97f}} ]{{2,25}}, [\x{{900}}-\x{{963}} ]{{3,20}}।|"
    rf"\A[{SPACE}]*[\x{{620}}-\x{{6d3}} ]{{3,20}}(?:[-–ـ/]| ?\d{{1,2}}-\d{{1,2}}-\d{{4}} )"
)
"""What every line holds, in RE2's dialect, in which `datelines` finds one; of other lines it lets through one in 25."""


class Dateline(NamedTuple):
    """A head that has the shape of a dateline. `names` are alternatives for its agency, to be tried in order.

    `start` to `end` is the dateline, mark included.
    """

    start: int
    end: int
    names: tuple[str, ...]


def datelines(lines: Sequence[Line]) -> Iterator[Dateline]:
    """Every head line that opens like a dateline.

    >>> text = "KUALA LUMPUR, May 14 (Bernama) -- Ferries run again."
    >>> [(found.names, text[found.start : found.end]) for found in datelines([Line(0, len(text), text)])]
    [(('Bernama',), 'KUALA LUMPUR, May 14 (Bernama) --')]
    """
    for line in lines:
        head = line.text[:160]
        signed = any(sign in head for sign in "(（/—–-【[［日=।ـ") or (not head.isascii() and ". " in head[:25])
        if not signed and not _MAY_BE_DATED.match(head):
            continue
        for end, names in _shapes(head):
            yield Dateline(line.start, line.start + end, names)


def is_dated(line: str) -> bool:
    """Whether a line opens like a dateline."""
    return any(datelines([Line(0, len(line), line)]))


@functools.lru_cache(maxsize=4096)  # a line that opens so is looked at again with its record
def _shapes(head: str) -> tuple[tuple[int, tuple[str, ...]], ...]:
    """Where each dateline's shape in a head ends, and the names it holds."""
    return tuple(_in_head(head))


def _in_head(head: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    dated = any(map(str.isdigit, head[:70]))
    for pattern, signs, needs_day in _PATTERNS:
        if (needs_day and not dated) or not any(map(head.__contains__, signs)):
            continue
        found = pattern.match(head)
        if found and _is_dateline(found, bracket=pattern is _BRACKET):
            # In Korean the place stands in the bracket too: (서울=연합뉴스).
            names = _BESIDE.sub("", found["names"].rpartition("=")[2]).strip()
            yield len(found[0].rstrip()), (names,)
    if head.isascii():
        return
    found = _CORNER.match(head)
    if found:
        yield found.end(), (found["names"] or found["agency"],)
    found = _CORNER_PLACE.match(head)
    if found:
        # Japanese papers put the bureau's city before the agency: 【ワシントン時事】. A topic's tag has no city.
        names = found["names"]
        # Xinhua puts it after, and a day behind: 【新華社北京1月20日】. 【NHK杯】 has no day.
        sizes, starts = range(len(names), 2, -1), range(2, len(names) - 1)
        yield found.end(), tuple(names[:size] for size in sizes) if found["day"] else tuple(names[at:] for at in starts)
    found = _CJK.match(head)
    if found:
        # Chinese leaves no space between the agency and the place, so each beginning is a name to try.
        names = found["names"]
        yield found.end(), tuple(names[:size] for size in range(len(names), 1, -1))


def _is_dateline(found: re.Match[str], *, bracket: bool) -> bool:
    place = found["place"].strip(" -–—,.:\t\u00a0")
    # "(CNN) First he ducks", "Riyadh, Saudi Arabia (CNN) A month after": a sentence opens behind the bracket.
    name = found["names"]
    code = name.isupper() or (name.isalpha() and len(name) <= _SHORT_CODE and name not in _NO_PLACE)
    opens = bracket and code and found.string[found.end() :].lstrip()[:1].isupper()
    if not place:
        if not bracket:
            return False
        return opens or found["mark"] is not None or ("=" in found["names"] and "사진" not in found["names"])
    words = _WORD.findall(place)
    if len(words) > 10 or words[0] in _NO_PLACE or (words[0] == "The" and words[1:2] != ["Hague"]):
        return False
    after_number = False
    for word in words:
        plain = word.strip(".-–—'’\"“”")
        if plain and plain[0].islower() and plain not in _PARTICLES and not after_number:
            return False
        after_number = plain[:1].isdigit() or (after_number and plain in _PARTICLES)  # "14 de mayo"
    if not bracket:
        return True
    if is_spelt_out(place, found["names"]):
        return False
    certain = place.isupper() or any(char.isdigit() for char in place) or place.upper() == place.lower()
    return certain or found["mark"] is not None or ((opens or found["glued"] is not None) and len(words) <= 4)


def is_spelt_out(words: str, code: str) -> bool:
    """Whether the words before a bracket spell the code in it: then it explains an abbreviation, it credits nobody.

    >>> is_spelt_out("said the American Academy of Pediatrics", "AAP"), is_spelt_out("KUALA LUMPUR", "AP")
    (True, False)
    """
    letters = re.sub(r"\W", "", code).casefold()
    if not 2 <= len(letters) <= 6:
        return False
    parts = [part for part in re.split(r"[\s\-–—]+", words) if part]
    for keep_particles in (False, True):
        initials = "".join(
            p[0] for p in parts if keep_particles or p.casefold() not in _PARTICLES | {"for", "to", "on"}
        )
        if initials.casefold().endswith(letters):
            return True
    return False
