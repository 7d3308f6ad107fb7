"""What is missing, doubtful or contradictory in a record's provenance is flagged, with its evidence."""

from datetime import UTC, datetime
from typing import Any

import pandas as pd
import pytest

from corpus_tools import cells
from corpus_tools.errors import UsageError
from corpus_tools.protocol import Log
from corpus_tools.rules.licenses import spdx_of
from corpus_tools.rules.load import rows, table
from corpus_tools.steps.flag_provenance import flag_provenance
from tests.cases import cases

BLOOMBERG = {"role": "origin", "name": "Bloomberg", "id": "bloomberg", "url": None, "slot": "credit_line",
             "field": "text", "start": 10, "end": 20, "evidence": "–BLOOMBERG", "confidence": 0.9}  # fmt: skip
RESERVE = BLOOMBERG | {"role": "publisher", "name": "The Malaysian Reserve", "id": "malaysian-reserve",
                       "slot": "feed_footer"}  # fmt: skip
ARAH = BLOOMBERG | {"role": "republisher", "name": "Arah.my", "id": None, "slot": "page_header"}


def flags(**record: Any) -> list[str]:
    return flag_provenance(pd.DataFrame([{"text": "Rain is due."} | record]))["flags"][0]


@pytest.mark.parametrize("case", cases("provenance"))
def test_a_record_gets_the_flags_that_the_case_file_says(case: dict) -> None:
    got = flag_provenance(pd.DataFrame([case["given"]]))["flags"][0]
    assert set(case["flags"]) <= set(got)
    assert not set(case.get("never", [])) & set(got)


def test_the_chain_says_who_publishes_and_what_is_not_known_of_the_origin() -> None:
    got = flags(syndication_status="syndicated", origin="bloomberg", syndication_chain=[BLOOMBERG, RESERVE, ARAH])
    assert {"PR011", "PR012"} <= set(got)
    assert "PR010" not in got
    assert "PR010" in flags(syndication_status="syndicated", syndication_chain=[])
    assert not {"PR010", "PR011", "PR012"} & set(flags(syndication_status="original", syndication_chain=[RESERVE]))


def test_two_agencies_in_one_credit_wrote_together_and_in_two_places_contradict_each_other() -> None:
    reuters = BLOOMBERG | {"name": "Reuters", "id": "reuters", "start": 22, "end": 29}
    elsewhere = reuters | {"slot": "dateline", "start": 0}
    together = flags(syndication_status="syndicated", origin="bloomberg", syndication_chain=[BLOOMBERG, reuters])
    apart = flags(syndication_status="syndicated", origin="bloomberg", syndication_chain=[BLOOMBERG, elsewhere])
    assert ("PR018" in together, "PR014" in together) == (True, False)
    assert ("PR018" in apart, "PR014" in apart) == (False, True)


def test_a_licence_of_the_outlet_on_somebody_elses_text_is_a_conflict() -> None:
    copy = {"syndication_status": "syndicated", "origin": "bloomberg", "syndication_chain": [BLOOMBERG]}
    assert "PR015" in flags(license="https://creativecommons.org/licenses/by/4.0/", **copy)
    assert "PR015" not in flags(license="All rights reserved", **copy)
    assert "PR017" in flags(syndication_status="press_release", syndication_chain=[])


def test_notices_kept_before_furniture_was_cut_still_count() -> None:
    got = flags(notices=[{"kind": "reservation", "text": "No AI."}, {"kind": "copyright", "text": "© Example"}])
    assert "PR016" in got
    assert "PR005" not in got


def test_a_date_that_reading_could_not_read_stays_flagged() -> None:
    assert "PR020" in flags(published_at=None, flags=["PR020"])
    whole = dict.fromkeys(("published_at", "modified_at"), "2023-05-14T10:00:00Z")
    whole["retrieved_at"] = "2023-05-14T11:00:00Z"
    assert "PR020" not in flags(flags=["PR020"], **whole)


def test_the_future_is_judged_by_the_time_of_retrieval_or_by_now_and_never_by_a_clock() -> None:
    frame = pd.DataFrame({"text": ["x"], "published_at": ["2999-01-01T10:00:00Z"]})
    assert "PR020" not in flag_provenance(frame)["flags"][0]
    assert "PR020" in flag_provenance(frame, now="2998-01-01")["flags"][0]
    assert "PR020" in flag_provenance(frame, now=datetime(2998, 1, 1, tzinfo=UTC))["flags"][0]
    assert "PR020" in flag_provenance(frame.assign(retrieved_at="2026-01-01T00:00:00Z"))["flags"][0]
    with pytest.raises(UsageError, match="2026-01-31"):
        flag_provenance(frame, now="tomorrow")


def test_texts_and_timestamps_are_read_alike() -> None:
    texts = pd.DataFrame({"text": ["x", "x"], "published_at": ["2023-05-14", "2023-05-14T10:00:00Z"]})
    times = texts.assign(published_at=pd.to_datetime(["2023-05-14T00:00Z", "2023-05-14T10:00Z"]))
    assert cells.objects(flag_provenance(texts), "published_precision") == ["day", "second"]
    assert cells.objects(flag_provenance(times), "published_precision") == ["day", "second"]


def test_the_score_is_the_share_of_what_is_recorded() -> None:
    rows = table("policy")["threshold"]
    assert sum(row["value"] for row in rows if row["name"].startswith("worth_")) == 100
    nothing = flag_provenance(pd.DataFrame({"text": ["x"]}))
    assert nothing["provenance_score"].tolist() == [0.0]
    titled = flag_provenance(pd.DataFrame({"text": ["x"], "title": ["Rain"], "language": ["en"]}))
    assert titled["provenance_score"].tolist() == [0.15]


def test_evidence_is_the_slice_that_the_finding_points_to() -> None:
    log = Log()
    text = "The river rose overnight and the… [+2642 chars]"
    flag_provenance.run(pd.DataFrame({"text": [text]}), log)
    (finding,) = (finding for finding in log.findings if finding.code == "PR019")
    assert text[finding.start : finding.end] == finding.evidence == "… [+2642 chars]"


@pytest.mark.parametrize(
    ("text", "evidence"),
    [
        ("The river rose.\nContinue reading “Two villages flooded”\n \n", "Continue reading “Two villages flooded”"),
        ("Nehir taştı.\nBU İÇERİK ABONELERE ÖZELDİR", "BU İÇERİK ABONELERE ÖZELDİR"),
        ("The river rose.\nAlready a subscriber?\n\nLog in\n\nor take\n\n", "Already a subscriber?"),
        ("The river rose.\nAlready a subscriber?\nLog in\nor\ntake this", None),
        ("Already a subscriber of the river’s news, she said.", None),
    ],
)
def test_a_text_that_ends_at_a_paywall_was_cut(text: str, evidence: str | None) -> None:
    log = Log()
    flag_provenance.run(pd.DataFrame({"text": [text]}), log)
    assert [finding.evidence for finding in log.findings if finding.code == "PR019"] == [evidence] * bool(evidence)


@pytest.mark.parametrize(
    ("given", "spdx"), [tuple(example) for row in rows("licenses", "license") for example in row["examples"]]
)
def test_a_licence_as_pages_write_it_has_its_spdx_id(given: str, spdx: str) -> None:
    assert spdx_of(given) == spdx
    assert spdx_of(spdx) == spdx


@pytest.mark.parametrize("text", [row["text"] for row in rows("licenses", "unknown")])
def test_what_names_no_licence_stays_unknown(text: str) -> None:
    assert spdx_of(text) is None


@pytest.mark.parametrize("unit", ["/", "http://", ".html", "x/"])
def test_a_field_that_is_far_too_long_for_an_address_names_no_licence(unit: str) -> None:
    """Were it undressed slash by slash, this would take hours."""
    assert spdx_of(unit * (1_000_000 // len(unit))) is None
