"""What metadata declares is a hop where it names somebody else, and nothing where it names the page itself."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from corpus_tools.steps.trace_syndication import trace_syndication
from corpus_tools.text.signals import signals
from tests.cases import cases
from tests.syndication.test_trace_syndication import BODY


@pytest.mark.parametrize("case", cases("signals"))
def test_metadata_makes_the_chain_that_the_case_says(case: dict[str, Any]) -> None:
    frame = pd.DataFrame({name: pd.Series([value], dtype=object) for name, value in case["given"].items()})
    frame["text"] = frame["text"].str.replace("BODY", BODY)
    record, expected = trace_syndication(frame).iloc[0], case["expected"]
    chain = record["syndication_chain"] or []
    assert record["syndication_status"] == expected["status"]
    if "origin" in expected:
        assert record["origin"] == expected["origin"]
    if "hops" in expected:
        told = [f"{hop['role']} {hop['id'] or hop['name']} {hop['slot']} {hop['field']}" for hop in chain]
        assert told == expected["hops"]
    if "url" in expected:
        assert expected["url"] in [hop["url"] for hop in chain]


def test_a_signal_without_end_is_read_to_a_depth() -> None:
    node: dict[str, Any] = {}
    deep = node
    for _ in range(5_000):
        deep["meta"] = {}
        deep = deep["meta"]
    deep["isBasedOn"] = "https://harbournews.example/a-0"
    assert signals(node) == []


def test_the_evidence_is_the_value_at_its_path() -> None:
    found = signals({"ld": {"@graph": [{"@type": "NewsArticle", "isBasedOn": {"@id": "https://a.example/x"}}]}})
    assert [(signal.path, signal.evidence) for signal in found] == [("ld.@graph[0].isBasedOn", "https://a.example/x")]


def test_two_pieces_of_evidence_are_worth_more_than_one() -> None:
    both = {"text": f"{BODY} –BLOOMBERG", "author": "Bloomberg", "url": "https://rivertimes.example/a-1"}
    traced = trace_syndication(pd.DataFrame([both, both | {"author": None}]))
    one, two = (chain[0]["confidence"] for chain in reversed(traced["syndication_chain"].tolist()))
    assert 0.85 < one < two <= 0.99
