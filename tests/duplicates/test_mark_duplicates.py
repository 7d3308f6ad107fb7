import pickle
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus_tools import cells
from corpus_tools.errors import MissingColumn
from corpus_tools.protocol import Log
from corpus_tools.steps.mark_duplicates import mark_duplicates

from .articles import article, sentences_of

STORY = article(1)
TRIMMED = " ".join(sentences_of(STORY)[:15])
DRESSED = "Chat with the newsroom of the Marl Gazette.\n\n" + STORY + "\n\nWrite to the desk at any hour of the day."
EDITED = STORY.replace("slowly", "quickly", 3).replace("by mistake", "in error", 3)


def record(name: str, text: str | None, **more: Any) -> dict[str, Any]:
    return {"id": name, "text": text, "url": f"https://{name}.example/news/one-two-three", "source": name} | more


def marked(*records: dict[str, Any]) -> pd.DataFrame:
    return mark_duplicates(pd.DataFrame(list(records))).set_index("id", drop=False)


def verdicts(frame: pd.DataFrame) -> dict[str, tuple[Any, ...]]:
    """What was found, by id, so that two frames in another order can be compared."""
    columns = [c for c in (*mark_duplicates.adds, "flags") if c in frame.columns]
    rows = zip(*(cells.objects(frame, c) for c in columns), strict=True)
    return {row[0]: tuple(map(repr, row)) for row in rows}


CORPUS = pd.DataFrame(
    [
        record("bay", STORY, published_at="2024-05-14T08:00:00Z", title="The long bridge opens at last"),
        record("marl", DRESSED, published_at="2024-05-14T09:00:00Z", author="A. Lim"),
        record("cross", TRIMMED, published_at="2024-05-14", license="CC-BY-4.0"),
        record("west", STORY, published_at="2024-05-15T08:00:00Z"),
        record("east", EDITED),
        record("other", article(2)),
        record("alone", article(3)),
        record("again", article(2).upper()),
        record("half", " ".join(sentences_of(article(4))[:16] + sentences_of(article(5))[:8])),
        record("whole", article(4)),
        record("empty", ""),
        record("null", None),
        record("brief", "Rain is expected."),
        record("briefly", "Rain is expected"),
    ]
)


def test_copies_name_the_record_that_is_kept_and_why() -> None:
    found = marked(record("bay", STORY), record("marl", TRIMMED))
    assert found.loc["marl", ["cluster_id", "duplicate_of", "relation"]].tolist() == ["bay", "bay", "trimmed"]
    assert found.loc["marl", "duplicate_reason"] == "R4 most complete"
    assert 0.5 < found.loc["marl", "similarity"] < 0.7
    assert found.loc["marl", "containment"] == 1.0
    assert found.loc["bay", "cluster_id"] == "bay"
    assert found.loc["bay", "duplicate_of"] is None or pd.isna(found.loc["bay", "duplicate_of"])
    assert found.loc["bay", "copies"] == 2


@pytest.mark.parametrize(
    ("copy", "relation", "flag"),
    [
        (record("b", STORY), "exact", "DU001"),
        (record("b", STORY.upper()), "verbatim", "DU001"),
        (record("b", TRIMMED), "trimmed", "DU002"),
        (record("b", EDITED, published_at="2024-05-16"), "edited", "DU002"),
        (record("b", TRIMMED, url="https://a.example/news/one-two-three?utm_source=feed"), "version", "DU004"),
    ],
)
def test_the_relation_says_what_kind_of_copy_it_is(copy: dict[str, Any], relation: str, flag: str) -> None:
    found = marked(record("a", STORY, published_at="2024-05-14"), copy).loc["b"]
    assert (found["relation"], found["flags"]) == (relation, [flag])


def test_a_copy_that_is_longer_than_the_kept_one_is_extended() -> None:
    agency = record("a", STORY, url="https://www.reuters.com/world/one-two-three")
    chain = [{"role": "origin", "name": "Reuters", "id": "reuters", "slot": "source_label", "field": "source"}]
    found = marked(agency, record("b", DRESSED, syndication_chain=chain)).loc["b"]
    assert (found["duplicate_of"], found["relation"]) == ("a", "extended")
    assert found["duplicate_reason"] == "R1 origin's own page"


def test_credits_of_the_chain_are_not_part_of_the_article() -> None:
    def hop(evidence: str, slot: str) -> dict[str, Any]:
        return {"role": "origin", "name": "X", "slot": slot, "field": "text", "start": 0, "evidence": evidence}

    text = "FARROW BAY, May 14 (Agency) -- " + STORY + " – AGENCY"
    chain = [hop("FARROW BAY, May 14 (Agency) --", "dateline"), hop("– AGENCY", "credit_line")]
    found = marked(record("a", STORY), record("b", text, syndication_chain=chain)).loc["a"]
    assert (found["relation"], found["duplicate_reason"]) == ("verbatim", "R3 direct subscriber")


def test_pairs_that_may_be_one_story_are_flagged_and_stay_apart() -> None:
    log = Log()
    found = mark_duplicates.run(CORPUS, log)
    half = found[found["id"].isin(["half", "whole"])]
    assert half["flags"].tolist() == [["DU003"], ["DU003"]]
    assert half["duplicate_of"].isna().all()
    said = [finding.evidence for finding in log.findings if finding.code == "DU003"]
    assert [evidence.split(" ")[0] for evidence in said if evidence] == ["whole", "half"]


def test_three_outlets_on_one_event_are_three_stories() -> None:
    quotes = sentences_of(article(50))[:3]

    def report(number: int) -> str:
        own = sentences_of(article(number))
        return " ".join([*own[:8], quotes[0], *own[8:16], quotes[1], *own[16:], quotes[2]])

    found = marked(*(record(name, report(number)) for number, name in enumerate(["a", "b", "c"], 60)))
    assert found["cluster_id"].isna().all()
    assert found["flags"].tolist() == [[], [], []]


def test_furniture_that_an_outlet_prints_on_every_page_makes_no_copies() -> None:
    list_of_stories = article(70, 60)
    pages = [
        record(
            f"p{number}",
            article(number, 9) + "\n\n" + list_of_stories,
            url=f"https://paper.example/2024/story-{number}",
            title=f"What the council of ward {number} decided",
        )
        for number in range(71, 77)
    ]
    assert marked(*pages)["cluster_id"].isna().all()


def test_an_identifying_query_tells_articles_apart() -> None:
    one, other = (record(f"a{n}", article(80 + n), url=f"https://paper.example/?p={n}", title="News") for n in (1, 2))
    assert marked(one, other)["cluster_id"].isna().all()


def test_a_teaser_text_under_two_headlines_is_two_stories() -> None:
    text = "Read the full story on our site, where subscribers find it together with pictures and a map."
    one = record("a", text, title="Ferry runs aground near the old pier")
    other = record("b", text, title="Council votes on the school roof today")
    assert marked(one, other)["cluster_id"].isna().all()


def test_the_latest_version_of_a_page_is_kept() -> None:
    page = "https://bay.example/2024/the-long-bridge"
    early = record("a", STORY, url=page, modified_at="2024-05-14T08:00:00Z")
    late = record("b", TRIMMED, url=page, modified_at="2024-05-14T10:00:00Z")
    found = marked(early, late).loc["a"]
    assert (found["duplicate_of"], found["relation"], found["flags"]) == ("b", "version", ["DU004"])
    assert found["duplicate_reason"] == "latest version of the page"


def test_the_keeper_lists_who_ran_the_story() -> None:
    found = mark_duplicates(CORPUS).set_index("id").loc["bay"]
    assert found["copies"] == 5
    assert [(entry["source"], entry["published_at"]) for entry in found["published_by"]] == [
        ("cross", "2024-05-14T00:00:00Z"),
        ("bay", "2024-05-14T08:00:00Z"),
        ("marl", "2024-05-14T09:00:00Z"),
        ("west", "2024-05-15T08:00:00Z"),
        ("east", None),
    ]


def test_copies_offer_what_the_keeper_lacks() -> None:
    found = mark_duplicates(CORPUS).set_index("id").loc["bay"]
    assert found["offered"] == [
        {"column": "author", "value": "A. Lim", "from": "marl"},
        {"column": "license", "value": "CC-BY-4.0", "from": "cross"},
    ]


def test_a_text_without_words_matches_nothing() -> None:
    found = marked(record("a", ""), record("b", None), record("c", " … "), record("d", "!!!"))
    assert found["cluster_id"].isna().all()
    assert found["flags"].tolist() == [[], [], [], []]


def test_records_without_an_id_get_one_from_their_text() -> None:
    found = mark_duplicates(pd.DataFrame({"text": [STORY, article(2), STORY]}))
    assert found["id"].str.fullmatch(r"[0-9a-f]{16}(-2)?").all()
    assert found["id"][2] == found["id"][0] + "-2"
    assert cells.objects(found, "duplicate_of") == [None, None, found["id"][0]]


def test_ids_that_are_given_stay_as_they_are() -> None:
    assert marked(record("0012", STORY), record("b", STORY))["cluster_id"].tolist() == ["b", "b"]


def test_a_frame_without_text_is_refused() -> None:
    with pytest.raises(MissingColumn):
        mark_duplicates(pd.DataFrame({"id": ["a"]}))


def test_an_empty_frame_gets_its_columns() -> None:
    found = mark_duplicates(pd.DataFrame({"text": []}))
    assert [name for name in (*mark_duplicates.adds, "flags") if name not in found.columns] == []


@pytest.mark.parametrize("size", [1, 3, 7, 100])
def test_the_size_of_the_chunks_leaves_no_trace(size: int) -> None:
    state = mark_duplicates.start()
    chunks = [CORPUS.iloc[at : at + size] for at in range(0, len(CORPUS), size)]
    for chunk in chunks:
        state.add(mark_duplicates.prepare(chunk))
    state.resolve()
    found = [verdicts(mark_duplicates.mark(state.answer(len(chunk)), chunk, Log())) for chunk in chunks]
    state.close()
    assert {name: row for part in found for name, row in part.items()} == verdicts(mark_duplicates(CORPUS))


def test_chunks_may_be_prepared_elsewhere_and_sent_over() -> None:
    state = mark_duplicates.start()
    chunks = [CORPUS.iloc[:5], CORPUS.iloc[5:]]
    for prepared in [pickle.dumps(mark_duplicates.prepare(chunk)) for chunk in chunks]:
        state.add(pickle.loads(prepared))
    state.resolve()
    found = pd.concat([mark_duplicates.mark(state.answer(len(chunk)), chunk, Log()) for chunk in chunks])
    state.close()
    assert verdicts(found) == verdicts(mark_duplicates(CORPUS))


@pytest.mark.parametrize("memory", [0, 1000, 1 << 30])
def test_the_memory_for_pairs_makes_no_difference(memory: int) -> None:
    words = STORY.split()
    edited = [record(f"e{n:02}", " ".join([*words[: n * 9], f"edit{n}", *words[n * 9 + 1 :]])) for n in range(40)]
    corpus = pd.concat([CORPUS, pd.DataFrame(edited)], ignore_index=True)
    assert verdicts(mark_duplicates(corpus, memory=memory)) == verdicts(mark_duplicates(corpus))


@settings(max_examples=10, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_the_records_leaves_no_trace(dice: Any) -> None:
    order = list(range(len(CORPUS)))
    dice.shuffle(order)
    clusters = [c for c in mark_duplicates.adds if c != "offered"]
    first, second = mark_duplicates(CORPUS), mark_duplicates(CORPUS.iloc[order])
    assert verdicts(first[[*clusters, "flags"]]) == verdicts(second[[*clusters, "flags"]])


def test_twice_is_once_when_every_record_is_still_there() -> None:
    once = mark_duplicates(CORPUS)
    assert verdicts(mark_duplicates(once)) == verdicts(once)


def test_twice_is_once_when_the_copies_were_removed() -> None:
    once = mark_duplicates(CORPUS)
    kept = once[once["duplicate_of"].isna()]
    assert verdicts(mark_duplicates(kept)) == verdicts(kept)


def test_a_keeper_goes_on_standing_for_removed_copies_when_a_better_one_turns_up() -> None:
    once = mark_duplicates(CORPUS)
    kept = once[once["duplicate_of"].isna()]
    better = pd.DataFrame([record("prime", STORY, published_at="2024-05-13T08:00:00Z")])
    found = mark_duplicates(pd.concat([kept, better], ignore_index=True)).set_index("id")
    assert found.loc["bay", "duplicate_of"] == "prime"
    assert found.loc["prime", "copies"] == 6
    assert len(found.loc["prime", "published_by"]) == 6
    assert [offer["column"] for offer in found.loc["prime", "offered"]] == ["title", "author", "license"]


def test_a_borderline_pair_stays_flagged_when_the_other_was_removed() -> None:
    once = mark_duplicates(CORPUS)
    alone = once[once["id"] == "half"]
    assert mark_duplicates(alone)["flags"].tolist() == [["DU003"]]


def test_the_callers_frame_is_not_touched() -> None:
    before = CORPUS.copy()
    mark_duplicates(CORPUS)
    pd.testing.assert_frame_equal(CORPUS, before)


def test_a_thousand_copies_of_one_page_are_one_cluster() -> None:
    frame = pd.DataFrame({"id": [str(n) for n in range(1000)], "text": [STORY] * 1000})
    found = mark_duplicates(frame)
    assert set(found["cluster_id"]) == {"0"}
    assert found["copies"].dropna().tolist() == [1000]


def test_a_hundred_lightly_edited_copies_are_one_cluster() -> None:
    words = STORY.split()
    texts = [" ".join([*words[: n * 4], f"edit{n}", *words[n * 4 + 1 :]]) for n in range(100)]
    found = mark_duplicates(pd.DataFrame({"id": [f"r{n:03}" for n in range(100)], "text": texts}))
    assert found["copies"].dropna().tolist() == [100]


def test_times_may_come_as_datetimes_too() -> None:
    frame = CORPUS.assign(published_at=pd.to_datetime(CORPUS["published_at"], utc=True, format="ISO8601"))
    assert verdicts(mark_duplicates(frame)) == verdicts(mark_duplicates(CORPUS))


def test_figures_have_four_digits() -> None:
    figures = mark_duplicates(CORPUS)["similarity"].dropna().astype(float)
    assert np.allclose(figures, figures.round(4), atol=1e-12)
