"""Whose story it is: found where a credit stands, shown with its evidence, and never claimed without."""

from __future__ import annotations

import tomllib
from typing import Any

import pandas as pd
import pytest

from corpus_tools.protocol import Log
from corpus_tools.steps.strip_furniture import strip_furniture
from corpus_tools.steps.trace_syndication import trace_syndication
from tests.cases import FOLDER, cases

BODY = (
    "The ferry between the two villages runs again after a year, the harbour master said on Monday. Tickets cost as "
    "much as before, and children travel free until the end of the school holidays. “We waited long enough,” she told "
    "passengers on the pier, where the first boat left at nine."
)
NBSP = "\u00a0"
PAGE = f"""Arah.my
Ferry prices rise again as fuel costs climb

PENANG: Ferry{NBSP}prices will rise by a tenth in June, the operator said on Monday.

Fuel now costs a third more than last year, and “we can't carry that alone,” the head of the company said.{NBSP}

Passengers may still buy the old monthly ticket until the end of the month, he told investors in a note. –BLOOMBERG

{NBSP}

The post Ferry prices rise again as fuel costs climb appeared first on The Malaysian Reserve.

You may also like

Rain floods two villages
Bridge opens a month early
"""
FILES = ("syndication", "syndication_languages", "syndication_wordings", "traps")
CASES = [case for name in FILES for case in cases(name)]
HOP_KEYS = ["role", "name", "id", "url", "slot", "field", "start", "end", "evidence", "confidence"]


def record_of(given: dict[str, Any]) -> dict[str, Any]:
    frame = pd.DataFrame({name: pd.Series([value], dtype=object) for name, value in given.items()})
    frame["text"] = frame["text"].str.replace("BODY", BODY)
    return trace_syndication(frame).iloc[0].to_dict()


def is_shown(record: dict[str, Any], hop: dict[str, Any]) -> bool:
    """Whether a hop's evidence is the slice it names, or an item of a list."""
    value = record[hop["field"]]
    return hop["evidence"] in value if hop["start"] is None else value[hop["start"] : hop["end"]] == hop["evidence"]


@pytest.mark.parametrize("case", CASES)
def test_a_record_gets_its_status_its_origin_and_its_chain(case: dict[str, Any]) -> None:
    record, expected = record_of(case["given"]), case["expected"]
    chain = record["syndication_chain"] or []
    assert record["syndication_status"] == expected["status"]
    if "origin" in expected:
        assert (record["origin"] or "") == expected["origin"]
    if "hops" in expected:
        assert [f"{hop['role']} {hop['id'] or hop['name']} {hop['slot']}" for hop in chain] == expected["hops"]
    if "url" in expected:
        assert expected["url"] in [hop["url"] for hop in chain]
    status_flags = {"syndicated": ["SY001"], "co_credited": ["SY002"]}.get(expected["status"], [])
    assert record["flags"] == [*status_flags, *expected.get("flags", [])]


@pytest.mark.parametrize("case", CASES)
def test_every_hop_is_shown_by_its_evidence(case: dict[str, Any]) -> None:
    record = record_of(case["given"])
    assert record["syndication_status"] == case["expected"]["status"]
    for hop in record["syndication_chain"] or []:
        assert list(hop) == HOP_KEYS
        assert is_shown(record, hop), hop
        assert 0 < hop["confidence"] <= 1


@pytest.mark.parametrize("case", CASES)
def test_tracing_twice_is_tracing_once(case: dict[str, Any]) -> None:
    record = record_of(case["given"])
    assert record["syndication_status"] == case["expected"]["status"]
    frame = pd.DataFrame({name: pd.Series([value], dtype=object) for name, value in record.items()})
    assert trace_syndication(frame).iloc[0].to_dict() == record


class TestBarePage:
    def test_a_page_shows_its_three_hops_and_gets_its_source_and_title(self) -> None:
        log = Log()
        record = trace_syndication.run(pd.DataFrame({"text": [PAGE]}), log).iloc[0].to_dict()
        assert record["source"] == "Arah.my"
        assert record["title"] == "Ferry prices rise again as fuel costs climb"
        assert record["syndication_status"] == "syndicated"
        assert record["origin"] == "bloomberg"
        assert [(hop["role"], hop["name"], hop["slot"], hop["evidence"]) for hop in record["syndication_chain"]] == [
            ("origin", "Bloomberg", "credit_line", "–BLOOMBERG"),
            ("publisher", "The Malaysian Reserve", "feed_footer",
             "The post Ferry prices rise again as fuel costs climb appeared first on The Malaysian Reserve."),
            ("republisher", "Arah.my", "page_header", "Arah.my"),
        ]  # fmt: skip
        assert all(is_shown(record, hop) for hop in record["syndication_chain"])
        assert [(f.code, f.column, f.evidence) for f in log.findings] == [("SY001", "text", "–BLOOMBERG")]

    def test_nothing_is_filled_where_the_record_has_a_value_or_is_no_page(self) -> None:
        frame = pd.DataFrame(
            {"text": [PAGE, BODY, PAGE], "title": ["Ferries", None, None], "url": [None, None, "https://a.example/x"]}
        )
        traced = trace_syndication(frame)
        assert traced["title"].tolist()[0] == "Ferries"
        assert traced["title"].isna().tolist() == [False, True, True]
        assert "source" not in traced.columns

    def test_the_caller_s_columns_are_not_added_to_without_need(self) -> None:
        traced = trace_syndication(pd.DataFrame({"text": [BODY]}))
        assert list(traced.columns) == ["text", "syndication_status", "syndication_chain", "origin", "flags"]

    def test_a_text_file_gets_its_headline_even_without_a_header(self) -> None:
        frame = pd.DataFrame({"text": [f"Ferry runs again\n\n{BODY}"], "source_file": ["pages/ferry.txt.gz"]})
        assert trace_syndication(frame)["title"].tolist() == ["Ferry runs again"]

    def test_a_page_that_opens_with_its_story_has_no_headline(self) -> None:
        frame = pd.DataFrame({"text": [f"{BODY}\n\nFerry runs again"], "source_file": ["ferry.txt"]})
        assert "title" not in trace_syndication(frame).columns


class TestAfterTheFurnitureIsCut:
    def test_what_was_found_then_stands(self) -> None:
        first = trace_syndication(pd.DataFrame({"text": [PAGE]}))
        cut = strip_furniture(first)
        again = trace_syndication(cut)
        pd.testing.assert_frame_equal(again, cut)
        assert again["flags"].tolist() == [["SY001"]]

    def test_the_whole_of_both_steps_twice_is_the_whole_once(self) -> None:
        once = strip_furniture(trace_syndication(pd.DataFrame({"text": [PAGE, BODY, None]})))
        pd.testing.assert_frame_equal(strip_furniture(trace_syndication(once)), once)


def test_a_null_text_is_a_record_like_any_other() -> None:
    traced = trace_syndication(pd.DataFrame({"text": [None, ""], "author": [None, "Reuters"]}))
    assert traced["syndication_status"].tolist() == ["unknown", "unknown"]


def test_the_size_of_chunks_changes_nothing() -> None:
    table = tomllib.loads((FOLDER / "syndication.toml").read_text(encoding="utf-8"))
    given = pd.DataFrame(
        [{**case["given"], "text": case["given"]["text"].replace("BODY", BODY)} for case in table["case"]]
    )
    whole = trace_syndication(given)
    for size in (1, 7):
        parts = [trace_syndication(given.iloc[at : at + size]) for at in range(0, len(given), size)]
        for name in ("syndication_status", "syndication_chain", "flags"):
            assert [value for part in parts for value in part[name]] == whole[name].tolist()
