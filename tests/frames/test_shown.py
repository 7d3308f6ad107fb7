"""What notebooks and consoles show of a cleaned frame and of its findings."""

import re
from html.parser import HTMLParser

import pandas as pd

import corpus_tools as ct

HOSTILE = "</td><script>alert(1)</script>\u202e\x1b[31m" + "x" * 10_000


class Tags(HTMLParser):
    """The tags of a piece of HTML, and whether each one that opens closes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, _attributes: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_a_result_shows_where_the_rows_went_and_what_the_flags_mean(news: pd.DataFrame) -> None:
    cleaned = ct.clean(news)
    html = cleaned._repr_html_()
    assert f"{len(news)} rows = {len(cleaned.frame)} kept" in html
    assert "Nothing says under which terms the text may be used." in html
    assert "removed: exact" in html
    tags = Tags(html)
    assert tags.open == []
    assert tags.seen <= {"div", "p", "strong", "span", "table", "thead", "tbody", "tr", "th", "td"}
    assert not re.search(r"#[0-9a-f]{3}|rgb|\bcolor:", html)  # the notebook's own colours, light or dark
    assert len(html) < 20_000


def test_the_console_shows_the_same_counts_within_80_columns(news: pd.DataFrame) -> None:
    cleaned = ct.clean(news)
    lines = repr(cleaned).split("\n")
    assert max(map(len, lines)) <= 80
    counts = {line.split()[0]: int(line.split()[3]) for line in lines if re.match("  [A-Z]{2}", line)}
    assert counts == cleaned.findings.groupby("code")["row"].nunique().to_dict()


def test_findings_show_their_sentences_in_full(news: pd.DataFrame) -> None:
    findings = ct.check(news)
    assert "Declared as ms, and written in en." in findings._repr_html_()
    assert f"… and {len(findings) - 20} more" in findings._repr_html_()
    assert "row 1 (tmr-99120): DU001 exact-duplicate, info [text: bb-tin-1]" in repr(findings)
    assert "missing-license" in repr(findings.query("code == 'PR005'"))
    assert repr(findings.iloc[:0]) == "No findings."


def test_columns_taken_out_of_findings_show_as_pandas_shows_them(news: pd.DataFrame) -> None:
    findings = ct.check(news)[["code", "row"]]
    assert repr(findings) == repr(pd.DataFrame(findings))
    assert findings._repr_html_() == pd.DataFrame(findings)._repr_html_()


def test_texts_of_strangers_are_shown_and_not_obeyed() -> None:
    cleaned = ct.clean(pd.DataFrame({"id": [HOSTILE], "text": ["The ferry sails again."], "url": [HOSTILE]}))
    for html in (cleaned._repr_html_(), cleaned.findings._repr_html_()):
        assert "script" not in Tags(html).seen
        assert "\u202e" not in html
        assert len(html) < 20_000
    assert "\x1b" not in repr(cleaned.findings)


def test_severities_are_those_of_the_run_and_private_flags_are_named(tmp_path, news: pd.DataFrame) -> None:
    (tmp_path / "mine.py").write_text(
        "import corpus_tools as ct\nfrom corpus_tools.flags import Flag\n\n\n"
        "@ct.step(reads=['text'], flags=[Flag('XX001', 'short', 'warning', 'It is short.', '')])\n"
        "def find_short(frame, *, log):\n"
        '    """Find short texts."""\n'
        "    log.flag(0, 'XX001')\n"
        "    return frame\n"
    )
    own = tmp_path / "own.toml"
    own.write_text("[[severity]]\nseverity = 'error'\nflags = ['missing-license']\n")
    steps = ["flag_provenance", f"{tmp_path / 'mine.py'}:find_short"]
    shown = repr(ct.clean(news, rules=str(own), steps=steps))
    assert re.search(r"PR005 +missing-license +error", shown)
    assert re.search(r"XX001 +short +warning +1 ", shown)
