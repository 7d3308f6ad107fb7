"""The figures of a run add up, whatever format and size it has."""

import json
from pathlib import Path

import pytest

from corpus_tools.errors import InputError
from corpus_tools.survey.dates import Dates
from corpus_tools.survey.tally import Lot, Tally, number_of
from corpus_tools.survey.visit import Visit, find_run

from .runs import cleaned, figures


def counted(figures: dict) -> dict[str, int]:
    ends: dict[str, int] = {}
    for row in figures["flow"]["ends"]:
        ends[row["where"]] = ends.get(row["where"], 0) + row["count"]
    return ends | {"quarantined": sum(row["count"] for row in figures["flow"]["broken"])}


def test_the_flow_accounts_for_every_record_that_was_read(raw: Path, tmp_path: Path) -> None:
    told = figures(cleaned([raw], tmp_path))
    counts = told["manifest"]["counts"]
    assert counted(told) == {kind: counts[kind] for kind in ("kept", "removed", "quarantined")}
    assert told["walked"] == counts["kept"] + counts["removed"]


def test_a_run_that_only_marks_has_the_same_copies_and_removes_none(raw: Path, tmp_path: Path) -> None:
    removing = figures(cleaned([raw], tmp_path))
    marking = figures(cleaned([raw], tmp_path, "marked.jsonl", remove=False))
    assert marking["copies"]["relations"] == removing["copies"]["relations"]
    assert marking["copies"]["sizes"] == removing["copies"]["sizes"]
    assert {row["where"] for row in marking["flow"]["ends"]} == {"kept"}


@pytest.mark.parametrize("name", ["o.csv", "o.tsv", "o.parquet", "o.json", "o.jsonl.gz"])
def test_every_output_format_gives_the_same_figures(name: str, raw: Path, tmp_path: Path) -> None:
    plain, other = figures(cleaned([raw], tmp_path)), figures(cleaned([raw], tmp_path, name))
    for own in ("manifest", "records"):
        del plain[own], other[own]
    for told in (plain, other):  # a table's figures come back as texts or as floats
        told["copies"] = json.loads(json.dumps(told["copies"]).replace('"1.0"', "1.0").replace('"3"', "3"))
    assert {name: plain[name] == other[name] for name in plain} == dict.fromkeys(plain, True)


def test_the_same_run_gives_the_same_figures_again(raw: Path, tmp_path: Path) -> None:
    out = cleaned([raw], tmp_path)
    assert json.dumps(figures(out)) == json.dumps(figures(out))


def test_every_repair_is_shown_as_it_was_and_as_it_is(raw: Path, tmp_path: Path) -> None:
    pairs = figures(cleaned([raw], tmp_path))["encoding"]["pairs"]
    assert ("â€œ", "“") in {piece for pair in pairs for piece in pair["pieces"]}
    assert all(any(old != new for old, new in pair["pieces"]) for pair in pairs)


def test_a_repair_is_shown_at_its_place_though_later_steps_cut_before_it(tmp_path: Path) -> None:
    share = "Share this article"
    text = f"{share}\n\nThe caf\u00c3\u00a9 at the quay of Ellery opens again on Monday, its owner said.\n\n{share}"
    path = tmp_path / "cafe.jsonl"
    path.write_text(json.dumps({"id": "cafe", "text": text}), encoding="utf-8")
    (pair,) = figures(cleaned([path], tmp_path))["encoding"]["pairs"]
    assert "".join(old for old, _ in pair["pieces"]).replace("…", "") in text
    assert ("\u00c3\u00a9", "\u00e9") in pair["pieces"]


def test_hand_overs_lead_to_records_with_their_evidence(raw: Path, tmp_path: Path) -> None:
    edges = figures(cleaned([raw], tmp_path))["chains"]["edges"]
    edge = next(edge for edge in edges if edge["to_name"] == "Arah.my")
    assert (edge["role"], edge["name"], edge["to_role"]) == ("publisher", "The Malaysian Reserve", "republisher")
    assert edge["examples"][0]["id"] == "arah-5571"
    assert "appeared first on The Malaysian Reserve" in edge["examples"][0]["evidence"]


def test_borderline_pairs_are_shown_once_and_with_both_texts(raw: Path, tmp_path: Path) -> None:
    pairs = [pair for pair in figures(cleaned([raw], tmp_path))["copies"]["pairs"] if pair["code"] == "DU003"]
    assert [{pair["record"]["id"], pair["other"]["id"]} for pair in pairs] == [{"de-1", "de-2"}]
    assert all(pair["record"]["text"] and pair["other"]["text"] for pair in pairs)
    assert pairs[0]["likeness"] == "similarity 0.37, containment 0.84"


def test_a_step_that_did_not_run_has_no_figures(raw: Path, tmp_path: Path) -> None:
    told = figures(cleaned([raw], tmp_path, steps=("fix_encoding",)))
    assert told["encoding"] is not None
    assert [told[name] for name in ("languages", "chains", "copies", "cuts")] == [None] * 4


def test_days_and_gaps_are_counted_and_nonsense_is_undated() -> None:
    dates = Dates()
    for day in ("2024-03-01", "2024-03-01", "2024-03-06", None, "soon", "2024-02-31"):
        dates.take(Visit({"published_at": day}, True, []))
    told = dates.told()
    assert [bar["count"] for bar in told["bars"]] == [2, 0, 0, 0, 0, 1]
    assert told["gaps"] == [{"after": "2024-03-01", "until": "2024-03-06", "days": 4}]
    assert told["undated"] == 3


def test_one_date_of_long_ago_does_not_flatten_the_picture() -> None:
    dates = Dates()
    for year in ("0206", "2023", "2024"):
        dates.take(Visit({"published_at": f"{year}-03-01"}, True, []))
    told = dates.told()
    assert len(told["bars"]) <= 500
    assert told["before"] == 1


def test_a_tally_stays_small_and_keeps_the_frequent() -> None:
    tally: Tally[str] = Tally(100)
    for number in range(10_000):
        tally.add(f"rare {number}")
        tally.add("frequent")
    assert len(tally) <= 200
    assert tally.most(1) == [("frequent", 10_000)]
    assert tally.total() == 20_000


def test_a_lot_does_not_depend_on_the_order() -> None:
    words = [f"word {number}" for number in range(1_000)]
    drawn = []
    for order in (words, words[::-1]):
        lot: Lot[str] = Lot(10)
        for word in order:
            lot.offer(number_of(word.encode()), word)
        drawn.append(sorted(lot.drawn()))
    assert drawn[0] == drawn[1]


def test_a_run_is_found_by_its_records_its_manifest_or_its_folder(raw: Path, tmp_path: Path) -> None:
    out = cleaned([raw], tmp_path)
    assert find_run(out).records == find_run(tmp_path / "out.run.json").records == find_run(tmp_path).records == out


def test_records_that_went_down_a_pipe_are_asked_for(raw: Path, tmp_path: Path) -> None:
    out = cleaned([raw], tmp_path)
    manifest = tmp_path / "out.run.json"
    manifest.write_text(manifest.read_text(encoding="utf-8").replace(f'"output": "{out}"', '"output": "-"'))
    with pytest.raises(InputError, match=r"corpus-tools report clean.jsonl --audit"):
        find_run(manifest)


def test_a_folder_without_a_run_says_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no run manifest"):
        find_run(tmp_path)


@pytest.mark.parametrize("kind", ["findings", "ledger"])
def test_a_file_that_was_changed_after_the_run_is_named(kind: str, raw: Path, tmp_path: Path) -> None:
    out = cleaned([raw], tmp_path)
    (tmp_path / f"out.{kind}.jsonl").write_text("{broken\n")
    with pytest.raises(InputError, match=kind):
        figures(out)
