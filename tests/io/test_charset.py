"""Encodings: a mark or a name decides; without both the guess is right on short texts, and is a finding."""

from __future__ import annotations

import pytest

from corpus_tools import cells
from corpus_tools.io.charset import find_charset, guess_encoding
from corpus_tools.io.read import Reader

TEXTS = {
    "french": "Le café de la gare a rouvert ses portes hier. “C’est une fête”, dit le maire.",
    "english": "The café’s owner — a former teacher — paid £40 for it.",
    "german": "Die Bürgermeisterin eröffnete am Freitag die neue Brücke über den Fluß.",
    "portuguese": "A ministra disse que não haverá mudança na região até o próximo mês.",
    "spanish": "El año pasado la población creció, según el señor López.",
    "danish": "Færgen til øen sejler igen, siger borgmesteren på Ærø.",
    "chinese": "市政府周三宣布新的桥梁将于明年开放。",
    "taiwan": "市政府週三宣布新的橋樑將於明年開放。",
    "japanese": "市長は水曜日、新しい橋が来年開通すると発表した。",
    "korean": "시장은 수요일에 새 다리가 내년에 개통된다고 발표했다.",
    "russian": "Мэр сообщил в среду, что новый мост откроется в следующем году.",
    "czech": "Starosta oznámil ve středu, že nový most bude otevřen příští rok. Řeka je čistá.",
    "polish": "Burmistrz ogłosił w środę, że nowy most zostanie otwarty w przyszłym roku.",
    "greek": "Ο δήμαρχος ανακοίνωσε την Τετάρτη ότι η νέα γέφυρα θα ανοίξει του χρόνου.",
    "turkish": "Belediye başkanı çarşamba günü yeni köprünün gelecek yıl açılacağını söyledi.",
    "hebrew": "ראש העיר הודיע ביום רביעי כי הגשר החדש ייפתח בשנה הבאה.",
    "arabic": "أعلن رئيس البلدية يوم الأربعاء أن الجسر الجديد سيفتح العام المقبل.",
    "thai": "นายกเทศมนตรีประกาศเมื่อวันพุธว่าสะพานใหม่จะเปิดในปีหน้า",
}  # fmt: skip


@pytest.mark.parametrize(
    ("language", "encoding"),
    [
        ("french", "cp1252"), ("english", "cp1252"), ("german", "cp1252"), ("portuguese", "cp1252"),
        ("spanish", "cp1252"), ("danish", "cp1252"), ("chinese", "gb18030"), ("taiwan", "big5"), ("japanese", "cp932"),
        ("japanese", "euc_jp"), ("korean", "cp949"), ("russian", "cp1251"), ("russian", "koi8_r"), ("czech", "cp1250"),
        ("polish", "iso8859_2"), ("polish", "cp1250"), ("greek", "cp1253"), ("turkish", "cp1254"), ("hebrew", "cp1255"),
        ("arabic", "cp1256"), ("thai", "cp874"), ("english", "utf_16_le"), ("french", "utf_16_be"),
        ("chinese", "utf_16_be"), ("japanese", "utf_16_le"), ("russian", "utf_16_le"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("times", [1, 30])
def test_a_short_text_is_decoded_to_the_letter(language, encoding, times):
    text = (TEXTS[language] + "\n") * times
    data = text.encode(encoding)
    assert data.decode(guess_encoding(data)) == text


def test_the_guess_is_a_finding_on_the_first_record_of_its_file(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes("title,text\n“Brücke”,Die Brücke ist für Fußgänger geöffnet\nx,y\n".encode("cp1252"))
    (chunk,) = Reader([path, path])
    assert [(f.row, f.code, f.evidence) for f in chunk.findings] == [
        (0, "EN003", "windows-1252"),
        (2, "EN003", "windows-1252"),
    ]
    assert cells.objects(chunk.frame, "title")[0] == "“Brücke”"


def test_a_named_encoding_is_no_guess(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(TEXTS["japanese"].encode("shift_jis"))
    (chunk,) = Reader([path], encoding="shift_jis")
    assert (cells.objects(chunk.frame, "text"), chunk.findings) == ([TEXTS["japanese"]], [])


def test_utf8_with_one_broken_letter_stays_utf8():
    """Damage is quarantined; it must not turn the whole file into another encoding."""
    data = (TEXTS["french"] * 5).encode() + b" \xff "
    assert find_charset(data, whole=True, named=None, guess=True).name == "utf-8"
    assert not find_charset("é".encode()[:1], whole=False, named=None, guess=True).guessed


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32", "utf-16-be"])
def test_json_lines_follow_their_mark(tmp_path, encoding):
    """Line ends are found also where two characters hold the bytes of one between them."""
    lines = '{"id":"a","text":"Ça\u4e00\u0a15\u4e00 va"}\r\n\r\n{"id":"b","text":"ok"}\n{bad\n'
    data = lines.encode(encoding) if encoding != "utf-16-be" else b"\xfe\xff" + lines.encode(encoding)
    (tmp_path / "a.jsonl").write_bytes(data)
    (chunk,) = Reader([tmp_path / "a.jsonl"])
    assert cells.objects(chunk.frame, "text") == ["Ça\u4e00\u0a15\u4e00 va", "ok"]
    assert cells.objects(chunk.frame, "source_line") == [1, 3]
    (bad,) = chunk.quarantined
    assert bad.source_line == 4
    assert data[bad.offset :].startswith(bad.raw)


def test_json_in_a_named_encoding_is_read_line_by_line(tmp_path):
    (tmp_path / "a.jsonl").write_bytes('{"text":"Köln"}\n'.encode("latin-1") + b'{"text":"ok"}\n')
    (chunk,) = Reader([tmp_path / "a.jsonl"], encoding="latin-1")
    assert cells.objects(chunk.frame, "text") == ["Köln", "ok"]
    (chunk,) = Reader([tmp_path / "a.jsonl"])
    assert cells.objects(chunk.frame, "text") == ["ok"]
    assert chunk.quarantined[0].reason.startswith("not UTF-8")


def test_a_file_of_nothing_but_a_mark_is_empty(tmp_path):
    (tmp_path / "a.jsonl").write_bytes(b"\xef\xbb\xbf")
    assert list(Reader([tmp_path / "a.jsonl"])) == []
