"""Damage that one string can't prove is flagged where the outlet's other records have the same sign."""

import json
from pathlib import Path

import pandas as pd
import pytest

from corpus_tools.protocol import Log
from corpus_tools.run import Settings, run
from corpus_tools.steps.compare_encoding import compare_encoding
from corpus_tools.steps.fix_encoding import fix_encoding
from corpus_tools.text.borderline import borderline, may_be_borderline

SITE = "https://daily.example/"


def records(texts: list[str], site: str = SITE) -> pd.DataFrame:
    return pd.DataFrame({"text": texts, "url": [f"{site}{number}" for number in range(len(texts))]})


def test_a_sign_counts_only_where_the_outlet_repeats_it() -> None:
    three = ["Itís open again.", "She says donít wait.", "Theyíre late.", "Nothing here."]
    assert compare_encoding(records(three))["flags"].tolist() == [["EN006"]] * 3 + [[]]
    assert compare_encoding(records(three[1:]))["flags"].tolist() == [[], [], []]
    apart = records(three)
    apart["url"] = [f"https://site{number}.example/" for number in range(4)]
    assert compare_encoding(apart)["flags"].tolist() == [[]] * 4


def test_the_finding_shows_the_string_its_place_and_how_many_records_share_the_sign() -> None:
    log = Log()
    compare_encoding.run(records(["A late Itís.", "Itís on.", "Heís in.", "Weíre on."]), log)
    first = log.findings[0]
    assert (first.code, first.column, first.start, first.end, first.evidence) == ("EN006", "text", 7, 11, "Itís")
    assert "4 records of daily.example" in (first.says or "")


def test_repairs_of_an_outlet_are_proof_for_what_is_left_over() -> None:
    frame = fix_encoding(records(["The cafÃ© is shut.", "A rosÃ© wine.", "Prices rose â again."]))
    assert "EN006" in compare_encoding(frame)["flags"][2]
    assert "EN006" not in compare_encoding(frame.tail(1))["flags"].iloc[0]


@pytest.mark.parametrize(
    "text",
    ["El país está en calma.", "Se aísla. Raíces.", "See example.org/find?word=tin and go?x=1&y=2", "Is it? yes it is",
     "Âge d'or, à la carte, câble", "São João, Ângela", "It’s here, don't go", "https://a.example/p?id", ""],
)  # fmt: skip
def test_words_and_addresses_are_no_sign(text: str) -> None:
    assert borderline(text) == []


def test_the_cheap_look_overlooks_no_sign() -> None:
    for text in ("Itís", "don?t", "was?it", "the â word", "cafÃ us", "Â"):
        assert borderline(text)
        assert may_be_borderline([text])[0]


def test_any_text_and_any_outlet_pass() -> None:
    odd = pd.DataFrame({"text": [None, "", "\ud800 Itís", 5, "\0"], "url": [None, "http://[", "", SITE, None]})
    assert compare_encoding(odd)["flags"].tolist() == [[]] * 5


@pytest.mark.parametrize("chunk_rows", [1, 3, 100])
def test_order_and_chunks_make_no_difference_and_the_verdict_is_review(tmp_path: Path, chunk_rows: int) -> None:
    texts = ["Itís open again.", "Nothing here.", "She says donít wait.", "Theyíre late."]
    rows = [{"id": f"r{number}", "text": text, "url": f"{SITE}{number}"} for number, text in enumerate(texts)]
    verdicts = []
    for name, of_it in (("a", rows), ("b", rows[::-1])):
        source, out = tmp_path / f"{name}.jsonl", tmp_path / f"{name}.out.jsonl"
        source.write_text("".join(json.dumps(row) + "\n" for row in of_it), encoding="utf-8")
        settings = Settings(
            output=str(out),
            steps=("fix_encoding", "decide"),
            reading={"chunk_rows": chunk_rows},
            common={"outlet_encoding": True},
        )
        run([str(source)], settings)
        found = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
        verdicts.append(sorted((row["id"], row["verdict"], tuple(row["flags"])) for row in found))
    assert verdicts[0] == verdicts[1]
    assert [(verdict, flags) for _, verdict, flags in verdicts[0]] == [
        ("review", ("EN006",)), ("keep", ()), ("review", ("EN006",)), ("review", ("EN006",))]  # fmt: skip
