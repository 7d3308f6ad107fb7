"""Every agency's row shows what it means: its own examples credit it, and its near misses credit nobody."""

from __future__ import annotations

import functools
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


def host_for(party: Party) -> str:
    # A code that several agencies use, and a name of many papers, are told apart by the outlet's country.
    told_apart = party.shared or "(" in party.name
    return f"harbour.{(party.country or 'example').lower()}" if told_apart else "harbour.example"


def headed(party: Party) -> list[str]:
    return [head + BODY for head in party.heads]


def tailed(party: Party) -> list[str]:
    return [f"{BODY}\n\n{tail}" for tail in party.tails]


def nearly(party: Party) -> list[str]:
    shapes = ("{near}\n\n{body}", "{body}\n\n{near}", "{body} {near}")
    return [shape.format(near=near, body=BODY) for near in party.near_misses for shape in shapes]


@functools.cache
def all_traced() -> dict[tuple[str, str], tuple[str, list[str | None]]]:
    """The status and the chain's ids of every row's examples, by text and host: one frame is far faster than many."""
    asked = [
        (text, host_for(party)) for party in ALL for some in (headed, tailed, nearly) for text in some(party)
    ]  # fmt: skip
    frame = pd.DataFrame(
        {"text": [text for text, _ in asked], "url": [f"https://{host}/ferry-runs-again" for _, host in asked]}
    )
    traced = trace_syndication(frame)
    chains = [[hop["id"] for hop in chain or []] for chain in traced["syndication_chain"]]
    return dict(zip(asked, zip(traced["syndication_status"], chains, strict=True), strict=True))


def test_every_row_shows_where_its_name_counts() -> None:
    assert [party.id for party in ALL if not (party.heads or party.tails)] == []


def test_every_row_that_can_be_mistaken_shows_for_what() -> None:
    """A code has many meanings, and a name that many bear or that is a word counts only in some places."""
    mistakable = [party for party in ALL if party.codes or party.shared or party.datelined or party.bracketed]
    assert [party.id for party in mistakable if not party.near_misses] == []


def test_a_name_that_begins_with_anothers_is_not_the_other() -> None:
    """Who looks for "Associated Press" first finds it in "Associated Press of Pakistan"."""
    names = ((name, party) for party in ALL for name in (party.name, *party.aliases) if "(" not in name)
    named = {name.casefold(): (name, party) for name, party in names}
    pairs = [
        (longer, party.id, named[" ".join(words[:end])][1].id)
        for words, (longer, party) in ((key.split(), value) for key, value in named.items())
        for end in range(1, len(words))
        if " ".join(words[:end]) in named and named[" ".join(words[:end])][1] is not party
    ]
    assert len(pairs) > 10
    frame = pd.DataFrame({"text": [f"{BODY}\n\nThis article originally appeared in {longer}." for longer, *_ in pairs]})
    frame["url"] = "https://harbour.example/ferry-runs-again"
    for (longer, meant, other), chain in zip(pairs, trace_syndication(frame)["syndication_chain"], strict=True):
        found = [hop["id"] for hop in chain or []]
        assert other not in found, longer
        assert meant in found, longer


@pytest.mark.parametrize("party", [party for party in ALL if party.heads], ids=lambda party: party.id)
def test_a_head_names_its_party(party: Party) -> None:
    for text in headed(party):
        status, chain = all_traced()[text, host_for(party)]
        assert party.id in chain, text
        assert status == ("press_release" if party.kind == "press_release" else "syndicated"), text


@pytest.mark.parametrize("party", [party for party in ALL if party.tails], ids=lambda party: party.id)
def test_a_tail_names_its_party(party: Party) -> None:
    for text in tailed(party):
        status, chain = all_traced()[text, host_for(party)]
        assert party.id in chain, text
        assert status == ("press_release" if party.kind == "press_release" else "syndicated"), text


@pytest.mark.parametrize("party", [party for party in ALL if party.near_misses], ids=lambda party: party.id)
def test_a_near_miss_credits_nobody(party: Party) -> None:
    for text in nearly(party):
        assert all_traced()[text, host_for(party)] == ("unknown", []), text


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
    text, url = f"{BODY}\n\nThis article originally appeared in {bare}.", f"https://harbour.{party.country}/a-b"
    record = trace_syndication(pd.DataFrame({"text": [text], "url": [url]})).iloc[0]
    assert (record["syndication_status"], record["origin"]) == ("syndicated", party.id)
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
    frame = pd.DataFrame({"text": [f"PORT VILA (DLP) - {BODY}"], "url": ["https://harbour.example/a-b"]})
    assert trace_syndication(frame, rules=str(own))["origin"].tolist() == ["delta"]
    assert trace_syndication(frame)["syndication_status"].tolist() == ["unknown"]
