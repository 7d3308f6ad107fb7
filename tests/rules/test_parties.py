"""Every agency's row shows what it means: its own examples credit it, and its near misses credit nobody."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from corpus_tools.errors import RuleError
from corpus_tools.rules.parties import Party, parties
from corpus_tools.steps.trace_syndication import trace_syndication

BODY = (
    "The ferry between the two villages runs again after a year, the harbour master said on Monday, and tickets cost "
    "as much as before. Children travel free until the end of the school holidays."
)
ALL = list(parties())


def traced(text: str, host: str = "rivertimes.example") -> tuple[str, list[str | None]]:
    frame = pd.DataFrame({"text": [text], "url": [f"https://{host}/ferry-runs-again"]})
    record = trace_syndication(frame).iloc[0]
    return record["syndication_status"], [hop["id"] for hop in record["syndication_chain"] or []]


def host_for(party: Party) -> str:
    # A code that several agencies use, and a name of many papers, are told apart by the outlet's country.
    told_apart = party.shared or "(" in party.name
    return f"rivertimes.{(party.country or 'example').lower()}" if told_apart else "rivertimes.example"


@pytest.mark.parametrize("party", [party for party in ALL if party.heads], ids=lambda party: party.id)
def test_a_head_names_its_party(party: Party) -> None:
    for head in party.heads:
        status, chain = traced(head + BODY, host_for(party))
        assert party.id in chain, head
        assert status == ("press_release" if party.kind == "press_release" else "syndicated"), head


@pytest.mark.parametrize("party", [party for party in ALL if party.tails], ids=lambda party: party.id)
def test_a_tail_names_its_party(party: Party) -> None:
    for tail in party.tails:
        status, chain = traced(f"{BODY}\n\n{tail}", host_for(party))
        assert party.id in chain, tail
        assert status == ("press_release" if party.kind == "press_release" else "syndicated"), tail


@pytest.mark.parametrize("party", [party for party in ALL if party.near_misses], ids=lambda party: party.id)
def test_a_near_miss_credits_nobody(party: Party) -> None:
    for near in party.near_misses:
        for text in (f"{near}\n\n{BODY}", f"{BODY}\n\n{near}", f"{BODY} {near}"):
            assert traced(text, host_for(party)) == ("unknown", []), text


@pytest.mark.parametrize("party", [party for party in ALL if party.domains], ids=lambda party: party.id)
def test_a_party_is_found_by_name_and_by_host(party: Party) -> None:
    assert parties().named(party.name) is party
    for domain in party.domains:
        assert parties().at_host(domain) is party
        assert parties().at_host(f"edition.{domain}") is party


def test_the_longest_domain_decides() -> None:
    """news.google.com is Google News, wherever google.com may stand one day."""
    assert parties().at_host("news.google.com") is parties().by_id["google-news"]
    assert parties().at_host("google.com") is None
    assert parties().at_host(None) is None


def test_codes_count_only_as_written() -> None:
    assert parties().named("PTI") is parties().by_id["pti"]
    assert parties().named("pti") is None
    assert parties().named("press trust of india") is parties().by_id["pti"]


def test_a_shared_code_is_told_apart_by_country_or_not_at_all() -> None:
    assert parties().named("KNA") is None
    assert parties().coded("KNA", "KE") is parties().by_id["kna-ke"]
    assert parties().coded("KNA", None) is None


@pytest.mark.parametrize("party", [party for party in ALL if party.kind == "outlet" and "(" in party.name],
                         ids=lambda party: party.id)  # fmt: skip
def test_a_name_of_many_papers_means_the_one_of_the_outlets_country(party: Party) -> None:
    bare = party.name.partition(" (")[0]
    status, chain = traced(f"{BODY}\n\nThis article originally appeared in {bare}.", f"harbour.{party.country}")
    assert (status, chain[0]) == ("syndicated", party.id)
    assert parties().local(bare, "AQ") is None


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ('[[outlet]]\nid = "a"\nname = "Reuters"', "'reuters' and 'a' claim the same name"),
        ('[[agency]]\nid = "a"\nname = "A"\ncodes = ["AFP"]', "'afp' and 'a' claim the same code"),
        ('[[outlet]]\nid = "a"\nname = "A"\ndomains = ["bernama.com"]', "'bernama' and 'a' claim the same domain"),
        ('[[outlet]]\nid = "afp"\nname = "A"', "claim the same id"),
        ('[[outlet]]\nid = "a"\nname = "A"\nkind = "blog"', "has the kind 'blog'"),
        ('[[agency]]\nid = "a"\nname = "A"\nshared = ["PTI"]', "calls it shared"),
    ],
)
def test_rows_that_clash_are_an_error_that_names_both(tmp_path: Path, rows: str, says: str) -> None:
    own = tmp_path / "own.toml"
    own.write_text(rows, encoding="utf-8")
    with pytest.raises(RuleError, match=says):
        parties(str(own))


def test_a_users_own_agency_is_traced_like_ours(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text('[[agency]]\nid = "delta"\nname = "Delta Press"\nkind = "wire"\ncodes = ["DLP"]', encoding="utf-8")
    frame = pd.DataFrame({"text": [f"PORT VILA (DLP) - {BODY}"], "url": ["https://rivertimes.example/a-b"]})
    assert trace_syndication(frame, rules=str(own))["origin"].tolist() == ["delta"]
    assert trace_syndication(frame)["syndication_status"].tolist() == ["unknown"]
