"""What people say of pairs goes before what the texts look like."""

import json
import warnings
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from corpus_tools.errors import InputError, RuleError
from corpus_tools.rules.overrule import wishes_of
from corpus_tools.steps.mark_duplicates import mark_duplicates

from .articles import article

STORY = article(1)
CORPUS = pd.DataFrame(
    {
        "id": ["a", "b", "c", "d"],
        "text": [STORY, STORY, STORY + " A last line of the outlet's own, as outlets like them.", article(2)],
        "url": [f"https://paper{n}.example/one-two-three-{n}" for n in range(4)],
    }
)


def told(*pairs: tuple[str, str, str], corpus: pd.DataFrame = CORPUS) -> dict[str, str | None]:
    rows = [{"a": a, "b": b, "belong": belong, "reason": "read by two of us"} for a, b, belong in pairs]
    marked = mark_duplicates(corpus, overrule=rows)
    return {
        name: own if isinstance(own, str) else None
        for name, own in zip(marked["id"], marked["cluster_id"], strict=True)
    }


def reason(name: str, *pairs: tuple[str, str, str]) -> Any:
    rows = [{"a": a, "b": b, "belong": belong, "reason": "read by two of us"} for a, b, belong in pairs]
    return mark_duplicates(CORPUS, overrule=rows).set_index("id").loc[name, "duplicate_reason"]


def test_without_a_word_from_anybody_three_are_one_story() -> None:
    assert told() == {"a": "a", "b": "a", "c": "a", "d": None}


def test_records_of_the_same_words_can_be_kept_apart() -> None:
    assert told(("a", "b", "never")) == {"a": "a", "b": None, "c": "a", "d": None}


def test_two_copies_of_a_third_can_be_kept_apart() -> None:
    assert told(("b", "c", "never"))["c"] is None


def test_whoever_is_kept_apart_from_all_stands_alone() -> None:
    assert told(("a", "b", "never"), ("a", "c", "never"), ("b", "c", "never")) == dict.fromkeys("abcd")


def test_texts_with_nothing_in_common_can_be_put_together() -> None:
    assert told(("c", "d", "always")) == {"a": "a", "b": "a", "c": "a", "d": "a"}


def test_what_is_said_of_one_of_a_group_holds_for_all_of_it() -> None:
    found = told(("c", "d", "always"), ("a", "d", "never"))
    assert found["c"] == found["d"] != found["a"] == found["b"]


def test_a_record_can_be_named_by_its_address() -> None:
    assert told(("https://www.paper3.example/one-two-three-3?utm_source=x", "a", "always"))["d"] == "a"


def test_the_reason_says_that_people_decided() -> None:
    assert reason("d", ("a", "d", "always")).endswith("; overruled: always with a (read by two of us)")
    assert reason("b", ("a", "b", "never")) == "overruled: never with a (read by two of us)"


def test_the_order_of_records_and_lines_leaves_no_trace() -> None:
    pairs = [("a", "b", "never"), ("c", "d", "always")]
    expected = told(*pairs)
    assert told(*pairs[::-1]) == expected
    assert told(*pairs, corpus=CORPUS.iloc[::-1]) == {name: expected[name] for name in "dcba"}


def test_a_name_that_no_record_has_is_reported() -> None:
    with pytest.warns(UserWarning, match="records that are not there: 'nobody'"):
        told(("nobody", "d", "always"))


def test_a_name_that_a_record_has_is_not_reported() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        told(("a", "d", "always"))


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([{"a": "x", "b": "y", "belong": "maybe"}], "there are: always, never"),
        ([{"a": "x", "belong": "never"}], "'b' must be the id or the address"),
        ([{"a": "x", "b": "x", "belong": "never"}], "with itself"),
        ([{"a": "x", "b": "y"}], "whether its pair belongs together"),
        (
            [{"a": "x", "b": "y", "belong": "always"}, {"a": "y", "b": "x", "belong": "never"}],
            "row 1 keeps 'y' and 'x' apart, and row 0 puts them together",
        ),
        (
            [
                {"a": "x", "b": "y", "belong": "always"},
                {"a": "z", "b": "y", "belong": "always"},
                {"a": "x", "b": "z", "belong": "never"},
            ],
            "row 0 and row 1 put them together",
        ),
    ],
)
def test_lines_that_cannot_be_right_are_errors(rows: list[dict[str, str]], says: str) -> None:
    with pytest.raises(RuleError, match=says):
        wishes_of(rows)


def test_records_that_share_a_text_cannot_be_put_together_and_apart() -> None:
    with pytest.raises(RuleError, match="together"):
        told(("a", "c", "always"), ("b", "c", "never"))


def test_a_file_may_be_lines_of_json_or_a_table(tmp_path: Path) -> None:
    lines = tmp_path / "pairs.jsonl"
    lines.write_text(
        json.dumps({"a": "a", "b": "d", "belong": "always", "similarity": 0.1}) + "\n\n" + '{"a": "a", "b": "c"}\n'
    )
    table = tmp_path / "pairs.csv"
    table.write_text("a,b,belong,reason\na,d,always,\na,c,,\n")
    for path in (lines, table):
        (wish,) = wishes_of(path)
        assert (wish.a, wish.b, wish.always) == ("a", "d", True)


@pytest.mark.parametrize(
    ("data", "says"), [(b"{", "pairs.jsonl:1 is not JSON"), (b"[]", "is no object"), (b"\xff", "not UTF-8")]
)
def test_a_broken_file_is_named_with_its_line(tmp_path: Path, data: bytes, says: str) -> None:
    path = tmp_path / "pairs.jsonl"
    path.write_bytes(data)
    with pytest.raises(RuleError, match=says):
        wishes_of(path)


def test_a_file_that_is_not_there_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="can't be read"):
        wishes_of(tmp_path / "nowhere.jsonl")
