"""explain, compare, sample and stats tell of a run what its files say, and show strangers' text as text."""

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from corpus_tools.comparison import compared
from corpus_tools.errors import InputError
from corpus_tools.report.comparison import laid_out
from corpus_tools.report.sample import sample_lines
from corpus_tools.report.side_by_side import side_by_side
from corpus_tools.report.story import told
from corpus_tools.rules import load
from corpus_tools.sample import Wanted, sampled
from corpus_tools.story import stories
from corpus_tools.survey.visit import find_run

from .runs import cleaned, figures, hostile_corpus

Call = Callable[..., subprocess.CompletedProcess[bytes]]


@pytest.fixture(scope="module")
def run(raw: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return cleaned([raw, raw.parent / "pages"], tmp_path_factory.mktemp("run"))


def test_a_story_quotes_the_evidence_in_its_place(run: Path) -> None:
    (story,) = stories(find_run(run), "arah-5571")
    credit, footer = story["chain"][0], story["chain"][1]
    assert credit["before"].endswith("if the rain allows. ")
    assert credit["evidence"] == "–BLOOMBERG"
    # The footer was cut from the text after it had been found there.
    assert footer["evidence"].startswith("The post Tin rises")
    assert footer["before"].rstrip().endswith("–BLOOMBERG")
    assert footer["after"].lstrip().startswith("You may also like")


def test_a_story_names_the_line_of_the_policy_and_the_whole_cluster(run: Path) -> None:
    (story,) = stories(find_run(run), "arah-5571")
    assert (story["policy"]["flag"], story["policy"]["verdict"]) == ("DU001", "drop")
    assert story["policy"]["file"] == "policy.toml"
    assert story["cluster"]["duplicate_of"] == "bb-tin-1"
    assert story["cluster"]["records"] == 4
    members = story["cluster"]["members"]
    assert [member["id"] for member in members[:2]] == ["bb-tin-1", "tmr-99120"]
    assert [member["where"] for member in members].count("kept") == 1


def test_a_story_names_the_rules_that_decided(raw: Path, tmp_path: Path) -> None:
    rules = tmp_path / "rules.toml"
    rules.write_text('[[policy]]\nverdict = "review"\nflags = ["PR005"]\nsays = "Ask for terms."\n', encoding="utf-8")
    outputs = find_run(cleaned([raw], tmp_path, common={"rules": str(rules)}))
    (story,) = stories(outputs, "id-1")
    assert story["policy"] == {"flag": "PR005", "verdict": "review", "says": "Ask for terms.", "file": str(rules)}
    rules.unlink()
    load.own_table.cache_clear()
    (story,) = stories(outputs, "id-1")
    assert story["policy"]["flag"] is None
    assert "--rules FILE" in story["policy"]["says"]


def test_the_beginning_of_an_id_gets_a_hint(run: Path) -> None:
    with pytest.raises(InputError, match=r"Did you mean 89124b446e97ef06\?"):
        stories(find_run(run), "89124b4")


def test_a_record_is_found_by_its_address_and_a_slip_gets_a_hint(run: Path) -> None:
    (story,) = stories(find_run(run), "https://arah.my/?p=5571")
    assert story["id"] == "arah-5571"
    with pytest.raises(InputError, match=r"Did you mean arah-5571\?"):
        stories(find_run(run), "arah-5517")
    with pytest.raises(InputError) as said:
        stories(find_run(run), "nothing like it")
    assert "mean" not in str(said.value)


def test_a_comparison_puts_both_texts_together_again(run: Path) -> None:
    found = compared(find_run(run), "bb-tin-1", "arah-5571")
    records = {record["id"]: record for record in _records(run)}
    for side, name in (("one", "bb-tin-1"), ("other", "arah-5571")):
        stays = "".join(row[side] for row in found["passages"] if row["kind"] != "cut")
        assert stays == records[name]["text"]
    (cut,) = [row for row in found["passages"] if row["kind"] == "cut"]
    assert cut["one"] == ""
    assert "appeared first on The Malaysian Reserve" in cut["other"]
    assert found["figures"]["containment"] == 1.0
    assert found["passages"][-2]["kind"] == "only_other"


def test_furniture_stands_where_it_stood(tmp_path: Path) -> None:
    story = "The ferry runs again, said the harbour master, who had waited two weeks for the part. " * 3
    more = "It carries post, bread and a piano on Mondays, and on all other days whoever wants to cross. " * 3
    rows = [
        {"id": "plain", "text": f"{story}\n\n{more}"},
        {"id": "dressed", "text": f"{story}\n\nShare this article\n\n{more}"},
    ]
    path = tmp_path / "two.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    passages = compared(find_run(cleaned([path], tmp_path)), "plain", "dressed")["passages"]
    assert [row["kind"] for row in passages] == ["same", "cut", "same"]
    assert "Share this article" in passages[1]["other"]
    assert passages[2]["one"].startswith("It carries post")


@pytest.mark.parametrize("width", [40, 80, 200])
def test_a_comparison_is_no_wider_than_the_terminal(run: Path, width: int) -> None:
    from rich.cells import cell_len

    lines = laid_out(compared(find_run(run), "bb-tin-1", "arah-5571"), width)
    texts = lines[lines.index("") :]
    assert max(map(cell_len, texts)) <= width
    assert "".join(lines).count("[31m") == 0


def test_what_was_cut_from_both_stands_side_by_side(tmp_path: Path) -> None:
    one = "The ferry runs again, said the harbour master, who had waited two weeks for the part. " * 3
    two = "It carries post, bread and a piano on Mondays, and on all other days whoever wants to cross. " * 3
    text = f"{one}\n\nShare this article\n\n{two}"
    rows = [{"id": "a", "text": text}, {"id": "b", "text": text.replace("Share this article", "Advertisement")}]
    path = tmp_path / "two.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    passages = compared(find_run(cleaned([path], tmp_path)), "a", "b")["passages"]
    assert [row["kind"] for row in passages] == ["same", "cut", "same"]
    assert "Share this article" in passages[1]["one"]
    assert "Advertisement" in passages[1]["other"]


def test_what_only_one_says_at_length_is_told_briefly() -> None:
    long = " ".join(f"word{number}" for number in range(500))
    brief = side_by_side([("only_other", "", long)], 80)
    assert "[… 420 words …]" in " ".join(re.findall(r"│ (.*)", brief))
    assert "word250" in side_by_side([("only_other", "", long)], 80, whole=True)


@pytest.mark.parametrize("width", [30, 80, 200])
def test_every_verb_keeps_to_the_columns(tmp_path: Path, width: int) -> None:
    from rich.cells import cell_len

    text = "渡轮今天恢复航行，港务长说，他为了那个零件等了两个星期。" * 12
    rows = [
        {"id": "zh", "title": "渡轮" * 60, "text": text, "source": "海港日报"},
        {"id": "ko", "title": "나룻배가 다시 다닌다 " * 20, "text": text[14:] + "나룻배가 다시 다닌다."},
    ]
    path = tmp_path / "wide.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    outputs = find_run(cleaned([path], tmp_path))
    (story,) = stories(outputs, "zh")
    for name, lines in {
        "explain": told(story, width).split("\n"),
        "compare": laid_out(compared(outputs, "zh", "ko"), width, whole=True),
        "sample": list(sample_lines(sampled(outputs, Wanted(), 5, 1), width)),
    }.items():
        assert max(map(cell_len, lines)) <= width, name


def test_colours_mark_nothing_that_a_sign_does_not(run: Path) -> None:
    outputs = find_run(run)
    (story,) = stories(outputs, "arah-5571")
    assert "\x1b[" in told(story, 80, colours=True)
    assert re.sub("\x1b\\[[0-9;]*m", "", told(story, 80, colours=True)) == told(story, 80)
    assert "‹–BLOOMBERG›" in told(story, 80)
    cuts = list(sample_lines(sampled(outputs, Wanted(step="strip_furniture"), 9, 1), 200))
    assert any("if the rain allows. –BLOOMBERG[- ¶ The post" in line for line in cuts)


def test_a_sample_is_the_same_for_a_seed_and_others_for_another(run: Path) -> None:
    def drawn(seed: int, **wanted: str) -> list[str]:
        return [record["id"] for record in sampled(find_run(run), Wanted(**wanted), 5, seed)["records"]]

    assert drawn(1) == drawn(1)
    assert len({tuple(drawn(seed)) for seed in range(5)}) > 1
    assert all(len(drawn(seed)) == 5 for seed in range(5))


def test_a_sample_holds_what_was_asked_for_and_counts_the_rest(run: Path) -> None:
    outputs = find_run(run)
    flagged = [record for record in _records(run) if "DU001" in record["flags"]]
    found = sampled(outputs, Wanted(flag="DU001"), 3, 1)
    assert found["matching"] == len(flagged)
    assert len(found["records"]) == 3
    assert all([row["code"] for row in record["findings"]] == ["DU001"] for record in found["records"])
    cut = sampled(outputs, Wanted(step="strip_furniture", rule="ALSO LIKE"), 9, 1)
    edits = [edit for record in cut["records"] for change in record["changes"] for edit in change["edits"]]
    assert len(edits) == 2
    assert all("also like" in edit["rule"].casefold() for edit in edits)
    assert all(edit["before"].endswith("–BLOOMBERG") for edit in edits)
    assert sampled(outputs, Wanted(verdict="review"), 9, 1)["matching"] == 2


def test_every_record_is_drawn_as_often_as_any_other(run: Path) -> None:
    outputs = find_run(run)
    counts: dict[str, int] = {}
    for seed in range(260):
        for record in sampled(outputs, Wanted(), 5, seed)["records"]:
            counts[record["id"]] = counts.get(record["id"], 0) + 1
    assert len(counts) == len(_records(run))
    assert min(counts.values()) > 20  # 50 expected of each
    assert max(counts.values()) < 85


def test_stats_are_the_figures_of_the_report(cli: Call, raw: Path, tmp_path: Path) -> None:
    assert cli("clean", "-q", raw, "-o", "out.jsonl").returncode == 0
    told = json.loads(cli("stats", "out.jsonl", "--format", "json").stdout)
    assert told["flow"] == figures(tmp_path / "out.jsonl")["flow"]
    text = cli("stats", ".").stdout.decode()
    assert re.search(r"removed +drop +DU001 exact-duplicate +5 ", text)
    assert cli("stats", "out.jsonl", "--format", "markdown").stdout.startswith(b"## Records\n\n| where |")


def test_the_verbs_show_no_order_of_a_stranger(cli: Call, tmp_path: Path) -> None:
    assert cli("clean", "-q", hostile_corpus(tmp_path), "-o", "out.jsonl").returncode == 0
    for command in (
        ["explain", "out.jsonl", "turned"],
        ["compare", "out.jsonl", "turned", "marks"],
        ["sample", "out.jsonl", "-n", "50"],
        ["stats", "out.jsonl"],
        ["stats", "out.jsonl", "--format", "markdown"],
    ):
        done = cli(*command)
        assert (done.returncode, done.stderr) == (0, b""), command
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", done.stdout.decode()), command
    for name in ("a", "b"):
        row = {
            "id": f"{name}\x1b[2J",
            "title": "\x1b[31m",
            "text": f"{name} \x1b[2J \u202e" + "again the ferry sails " * 9,
        }
        with (tmp_path / "in.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")
    assert cli("mark-duplicates", "-q", "in.jsonl", "--pairs", "pairs.jsonl", "-o", "marked.jsonl").returncode == 0
    done = cli("pairs", "pairs.jsonl", "marked.jsonl")
    assert b"=" in done.stdout
    assert b"\x1b" not in done.stdout
    assert b"\n<script>" not in cli("stats", "out.jsonl", "--format", "markdown").stdout


def _records(run: Path) -> list[dict]:
    names = (run, run.with_name("out.removed.jsonl"))
    return [json.loads(line) for name in names for line in name.read_text(encoding="utf-8").splitlines()]
