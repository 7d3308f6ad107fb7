"""Notices: lines that say who owns a text and what may be done with it. They are kept before furniture is cut."""

from __future__ import annotations

import functools
import re
from typing import Literal

from corpus_tools.text.columns import quoted

NoticeKind = Literal["copyright", "licence", "reservation", "republication", "sponsored"]

# A line without one of these is no notice; looking for them is cheaper than reading every line.
_GUARDS = (
    "copyright", "(c)", "reserv", "riservata", "creative commons", "cc by", "cc-by", "vorbehalten", "hak cipta",
    "dilarang", "mining", "permission", "consent",
)  # fmt: skip
_OTHER_GUARDS = (
    "©", "ⓒ", "저작권", "전재", "版权", "版權", "著作権", "转载", "轉載", "転載", "许可", "réservés",
)  # fmt: skip
_LICENCE_GUARDS = ("creative commons", "cc by", "cc-by")
_RESERVATION_GUARDS = (
    "may not be", "permission", "consent", "mining", "train", "학습", "전재", "dilarang", "许可", "转载", "転載", "44b"
)  # fmt: skip

_COPYRIGHT = re.compile(
    r"^[\W_]{0,3}(?:©|\(c\)|ⓒ|copyright\b|저작권자|riproduzione riservata|版权所有|版權所有|hak cipta|"
    r"all rights reserved|alle rechte vorbehalten|tous droits réservés|"
    r"todos los derechos reservados|todos os direitos reservados)",
    re.IGNORECASE,
)
_LICENCE = re.compile(
    r"(?:under|licen[cs]ed?|licence|licensed|lizenz|licencia|licença|lisensi)\b.{0,60}(?:creative commons|\bcc[ -]by)|"
    r"(?:creative commons|\bcc[ -]by).{0,60}(?:licen[cs]e|licence|lizenz|licencia|licença|lisensi|[1-4]\.0)",
    re.IGNORECASE,
)
_RESERVATION = re.compile(
    r"(?:may|must|can) ?not be (?:published|reproduced|copied|broadcast|used|distributed|redistributed|rewritten|"
    r"scraped)|"
    r"(?:reproduc|republi|redistribut|copying|copied|scrap|crawl|reprint|any use)\w*\b.{0,80}\bwithout\b.{0,40}"
    r"(?:permission|consent)|text[- ]and[- ]data[- ]mining|\bAI[- ]training|"
    r"train(?:ing)? (?:of )?(?:AI|artificial|machine)|"
    r"AI 학습|무단\s?전재|dilarang (?:keras )?(?:mengambil|memperbanyak|menyalin)|未经.{0,10}许可|无断转载|無断転載|"
    r"禁止转载|不得转载|§\s?44b",
    re.IGNORECASE,
)
_PHOTO = re.compile(r"\b(?:photos?|pictures?|images?|foto|bild|video|music|flickr|getty|credit)\b|사진", re.IGNORECASE)
_MOST = 500  # characters; a longer line is the story, and speaks of rights in it


def notice_kinds(line: str) -> tuple[NoticeKind, ...]:
    """What a line gives notice of; empty for nearly all lines.

    >>> notice_kinds("Copyright 2024 The River Times. All rights reserved.")
    ('copyright',)
    >>> notice_kinds("The band reserved all rights in its early songs.")
    ()
    """
    return _kinds(line) if len(line) <= _MOST else ()


@functools.lru_cache(maxsize=4096)  # an outlet has few such lines, and has them under every story
def _kinds(line: str) -> tuple[NoticeKind, ...]:
    kinds: list[NoticeKind] = []
    if is_copyright_line(line):
        kinds.append("copyright")
    folded = line.casefold()
    short = len(line) <= 300
    if short and any(map(folded.__contains__, _LICENCE_GUARDS)) and _LICENCE.search(line) and not _PHOTO.search(line):
        kinds.append("licence")
    if (kinds or short) and any(map(folded.__contains__, _RESERVATION_GUARDS)) and _RESERVATION.search(line):
        kinds.append("reservation")
    return tuple(kinds)


def is_copyright_line(line: str) -> bool:
    """Whether a line is a © line of the text: not a photo's, and not a sentence that goes on about copyright."""
    return len(line) <= _MOST and _is_copyright(line)


@functools.lru_cache(maxsize=4096)
def _is_copyright(line: str) -> bool:
    if not _COPYRIGHT.match(line):
        return False
    if line[:9].casefold() == "copyright" and not re.match(r"copyright\W+(?:©|\(c\)|\d|[A-Z])", line, re.IGNORECASE):
        return False
    sure = re.search(
        r"(?:19|20)\d\d|reserved|riservata|所有|전재|vorbehalten|réservés|reservados|hak cipta", line, re.IGNORECASE
    )
    return sure is not None and not (_PHOTO.search(line) and len(line) < 80)


MAY_HOLD = "|".join(sorted(map(quoted, (*_GUARDS, *_OTHER_GUARDS))))
"""What a line with a notice holds, as RE2 reads it when case does not count; © lines are among them."""

_PAID = (
    r"sponsored(?: content| post| article| story)?(?: by .{2,50})?|paid (?:content|post|partnership)|advertorial|"
    r"partner content|brand(?:ed)? content|in partnership with .{2,50}|anzeige|gesponserter beitrag|bezahlter inhalt|"
    r"publireportage|contenu sponsorisé|publicidad|contenido patrocinado|conteúdo patrocinado|contenuto sponsorizzato|"
    r"materiał sponsorowany|artykuł sponsorowany|komerční sdělení|gesponsorde? (?:inhoud|artikel)|annonssamarbete|"
    r"kaupallinen yhteistyö|annonsørinnhold|sponset innhold|kandungan (?:tajaan|berbayar)|konten (?:bersponsor|berbayar)|"  # noqa: E501  # a pattern reads best in one piece
    r"на правах рекламы|рекламный материал|广告|推广|廣編特輯|記事広告|광고|محتوى مدعوم"
)
_SPONSORED = re.compile(rf"^[\W_]*(?:{_PAID})[\W_]*$", re.IGNORECASE)
MAY_BE_LABEL = rf"(?i)\A[^\pL]*(?:{_PAID})[^\pL]*\z"
"""What every line with such a label holds, in RE2's dialect."""
_LABEL_CHARS = 60


def is_sponsored(line: str) -> bool:
    """Whether a line over a text says that somebody paid for it.

    >>> is_sponsored("Sponsored content"), is_sponsored("Sponsored ferries run on Sundays")
    (True, False)
    """
    return len(line) <= _LABEL_CHARS and _SPONSORED.match(line) is not None
