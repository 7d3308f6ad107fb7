"""The page is one file that shows everything as text, whatever stands in the corpus."""

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from corpus_tools.report.page.beside import side_by_side
from corpus_tools.report.page.page import page
from corpus_tools.report.page.shown import shown

from .runs import BOMB, cleaned, figures, hostile_corpus, report_on

TAGS = set(
    "html head meta title style body a header p span button h1 h2 h3 dl div dt dd nav ul li main section figure "
    "figcaption details summary table caption thead tr th tbody td code bdi strong q del ins br footer script".split()
)


class Page(HTMLParser):
    """Tags, ids, script contents and words of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.scripts: list[str] = []
        self.words = [""]
        self.inside = self.words
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        self.inside = self.words
        if tag == "script":
            self.scripts.append("")
            self.inside = self.scripts

    def handle_endtag(self, _tag: str) -> None:
        self.inside = self.words

    def handle_data(self, data: str) -> None:
        self.inside[-1] += data

    def of(self, name: str) -> list[str]:
        return [value or "" for key, value in self.attributes if key == name]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("hostile")
    return report_on([hostile_corpus(folder)], folder)


@pytest.fixture
def report(raw: Path, tmp_path: Path) -> str:
    return report_on([raw], tmp_path)


def test_no_text_of_the_corpus_becomes_markup(hostile: str) -> None:
    parsed = Page(hostile)
    assert set(parsed.tags) <= TAGS
    assert parsed.tags.count("script") == 3
    assert not [name for name, _ in parsed.attributes if name.startswith("on")]
    assert BOMB in parsed.words[0]


def test_no_text_turns_a_line_around_or_hides(hostile: str) -> None:
    library = Page(hostile).scripts[1]
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x08\x1b\x7f-\x9f]", hostile.replace(library, ""))
    assert "⟨U+202E⟩gnp.exe" in hostile


def test_long_titles_and_heaps_of_marks_are_cut(hostile: str) -> None:
    assert "L" * 500 not in hostile
    assert "\u0301" * 5 not in hostile


def test_the_page_names_no_address_and_no_script_but_its_own(hostile: str) -> None:
    parsed = Page(hostile)
    data, library, script = parsed.scripts
    assert isinstance(json.loads(data), list)
    for text in (library, script):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in parsed.of("content")[0]
    assert all(address.startswith("#") for address in parsed.of("href"))
    assert not parsed.of("src")
    assert "default-src 'none'" in hostile


def test_ids_are_unique_and_every_link_leads_somewhere(report: str) -> None:
    ids = Page(report).of("id")
    assert len(ids) == len(set(ids))
    assert {address.removeprefix("#") for address in Page(report).of("href")} <= set(ids)


def test_every_picture_has_a_sentence_and_a_table(report: str) -> None:
    charts = json.loads(Page(report).scripts[0])
    assert {chart["id"] for chart in charts} == {
        "flow", "chains", "relations", "sizes", "provenance", "languages", "encoding", "dates", "cuts",
    }  # fmt: skip
    for chart in charts:
        figure = re.search(
            rf'<figure>(?:(?!</figure>).)*id="{chart["id"]}" role="img" aria-label="[^"]+.*?</figure>',
            report,
            re.DOTALL,
        )
        assert figure, chart["id"]
        assert "<table>" in figure[0]
    hops = [link["to"] for chart in charts if chart["id"] == "chains" for link in chart["links"]]
    assert hops
    assert set(hops) <= set(Page(report).of("id"))


def test_the_same_run_gives_the_same_page(raw: Path, tmp_path: Path) -> None:
    out = cleaned([raw], tmp_path)
    assert page(figures(out)) == page(figures(out))


def test_the_flow_divides_without_a_rest(raw: Path, tmp_path: Path) -> None:
    chart = next(chart for chart in json.loads(Page(report_on([raw], tmp_path)).scripts[0]) if chart["id"] == "flow")
    counts = {node["name"]: node["count"] for node in chart["nodes"]}
    for name, count in counts.items():
        out = sum(link["value"] for link in chart["links"] if link["source"] == name)
        assert out in (0, count), name


@pytest.mark.parametrize("rows", [[], [{"text": ""}], [{"text": "One."}], ["not a record"]])
def test_a_run_with_nearly_nothing_has_a_page(rows: list, tmp_path: Path) -> None:
    path = tmp_path / "small.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert f"Of {len(rows)} records" in report_on([path], tmp_path)


@pytest.mark.parametrize("step", ["fix_encoding", "detect_language", "mark_duplicates", "decide", "validate"])
def test_a_run_of_one_step_has_a_page(step: str, raw: Path, tmp_path: Path) -> None:
    text = page(figures(cleaned([raw], tmp_path, steps=(step,))))
    assert ('id="languages-section"' in text) == (step == "detect_language")
    assert ('id="copies-section"' in text) == (step == "mark_duplicates")


def test_thousands_of_hostile_records_stay_under_two_megabytes(tmp_path: Path) -> None:
    rows = [
        {"id": f"{number} \u202e<b>", "title": f"{BOMB} {number}" * 50, "source": f"Outlet {number} \u202e" * 90,
         "text": ("\u202e<&\"'> storm " + str(number // 2)) * 400, "language": f"x{number}",
         "published_at": f"{1000 + number}-01-01"}
        for number in range(1_500)
    ]  # fmt: skip
    path = tmp_path / "many.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    assert len(report_on([path], tmp_path).encode()) < 2_000_000


def test_two_texts_side_by_side_lose_no_word() -> None:
    one = "The ferry sails.\n\nDivers found the ramp.\nIt is late.\n–ANA"
    other = "The old ferry sails today.\n\nIt is late.\n\nShare this article"
    lines = side_by_side(one, other)
    for side, text in (("left", one), ("right", other)):
        words = " ".join("".join(piece for _, piece in getattr(line, side)) for line in lines).split()
        assert words == text.split()
    assert any(line.is_shared for line in lines)


def test_half_of_a_surrogate_pair_is_named() -> None:
    assert shown("a\ud800b") == "a⟨U+D800⟩b"
