"""What is furniture goes, what is article stays, and every cut is accounted for."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus_tools.protocol import Log
from corpus_tools.steps.strip_furniture import strip_furniture
from corpus_tools.steps.trace_syndication import trace_syndication
from tests.cases import cases

BODY = (
    "The ferry between the two villages runs again after a year, the harbour master said on Monday.\n\n"
    "Tickets cost as much as before, and children travel free until the end of the school holidays.\n\n"
    "“We waited long enough,” she told passengers on the pier, where the first boat left at nine.\n\n"
    "The operator wants to add a second boat in June, once the crew has its licences."
)
PIECES = [
    "The ferry runs again, she said.", "You may also like", "Related", "Advertisement", "Share Tweet Email",
    "", "\u00a0",
    "Rain floods two villages", "Read also: Bridge opens", "Read more", "© 2024 River Times", "Photo", "Comments", BODY,
    "The post Rain floods two villages appeared first on River Times.", "Continue reading", "River Times", "Tags: rain",
]  # fmt: skip
PAGES = st.lists(st.sampled_from(PIECES), max_size=12).map("\n".join)


def with_body(given_: dict[str, Any]) -> pd.DataFrame:
    return pd.DataFrame({**given_, "text": [given_["text"].replace("BODY", BODY)]})


@pytest.mark.parametrize("case", cases("furniture"))
def test_a_text_is_left_as_the_case_says(case: dict[str, Any]) -> None:
    stripped = strip_furniture(with_body(case["given"])).iloc[0]
    assert stripped["text"] == case["expected"]["text"].replace("BODY", BODY)
    if "notices" in case["expected"]:
        assert [f"{notice['kind']} {notice['text']}" for notice in stripped["notices"]] == case["expected"]["notices"]


@given(
    text=PAGES, title=st.sampled_from([None, "Rain floods two villages"]), source=st.sampled_from([None, "River Times"])
)
def test_what_the_rules_name_is_exactly_what_is_gone(text: str, title: str | None, source: str | None) -> None:
    log = Log()
    stripped = strip_furniture.run(pd.DataFrame({"text": [text], "title": [title], "source": [source]}), log)
    left, at = [], 0
    for start, end, rule in log.rules.get((0, "text"), []):
        assert at <= start < end
        assert rule
        left.append(text[at:start])
        at = end
    assert "".join([*left, text[at:]]) == stripped["text"][0]


@given(
    text=PAGES, title=st.sampled_from([None, "Rain floods two villages"]), source=st.sampled_from([None, "River Times"])
)
def test_stripping_twice_is_stripping_once(text: str, title: str | None, source: str | None) -> None:
    once = strip_furniture(pd.DataFrame({"text": [text], "title": [title], "source": [source]}))
    pd.testing.assert_frame_equal(strip_furniture(once), once)


@given(text=PAGES)
def test_a_text_is_never_emptied(text: str) -> None:
    stripped = strip_furniture(pd.DataFrame({"text": [text]}))["text"][0]
    assert bool(stripped.strip()) == bool(text.strip())
    assert stripped.count(BODY) == text.count(BODY)


def test_notices_is_a_list_on_every_record_that_has_a_text_or_none() -> None:
    frame = pd.DataFrame({"text": [BODY, None, ""]})
    assert strip_furniture(frame)["notices"].tolist() == [[], [], []]


def test_notices_that_are_there_stay_and_are_not_doubled() -> None:
    had = {"kind": "copyright", "text": "© 2024 River Times"}
    text = f"{BODY}\n\n© 2024 River Times\n\n© 2023 River Post"
    stripped = strip_furniture(pd.DataFrame({"text": [text], "notices": [[had]]}))
    assert stripped["notices"][0] == [had, {"kind": "copyright", "text": "© 2023 River Post"}]


class TestStripCredits:
    TEXT = f"PENANG, May 14 (Bernama) -- {BODY}\n\n— Bernama"

    def test_the_dateline_and_the_credit_line_go_when_asked(self) -> None:
        traced = trace_syndication(pd.DataFrame({"text": [self.TEXT], "url": ["https://www.malaymail.com/a-1"]}))
        log = Log()
        assert strip_furniture.run(traced, log, strip_credits=True)["text"].tolist() == [BODY]
        assert [rule for _, _, rule in log.rules[0, "text"]] == ["credit: dateline", "credit: credit_line"]

    def test_a_credit_line_goes_with_the_space_before_it(self) -> None:
        traced = trace_syndication(pd.DataFrame({"text": [f"{BODY} –BLOOMBERG"], "url": ["https://a.example/a-1"]}))
        assert strip_furniture(traced, strip_credits=True)["text"].tolist() == [BODY]

    def test_they_go_in_a_later_run_as_well(self) -> None:
        text = f"Share this article\n\n{BODY} –BLOOMBERG"
        once = strip_furniture(trace_syndication(pd.DataFrame({"text": [text], "url": ["https://a.example/a-1"]})))
        assert strip_furniture(once, strip_credits=True)["text"].tolist() == [BODY]
