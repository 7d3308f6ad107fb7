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


def cut_mark(text: str) -> tuple[int, int] | None:
    """The span of the mark at the end of a text that was cut; None where there is none."""
    end = len(text.rstrip())
    start = max(0, end - _TAIL_CHARS)
    found = _MARK.search(text[:end], start)
    if found is None:
        return None
    lead = len(found[0]) - len(found[0].lstrip())
    return found.start() + lead, found.end()
