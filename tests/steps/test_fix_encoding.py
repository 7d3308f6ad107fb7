"""Damage is repaired where the repair is certain, and nothing else is touched."""

import ftfy
import pandas as pd
import pytest
from ftfy import TextFixerConfig
from hypothesis import given
from hypothesis import strategies as st

from corpus_tools import cells
from corpus_tools.steps.fix_encoding import fix_encoding
from corpus_tools.text import encoding
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


@given(DAMAGE)
def test_the_cheap_look_overlooks_nothing_that_ftfy_would_change(text: str) -> None:
    careful = TextFixerConfig(uncurl_quotes=False, fix_line_breaks=False, fix_latin_ligatures=False,
                              fix_character_width=False, normalization=None)  # fmt: skip
    if not encoding.may_be_damaged(text):
        assert all(ftfy.fix_text(line, careful) == line for line in text.split("\n"))
        assert encoding.damage(text) is None


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
