"""The generator's copies are found and its traps are not, in a corpus small enough for every run of the tests."""

import json
from pathlib import Path

import pandas as pd

from corpus_tools.steps.mark_duplicates import mark_duplicates
from tests.benchmarks import generate
from tests.benchmarks.peers.score import Score, score


def scored(folder: Path, records: int, seed: int) -> Score:
    corpus: list[str] = []
    truth, clusters = folder / "truth.jsonl", folder / "clusters.jsonl"
    with truth.open("w", encoding="utf-8") as rows:
        generate.write(records, seed, corpus.append, rows.write)
    marked = mark_duplicates(pd.DataFrame([json.loads(line) for line in corpus]))
    some = marked[marked["cluster_id"].notna()].groupby("cluster_id")["id"].apply(list)
    clusters.write_text("".join(json.dumps(ids) + "\n" for ids in some), encoding="utf-8")
    return score(truth, clusters)


def test_planted_copies_are_found_and_planted_traps_are_not(tmp_path: Path) -> None:
    found = scored(tmp_path, 1500, 7)
    assert found.every.figures()["f1"] >= 0.97
    for trap in ("daily report", "shared list", "shared quotes"):
        assert found.by_edit[trap].wrong == 0, trap
    for edit in ("same", "furniture", "credit", "cut", "extended", "reworded", "rewritten", "mojibake", "retitled"):
        assert found.by_edit[edit].figures()["recall"] >= 0.9, edit


def test_the_number_of_duplicates_in_a_corpus_stays_what_it_was() -> None:
    """Whoever means to change it writes the new number here, and why into the commit."""
    marked = mark_duplicates(pd.DataFrame([record for record, _ in generate.corpus(600, 11)]))
    copies, stories = marked["duplicate_of"].notna().sum(), marked["cluster_id"].nunique()
    assert (len(marked), copies, stories) == (600, 75, 67)


def test_the_same_seed_gives_the_same_corpus() -> None:
    one, other = ([record for record, _ in generate.corpus(50, 3)] for _ in range(2))
    assert one == other
    assert {made for _, made in generate.corpus(2000, 3)} >= {edit.__name__ for edit in generate.EDITS}
