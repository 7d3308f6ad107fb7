"""Texts that were cut: the marks that feeds, search interfaces and paywalls leave at the end.

>>> text = "The river rose overnight and… [+2642 chars]"
>>> start, end = cut_mark(text)
>>> text[start:end]
'… [+2642 chars]'
>>> cut_mark("The river rose overnight.") is None
True
"""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from corpus_tools.text.columns import SPACE, Texts, matching, quoted

# What stands alone in the last line, or after the last sentence, where the rest of the text is elsewhere. With a
# headline behind it, "Read more: …" is a link to another story, and no mark.
_MORE = (
    "continue reading", "continue reading this article", "keep reading", "read more", "read more here",
    "read full article", "read full story", "read the full article", "read the full story",
    "read the full article here",
    "read the rest of this article", "read the rest of this entry", "story continues",
    "baca selanjutnya", "baca seterusnya", "baca lagi", "baca selengkapnya", "selengkapnya",
    "weiterlesen", "jetzt weiterlesen", "mehr lesen", "lire la suite", "lire l'article complet", "lire plus",
    "seguir leyendo", "leer más", "sigue leyendo", "leggi tutto", "continua a leggere", "prosegui con la lettura",
    "leia mais", "continue lendo", "continuar a ler", "lees meer", "lees verder", "czytaj dalej", "czytaj więcej",
    "devamını oku", "läs mer", "læs mere", "les mer", "lue lisää", "číst dále", "čítať ďalej", "citește mai mult",
    "читать далее", "читати далі", "прочети повече", "διαβάστε περισσότερα", "اقرأ المزيد", "ادامه مطلب", "और पढ़ें",
    "আরও পড়ুন", "xem thêm", "đọc thêm", "đọc tiếp", "อ่านต่อ", "阅读全文", "閱讀全文", "继续阅读", "繼續閱讀",
    "阅读剩余全文",    "続きを読む", "더보기", "더 보기",
)  # fmt: skip
_BEFORE, _AFTER = r"\s.…>»›→\[\(", r"\s.…>»›→\]\)"  # no colon behind: "Read more:" heads a list of other stories
_WORDS = "|".join(re.escape(phrase).replace("'", "['’]") for phrase in sorted(_MORE, key=len, reverse=True))
_MARK = re.compile(
    rf"(?:…|\.{{3}})?\s*[\[(]\+\s?\d+\s(?:chars|characters|more)[\])]\s*\Z"  # how news interfaces count what they keep
    rf"|\s?[\[(](?:…|\.{{3}}|&hellip;)[\])]\s*\Z"  # how feeds end an excerpt
    rf"|(?:(?<=\n)|(?<=[.!?…»”\"\])]\s)|\A)[{_BEFORE}]*(?:{_WORDS})[{_AFTER}]*\Z"
    r"|(?:(?<=\n)|\A)continue reading [^\n]{3,150}\Z"  # how WordPress does, with the headline behind
    r"|(?<=\w)\s?(?:…|\.{3})\s*\Z",
    re.IGNORECASE,
)
_TAIL_CHARS = 260
# How the line begins in which a paywall stops its reader. It stands last, or above the invitation to log in.
_PAYWALLS = (
    r"to (?:continue|keep) reading\b|already a subscriber\b|(?:subscribe|register|sign in|log in) to "
    r"(?:continue|keep) reading\b|this (?:article|story|content) is (?:for|only for|available to|exclusively for) "
    r"(?:paying )?(?:subscribers|members)\b|zugang zu allen artikeln|sie sind nun eingeloggt|weiterlesen mit|"
    r"dieser artikel ist (?:nur )?für abonnenten|cet article est réservé aux abonnés|"
    r"il vous reste \d+\W*% de cet article|article réservé aux abonnés|"
    r"contenido exclusivo para suscriptores|contenuto riservato agli abbonati|articolo riservato agli abbonati|"
    r"rinnova il tuo abbonamento|conteúdo exclusivo para assinantes|dit artikel is (?:alleen )?voor abonnees|"
    r"artykuł tylko dla prenumeratorów|tento článek je pouze pro předplatitele|artikeln är låst|"
    r"bu içerik abonelere özeldir|материал доступен (?:только )?по подписке|artikel premium ini|"
    r"この記事は会員限定|有料会員の方のみ|有料会員限定|此文章为付费内容|이 기사는 유료회원"
)
_PAYWALL = re.compile(rf"[\W_]*(?:{_PAYWALLS})", re.IGNORECASE)
_PAYWALL_LINES, _PAYWALL_CHARS = 3, 160  # arbitrary: a few short lines end such a page
# How a text ends that has a mark or such a line, for RE2, which reads it backwards and takes "İ" and "ı" for no "i".
_MAY_END = (
    rf"(?i)(?:(?:…|\.\.\.|[\])]|{'|'.join(map(quoted, _MORE))})[{SPACE}.…>»›→\]\)]*|continue reading [^\n]*[{SPACE}]*|"
    rf"(?:{_PAYWALLS.replace('i', '[iİı]')})[^\n]*(?:[{SPACE}]*\n[^\n]*){{0,{_PAYWALL_LINES - 1}}}[{SPACE}]*)\z"
)


def may_be_cut(texts: Texts) -> NDArray[np.bool_]:
    """Whether a text ends in a way in which one with a `cut_mark` does; shape (texts,), true of few."""
    return matching(texts, _MAY_END)


def cut_mark(text: str) -> tuple[int, int] | None:
    """The span of the mark at the end of a text that was cut; None where there is none."""
    end = len(text.rstrip())
    start = max(0, end - _TAIL_CHARS)
    found = _MARK.search(text[:end], start)
    if found is None:
        return _paywall(text, end)
    lead = len(found[0]) - len(found[0].lstrip())
    return found.start() + lead, found.end()


def _paywall(text: str, end: int) -> tuple[int, int] | None:
    for _ in range(_PAYWALL_LINES):
        start = text.rfind("\n", 0, end) + 1
        if end - start > _PAYWALL_CHARS or not start:
            return None
        if _PAYWALL.match(text, start, end):
            return start, end
        end = len(text[:start].rstrip())
    return None
