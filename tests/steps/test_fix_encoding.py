"""Damage is repaired where the repair is certain, and nothing else is touched."""

import re
import unicodedata

import ftfy
import pandas as pd
import pytest
from ftfy import TextFixerConfig
from ftfy.badness import is_bad
from hypothesis import given
from hypothesis import strategies as st

from corpus_tools import cells
from corpus_tools.steps.fix_encoding import fix_encoding
from corpus_tools.text import composed, encoding
from corpus_tools.text.suspects import suspects
from tests.cases import cases

MANIFEST = "\ufeff" + "".join(chr(0xFE00 + byte % 16) for byte in b"C2PATXT")
DAMAGE = st.text(st.sampled_from("aé Ã©â€™œ\x80\x9dÂ \xa0“”’&;#1mp\n\ufeff\ufe01<>\x07ﬁ，中ж"), max_size=40)


@pytest.mark.parametrize("case", cases("encoding"))
def test_a_text_is_repaired_as_the_case_file_says(case: dict) -> None:
    assert encoding.repair(case["given"])[0] == case["expected"]


@given(DAMAGE)
def test_replaying_the_repairs_on_the_old_text_gives_the_new_one(old: str) -> None:
    new, repairs = encoding.repair(old)
    assert encoding.replay(repairs, old) == new


@given(DAMAGE)
def test_repairing_twice_is_repairing_once(old: str) -> None:
    new, _ = encoding.repair(old)
    assert encoding.repair(new) == (new, [])


def as_ftfy_does_it(text: str) -> str:
    """What ftfy makes of a text; again and again, for an entity may hide a line end that parts it anew."""
    careful = TextFixerConfig(uncurl_quotes=False, fix_line_breaks=False, fix_latin_ligatures=False,
                              fix_character_width=False)  # fmt: skip
    while (fixed := ftfy.fix_text(text, careful)) != text:
        text = fixed
    return text


@given(DAMAGE)
def test_what_is_not_suspected_ftfy_leaves_as_it_is(text: str) -> None:
    if not suspects([text])[0] or not any(map(encoding.may_be_damaged, text.split("\n"))):
        assert as_ftfy_does_it(text) == text
    if not suspects([text])[0]:
        assert encoding.damage(text) is None


@given(st.text(max_size=60) | DAMAGE)
def test_any_text_comes_out_as_from_ftfy(text: str) -> None:
    fixed, repairs = repaired_characters(text)
    if decoded(repairs):
        return  # repaired strings get ligatures and width as well
    if "\ufeff" not in text:  # what may open a manifest is kept apart
        assert fixed == as_ftfy_does_it(text)


def repaired_characters(text: str) -> tuple[str, list]:
    repairs: list = []
    while (step := encoding.repair_characters(text))[1]:
        text, repairs = step[0], repairs + step[1]
    return text, repairs


def decoded(repairs: list) -> bool:
    steps = [step for made in repairs for step in made["steps"]]
    return any(operation in ("decode", "transcode") or "utf8" in argument for operation, argument in steps)


@given(DAMAGE)
def test_a_repaired_string_gets_ligatures_and_width_as_ftfy_gives_them(text: str) -> None:
    folding = TextFixerConfig(uncurl_quotes=False, fix_line_breaks=False)
    fixed, repairs = repaired_characters(text)
    if decoded(repairs) and not re.search("[\ufeff\u3000-\uffef\n<&]", text):
        assert fixed == ftfy.fix_text(text, folding)


PLAIN = " the harbour master said that the ferry would sail again once the storm had gone by "


@given(st.lists(DAMAGE.filter(lambda text: not set(text) & set("\ufeff\n<&，")), min_size=2, max_size=3))
def test_signs_that_stand_far_apart_come_out_as_from_ftfy(signs: list[str]) -> None:
    text = PLAIN.join(signs)
    fixed, repairs = repaired_characters(text)
    folding = {} if decoded(repairs) else {"fix_latin_ligatures": False, "fix_character_width": False}
    assert fixed == ftfy.fix_text(text, TextFixerConfig(uncurl_quotes=False, fix_line_breaks=False, **folding))
    assert encoding.replay(repairs, text) == fixed


@pytest.mark.parametrize("text", [f"{chr(code)}" for code in (*range(0x80, 0x100), 0x152, 0x153, 0xFB01, 0x1E9B)])
def test_every_sign_of_damage_is_suspected(text: str) -> None:
    for around in ("{}", "a{}", "{}a", "Ã{}", "{}€", "a {} ", "â€{}", "É{}–"):
        whole = around.format(text)
        assert suspects([whole])[0] or not is_bad(whole)


@given(st.lists(DAMAGE | st.text(max_size=5), max_size=6))
def test_a_column_is_repaired_like_its_cells(texts: list[str]) -> None:
    repaired = encoding.repair_all(texts)
    assert [repaired.get(row, (text, [])) for row, text in enumerate(texts)] == list(map(encoding.repair, texts))


@given(st.text(st.sampled_from('<>/!-pbra ="x&lt;script{}:;\n'), max_size=60))
def test_cutting_markup_twice_is_cutting_it_once_and_can_be_replayed(text: str) -> None:
    new, repairs = encoding.repair(text)
    assert encoding.repair(new) == (new, [])
    assert encoding.replay(repairs, text) == new


def test_markup_is_flagged_with_its_place_and_stays_flagged_when_it_was_cut() -> None:
    texts = ["He said <b>no</b>.", "Write <p> first.", "I <3 you"]
    log = fix_encoding_log(texts)
    assert [(f.row, f.code, f.start, f.end) for f in log] == [(0, "EN005", 8, 11), (1, "EN005", 6, 9)]
    once = fix_encoding(pd.DataFrame({"text": texts}))
    assert once["text"].tolist() == ["He said no.", "Write <p> first.", "I <3 you"]
    assert fix_encoding(once)["flags"].tolist() == once["flags"].tolist() == [["EN005"], ["EN005"], []]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("<w:WordDocument><w:View>Normal</w:View></w:WordDocument>Rain is due.", "Rain is due."),
        ('<script src="x.js">var rain = 1;</script>Rain is due.', "Rain is due."),
        ("&lt;style&gt;.ad{color:red}&lt;/style&gt;Rain is due.", "Rain is due."),
        ("<![CDATA[Rain is due.]]>", "<![CDATA[Rain is due.]]>"),
        ("Rain {is: due; soon}", "Rain {is: due; soon}"),
    ],
)
def test_leftovers_are_cut_where_they_can_be_nothing_else(text: str, wanted: str) -> None:
    assert encoding.repair(text)[0] == wanted


def test_markup_is_looked_for_in_linear_time() -> None:
    """A pattern or a parser that reads on to the end from each of these signs would not come back."""
    sentence = "The cafÃ© by the harbour opens late "
    for text in (sentence * 20_000, "<div " * 200_000, "<a " + "=" * 500_000, "{" * 500_000, "<!-- " * 100_000 + ">"):
        assert len(fix_encoding(pd.DataFrame({"text": [text]}))) == 1


@pytest.mark.parametrize(
    "end", ["", " Tim", "lt;", "amp", "&amp;lt;", "é", " Ã©", "#233;", "#38", "\n&lt;&amp;amp;lt;"]
)
def test_nested_entities_come_out_as_from_ftfy_in_as_many_rounds_however_deep_they_are(end: str) -> None:
    plans = []
    for depth in (3, 60):
        text = "Tom &" + "amp;#38;#x26;AMP;" * depth + end
        fixed, plan = encoding.repair_characters(text)
        assert fixed == as_ftfy_does_it(text)
        assert encoding.replay(plan, text) == fixed
        plans.append(plan)
    assert plans[0] == plans[1]


@given(st.lists(st.sampled_from("eé\u0301\u0323\u0345\u0344\u0f71\u0f73\u0f72\u1161ᄒ\u3099か"), min_size=30))
def test_marks_in_no_order_are_composed_as_unicode_says(chars: list[str]) -> None:
    """As in long texts, where stacks of marks are sorted first."""
    text = "".join(chars)
    with pytest.MonkeyPatch.context() as patch:
        for module in (composed, encoding):
            patch.setattr(module, "LONG", 1)
        assert composed.composed(text) == unicodedata.normalize("NFC", text)
        assert composed.is_composed(text) == unicodedata.is_normalized("NFC", text)
        assert encoding.repair_characters(text)[0] == as_ftfy_does_it(text)


def test_no_character_is_passed_over_that_is_a_mark_or_has_parts() -> None:
    passed_over = set(range(0x30000)) - set(composed.decomposing(0, 0x30000))
    assert len(passed_over) > 100_000
    for char in map(chr, passed_over):
        assert not unicodedata.decomposition(char)
        assert not unicodedata.combining(unicodedata.normalize("NFD", char)[0])


@given(DAMAGE, DAMAGE)
def test_a_manifest_stays_whole(before: str, after: str) -> None:
    text = f"{before}.{MANIFEST}.{after}"
    assert MANIFEST in encoding.repair(text)[0]


def test_the_plan_of_a_cell_is_evidence_that_can_be_replayed() -> None:
    old = pd.DataFrame({"title": ["CafÃ© opens", "Rain"], "text": ["fine", "one\ntwo seÃ±ora"]})
    new = fix_encoding(old)
    assert cells.objects(new, "encoding_plan") == [
        [{"column": "title", "parts": [0], "steps": [["encode", "latin-1"], ["decode", "utf-8"]]}],
        [{"column": "text", "parts": [1], "steps": [["encode", "latin-1"], ["decode", "utf-8"]]}],
    ]
    assert new["text"][1] == encoding.replay(new["encoding_plan"][1], old["text"][1]) == "one\ntwo señora"


def test_a_plan_of_an_earlier_run_is_kept_and_extended() -> None:
    once = fix_encoding(pd.DataFrame({"title": ["CafÃ©"], "text": ["fine"]}))
    worse = once.assign(text=["the cafÃ©"])
    assert [entry["column"] for entry in fix_encoding(worse)["encoding_plan"][0]] == ["title", "text"]


def test_damage_that_stays_is_flagged_with_its_place() -> None:
    log = fix_encoding_log(["clean", "the ‚ÄúÃquoteâ€", "lost: b\ufffd\ufffdk"])
    assert [(f.row, f.code, f.evidence) for f in log] == [(1, "EN002", "‚ÄúÃquoteâ€"), (2, "EN004", "b\ufffd\ufffdk")]
    assert (log[0].start, log[0].end) == (4, 15)


def test_the_finding_of_a_repair_shows_what_stood_there() -> None:
    (finding,) = fix_encoding_log(["the cafÃ© in Bruges"])
    assert (finding.code, finding.start, finding.end, finding.evidence) == ("EN001", 7, 9, "Ã©")


def fix_encoding_log(texts: list[str]) -> list:
    from corpus_tools.protocol import Log

    log = Log()
    fix_encoding.run(pd.DataFrame({"text": texts}), log)
    return log.findings
