"""The encoding of a file: what its byte order mark or the caller says, else UTF-8, else a guess from a sample."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from charset_normalizer import from_bytes

from corpus_tools.errors import UsageError

SAMPLE_BYTES = 1 << 20
# charset-normalizer is slow on long input and no better for it.
_GUESS_BYTES = 1 << 16

_BOMS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark is the first half of this one
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

# Where several encodings read the sample alike, the first of these is meant: the web's own choice (WHATWG Encoding)
# for a label. Characters that only the wider one has may still come further down.
_PREFERRED = (
    "cp1252 cp1251 cp1250 gb18030 big5hkscs big5 cp932 euc_jp cp949 cp1254 cp1253 cp1255 cp1256 cp1257 cp874 koi8_u "
    "koi8_r iso8859_2 iso8859_5 utf_16_le utf_16_be"
).split()
_NAMES = {
    "cp1252": "windows-1252", "cp1251": "windows-1251", "cp1250": "windows-1250", "cp1253": "windows-1253",
    "cp1254": "windows-1254", "cp1255": "windows-1255", "cp1256": "windows-1256", "cp1257": "windows-1257",
    "cp932": "shift_jis", "cp949": "euc-kr", "cp874": "windows-874",
}  # fmt: skip

# The letters beyond ASCII that one language writes. Bytes read in the wrong table give letters that no single language
# has side by side: Czech "příští" read as cp1252 is "pøíští", Danish ø beside Slovak š.
_ALPHABETS = tuple(
    frozenset(letters + letters.upper())
    for letters in (
        "àâæçéèêëîïôœùûüÿ", "äöüßé", "áéíñóúüçªº", "ãáâàçéêíõóôúü", "àèéìíîòóùú", "éèëêïíóöüáç", "åäöéàü",
        "æøåéèêóòâôäöü", "áéíóúýþæðö", "àçèéíïòóúü", "ăâîșțşţ", "ąćęłńóśźż", "áčďéěíňóřšťúůýž",
        "áäčďéíĺľňóôŕšťúýž", "áéíóöőúüű", "čćđšž", "çğıöşüâîû", "äöõüšž", "āčēģīķļņšūž", "ąčęėįšųūž", "ëç",
    )
)  # fmt: skip
# Greek, Cyrillic, Hebrew, Arabic, Thai, and East Asia without half-width kana, which nobody prints.
_SCRIPTS = ("\u0370\u03ff", "\u0400\u04ff", "\u0590\u05ff", "\u0600\u06ff", "\u0e00\u0e7f", "\u2e80\uff60")
# Signs inside words, small letters before capitals, and boxes: what no news text has.
_MISREAD = re.compile(
    r"(?<=[^\W\d_])[¡¢£¤¥¦§¨©ª«¬®¯°±²³´µ¶·¸¹º»¼½¾¿×÷†‡ˆ‰‹›˜™˙˝˛ˇ˘‚„…•](?=[^\W\d_])|(?<=[a-zß-öø-ÿа-яёα-ω])[À-ÖØ-ÞА-ЯЁΑ-Ω]|"
    r"[¶¹³±¼¾¦¬¸´˝˛ˇ˘](?=[^\W\d_])|[\u2500-\u25a0\ue000-\uf8ff\x80-\x9f]"
)


@dataclass(frozen=True, slots=True)
class Charset:
    """An encoding, the byte order mark the file opens with, and whether the encoding is a guess."""

    name: str
    bom: bytes = b""
    guessed: bool = False

    @property
    def newline(self) -> bytes:
        """A line end in this encoding."""
        return "\n".encode(self.name)

    @property
    def carriage_return(self) -> bytes:
        """What may stand before it."""
        return "\r".encode(self.name)

    def without_bom(self, raw: bytes) -> bytes:
        """The first bytes of the file, without the mark."""
        return raw.removeprefix(self.bom) if self.bom else raw

    def is_blank(self, raw: bytes) -> bool:
        """Whether a line has nothing but white space."""
        return not (raw.strip() if len(self.newline) == 1 else raw.decode(self.name, "replace").strip())

    def shown(self) -> str:
        """The name that people know it by."""
        return _NAMES.get(self.name, self.name.replace("_", "-"))


def checked_encoding(name: str) -> str:
    """Python's name of a text encoding; UsageError where it has none.

    >>> checked_encoding("Latin-1")
    'iso8859-1'
    """
    try:
        "\r\n".encode(name)
        return codecs.lookup(name).name
    except (LookupError, UnicodeError) as error:
        raise UsageError(f"There is no encoding {name!r}. Usual ones are utf-8, cp1252, gb18030, shift_jis.") from error


def find_charset(sample: bytes, whole: bool, named: str | None, guess: bool) -> Charset:
    """The charset of a file that opens with `sample`; `whole` says that this is all of it.

    A byte order mark wins over the name the caller gave: it is part of the file. Without both it is UTF-8, or,
    where `guess` allows it and the sample is not UTF-8, the likeliest other one.
    """
    for bom, name in _BOMS:
        if sample.startswith(bom):
            return Charset(name, bom)
    if named is not None:
        endless = {"utf-16": "utf-16-le", "utf-32": "utf-32-le", "utf-8-sig": "utf-8"}
        return Charset(endless.get(named, named))
    if not guess or _is_utf8(sample, whole):
        return Charset("utf-8")
    return Charset(guess_encoding(sample), guessed=True)


def _is_utf8(sample: bytes, whole: bool) -> bool:
    """Whether the sample is UTF-8, or UTF-8 with fewer broken places than good ones: damage, not another encoding."""
    if b"\0" in sample:
        return False
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample, final=whole)
    except UnicodeDecodeError:
        text = sample.decode("utf-8", "replace")
        broken = text.count("\ufffd")
        good = sum(1 for character in text if character > "\x7f") - broken
        return good > 4 * broken
    return True


def guess_encoding(sample: bytes) -> str:
    """The likeliest encoding of bytes that are not UTF-8, as Python names it; cp1252 where nothing tells.

    >>> guess_encoding("Der Bürgermeister eröffnete die Brücke über den Fluß.".encode("cp1252"))
    'cp1252'
    """
    wide = _sixteen_bit(sample)
    if wide:
        return wide
    bits = _telling_part(sample)
    found = {
        min(match.could_be_from_charset, key=_rank): (match.chaos, match.coherence < 0.2) for match in from_bytes(bits)
    }
    found.setdefault("cp1252", (0.1, True))  # most of the web's old pages
    judged = ((_oddness(bits.decode(name, "replace")), *rest, _rank(name), name) for name, rest in found.items())
    return min(judged)[-1]


def _sixteen_bit(sample: bytes) -> str | None:
    """UTF-16 without a mark: zero bytes, and characters that belong together in one of the two byte orders."""
    bits = sample[: _GUESS_BYTES // 8 * 2]
    if b"\0" not in bits:
        return None
    shares = [(_share_in_use(bits, name), name) for name in ("utf-16-be", "utf-16-le")]
    share, name = max(shares)
    return name if share > 0.8 else None


_IN_USE = re.compile(
    r"[\t\n\r -~À-ž\u0370-\u06ff\u0900-\u0e7f’“”–—\u3000-\u30ff\u4e00-\u9fff\uac00-\ud7a3\uff00-\uff60]"
)


def _share_in_use(bits: bytes, name: str) -> float:
    text = bits.decode(name, "replace")
    usual = re.findall(
        r"[\t\n\r -\x7eÀ-\u017f\u0370-\u06ff\u0900-\u0e7f’“”–—\u3000-\u30ff\u4e00-\u9fff\uac00-\ud7a3\uff00-\uffef]",
        text,
    )
    return len(usual) / max(len(text), 1)


def _telling_part(sample: bytes) -> bytes:
    """Lines with bytes beyond ASCII, from the first one on: the rest tells nothing."""
    lines = [line for line in sample[:-1].split(b"\n") if not line.isascii()] or [sample]
    return b"\n".join(lines)[:_GUESS_BYTES] if len(lines) > 1 else sample[:_GUESS_BYTES]


def _oddness(text: str) -> float:
    """How unlikely the text is, 0 at best: the share of characters beyond ASCII that don't belong there."""
    foreign = [character for character in text if character > "\x7f"]
    letters = [character for character in foreign if character.isalpha()]
    at_home = max(
        *(sum(letter in alphabet for letter in letters) for alphabet in _ALPHABETS),
        *(sum(first <= letter <= last for letter in letters) for first, last in map(tuple, _SCRIPTS)),
    )
    capitals = sum(letter.isupper() for letter in letters) - len(letters) // 2
    lost = text.count("\ufffd")
    odd = len(letters) - at_home + len(_MISREAD.findall(text)) + max(capitals, 0) + 10 * lost
    return round(odd / max(len(foreign), 1), 2)


def _rank(name: str) -> int:
    return _PREFERRED.index(name) if name in _PREFERRED else len(_PREFERRED)
