"""Each rule by itself: two records that differ in one thing, and the one that must be kept."""

import hashlib
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from corpus_tools.errors import RuleError, UnknownName
from corpus_tools.index.keeper import RULES, gathered, order_of, rank, reason
from corpus_tools.index.notes import Note, notes_of
from corpus_tools.rules.parties import parties


def hop(role: str, name: str, slot: str = "credit_line", **more: Any) -> dict[str, Any]:
    return {"role": role, "name": name, "id": None, "url": None, "slot": slot, **more}


def notes(*records: dict[str, Any], words: tuple[int, ...] = (400, 400)) -> list[Note]:
    frame = pd.DataFrame(
        [{"text": "One story.", "url": f"https://paper{n}.example/a-b-c"} | r for n, r in enumerate(records)]
    )
    return notes_of(frame, frame["text"].tolist(), words)


def decision(one: dict[str, Any], other: dict[str, Any], **more: Any) -> tuple[int, str]:
    """Which of two records is kept, and by which rule; the order in which they are read must not matter."""
    own = more.get("own", {})
    pair = notes(one, other, words=more.get("words", (400, 400)))
    facts = gathered(enumerate(pair), parties(), own)
    order = order_of(more.get("rules"))
    ranks = [rank(note, facts, number, order) for number, note in enumerate(pair)]
    kept = ranks.index(min(ranks))
    return kept, RULES[reason(ranks[kept], ranks[1 - kept], order)].says


@pytest.mark.parametrize("dtype", ["str", "object", "category"])
def test_the_hash_of_a_text_does_not_hang_on_how_the_frame_holds_it(dtype: str) -> None:
    texts = ["The café opens.", "", None, "rain"]
    frame = pd.DataFrame({"text": pd.Series(texts, dtype=dtype)}).iloc[1:]
    contents = [note.content for note in notes_of(frame, [text or "" for text in texts[1:]], [1] * 3)]
    hashes = [hashlib.sha256((text or "").encode()).digest()[:8] for text in texts[1:]]
    assert contents == [int.from_bytes(number) for number in hashes]


def test_a_text_with_half_of_a_surrogate_pair_has_a_hash_too() -> None:
    (note,) = notes_of(pd.DataFrame({"text": pd.Series(["a\ud800"], dtype=object)}), ["a\ud800"], [1])
    assert note.content == int.from_bytes(hashlib.sha256(b"a\xed\xa0\x80").digest()[:8])


def test_the_later_version_of_a_page_is_kept() -> None:
    page = {"url": "https://paper.example/2024/the-long-bridge"}
    early, late = (page | {"modified_at": f"2024-05-1{day}T08:00:00Z"} for day in (3, 4))
    assert decision(early, late) == (1, "latest version of the page")


def test_a_section_page_has_no_versions() -> None:
    page = {"url": "https://paper.example/sport/football"}
    early, late = (page | {"modified_at": f"2024-05-1{day}T08:00:00Z"} for day in (3, 4))
    assert decision(early, late)[1] != "latest version of the page"


def test_r1_the_agencys_own_page_is_kept() -> None:
    reuters = {"url": "https://www.reuters.com/world/the-long-bridge", "published_at": "2024-05-14T09:00:00Z"}
    copy = {"published_at": "2024-05-14T08:00:00Z", "syndication_chain": [hop("origin", "Reuters", id="reuters")]}
    assert decision(copy, reuters) == (1, "R1 origin's own page")


def test_r1_a_bare_page_is_known_by_its_source() -> None:
    bloomberg = {"url": None, "source": "Bloomberg"}
    copy = {"syndication_chain": [hop("origin", "Bloomberg", id="bloomberg"), hop("republisher", "Paper")]}
    assert decision(copy, bloomberg) == (1, "R1 origin's own page")


def test_r2_the_copy_that_a_canonical_address_names_is_kept() -> None:
    copy = {"canonical_url": "https://paper1.example/a-b-c"}
    assert decision(copy, {}) == (1, "R2 other copies point at it")


def test_r2_the_copy_that_a_feed_footer_names_is_kept() -> None:
    copy = {"syndication_chain": [hop("publisher", "The Marl Gazette", "feed_footer")]}
    assert decision(copy, {"source": "The Marl Gazette"}) == (1, "R2 other copies point at it")


def test_r2_an_outlet_does_not_point_at_itself() -> None:
    own_footer = {
        "source": "The Marl Gazette",
        "syndication_chain": [hop("publisher", "The Marl Gazette", "feed_footer")],
    }
    assert decision(own_footer, {"source": "Other"})[1] != "R2 other copies point at it"


def test_r3_a_subscriber_of_the_agency_is_kept_before_a_republisher() -> None:
    subscriber = {"syndication_chain": [hop("origin", "AFP", id="afp"), hop("publisher", "Paper 0")]}
    again = {"syndication_chain": [hop("origin", "AFP", id="afp"), hop("republisher", "Paper 1")]}
    assert decision(again, subscriber) == (1, "R3 direct subscriber")


def test_r4_a_truncated_copy_is_not_kept() -> None:
    assert decision({"text": "It broke off …"}, {}, words=(500, 300)) == (1, "R4 most complete")


def test_r4_the_longer_article_is_kept() -> None:
    assert decision({}, {}, words=(300, 400)) == (1, "R4 most complete")


def test_r4_the_furniture_of_one_copy_does_not_make_it_longer() -> None:
    assert decision({}, {}, words=(430, 400), own={0: 32, 1: 2}) == (1, "R5 most faithful")
    assert decision({}, {}, words=(800, 400), own={0: 402, 1: 2}) == (0, "R4 most complete")


def test_r4_a_few_words_more_are_no_reason() -> None:
    assert decision({}, {}, words=(402, 400))[1] != "R4 most complete"


@pytest.mark.parametrize("damage", ["â€œOne story.", "One stor\ufffd.", "La ciudad estÃ¡ lejos."])
def test_r5_a_damaged_copy_is_not_kept(damage: str) -> None:
    assert decision({"text": damage}, {}) == (1, "R5 most faithful")


def test_r5_the_copy_with_the_least_text_of_its_own_is_kept() -> None:
    assert decision({}, {}, own={0: 6, 1: 0}) == (1, "R5 most faithful")


def test_r6_the_earlier_copy_is_kept() -> None:
    late, early = ({"published_at": f"2024-05-14T0{hour}:00:00Z"} for hour in (9, 8))
    assert decision(late, early) == (1, "R6 published first")
    assert decision({}, early) == (1, "R6 published first")


def test_r6_a_date_without_a_time_is_not_earlier_on_its_day() -> None:
    day, time = {"published_at": "2024-05-14"}, {"published_at": "2024-05-14T08:00:00Z"}
    assert decision(day, time)[1] != "R6 published first"


def test_r7_fewer_errors_of_provenance_win() -> None:
    assert decision({"flags": ["PR001", "PR002"]}, {"flags": ["PR001", "PR005", "PR006"]}) == (1, "R7 best provenance")


def test_r8_leaves_no_tie_open() -> None:
    one, other = {"id": "b"}, {"id": "a"}
    assert decision(one, other) == (1, "R8 smallest content hash")
    assert decision(other, one) == (0, "R8 smallest content hash")


def written(folder: Path, *rules: str) -> str:
    path = folder / "rules.toml"
    path.write_text("".join(f'[[keeper]]\nrule = "{rule}"\n' for rule in rules))
    return str(path)


def test_the_order_of_the_rules_is_the_policys(tmp_path: Path) -> None:
    assert [RULES[place].name for place in order_of()] == [rule.name for rule in RULES]


def test_rules_that_a_user_names_are_asked_first(tmp_path: Path) -> None:
    rules = written(tmp_path, "R6", "R4")
    names = [RULES[place].name for place in order_of(rules)]
    assert names == ["R6", "R4", "latest_version", "R1", "R2", "R3", "R5", "R7", "R8"]
    late, early = ({"published_at": f"2024-05-14T0{hour}:00:00Z"} for hour in (9, 8))
    longer_and_late = decision(late, early, words=(400, 300), rules=rules)
    assert longer_and_late == (1, "R6 published first")
    assert decision(late, early, words=(400, 300)) == (0, "R4 most complete")


def test_a_rule_that_nobody_knows_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UnknownName, match=r"Unknown keeper rule in .*rules\.toml 'R9'\. There are: latest_version, R1"):
        order_of(written(tmp_path, "R9"))


def test_a_rule_named_twice_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match="names the keeper rule 'R4' twice"):
        order_of(written(tmp_path, "R4", "R6", "R4"))
