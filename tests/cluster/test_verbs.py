"""The verbs that come after a run read a folder of parts as they read one file."""

import re
from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner

from corpus_tools.cli import corpus_tools

from ..conftest import RAW
from .test_dask import on_dask, on_one_machine

PART_BYTES = 8000


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what one machine wrote, `out.jsonl`, and with parts of the same, `parts`."""
    folder = tmp_path_factory.mktemp("verbs")
    on_one_machine([RAW], folder / "out.jsonl")
    on_dask([RAW], folder / "parts", part_bytes=PART_BYTES)
    assert len(list((folder / "parts").glob("part-*"))) == 3
    return folder


def said(*arguments: object) -> str:
    """What a verb writes to stdout; it may find something, and must not fail."""
    done = CliRunner().invoke(corpus_tools, [str(argument) for argument in arguments])
    assert done.exit_code in (0, 1), done.output
    return done.stdout


@pytest.mark.parametrize(
    ("verb", "more"),
    [
        ("stats", ()),
        ("explain", ("arah-5571", "--format", "json")),
        ("explain", ("https://arah.my/?p=5571",)),
        ("compare", ("arah-5571", "bb-tin-1")),
        ("sample", ("--seed", "3")),
        ("restore", ()),
    ],
)
def test_a_verb_says_the_same_of_parts_and_of_one_file(place: Path, verb: str, more: tuple[str, ...]) -> None:
    told = said(verb, place / "parts", *more)
    assert told
    assert told == said(verb, place / "out.jsonl", *more)


@pytest.mark.parametrize("verb", ["check", "validate"])
def test_findings_in_parts_are_those_in_one_file_at_lines_of_the_parts(place: Path, verb: str) -> None:
    parts = sorted((place / "parts").glob("part-*"))
    lengths = [len(part.read_bytes().splitlines()) for part in parts]
    starts = {str(part): sum(lengths[:at]) for at, part in enumerate(parts)}
    found = [orjson.loads(line) for line in said(verb, place / "parts", "--format", "jsonl").splitlines()]
    whole = [orjson.loads(line) for line in said(verb, place / "out.jsonl", "--format", "jsonl").splitlines()]
    assert found
    assert {row["source_file"] for row in found} <= set(starts)
    for row in found:
        row["source_line"] += starts[row["source_file"]]
        row["region"]["line"] = row["region"]["end_line"] = row["source_line"]
        row["source_file"] = str(place / "out.jsonl")
    for row in (*found, *whole):
        del row["fingerprint"]  # it knows the name of the file
    assert found == whole


def test_nothing_differs_between_parts_and_one_file(place: Path) -> None:
    done = CliRunner().invoke(corpus_tools, ["diff", str(place / "out.jsonl"), str(place / "parts")])
    assert done.exit_code == 0
    assert "18 records became 18: 0 added, 0 removed, 0 changed, 18 the same." in done.stderr


def test_parts_are_cleaned_again_and_nothing_changes(place: Path) -> None:
    said("clean", "-q", place / "parts", "-o", place / "again.jsonl")
    assert (place / "again.jsonl").read_bytes() == (place / "out.jsonl").read_bytes()


def test_a_report_of_parts_says_what_that_of_one_file_says(place: Path) -> None:
    pytest.importorskip("jinja2")
    for run in ("parts", "out.jsonl"):
        said("report", place / run, "-o", place / f"{run}.html", "-q")
    parts, whole = (_sentences(place / f"{run}.html") for run in ("parts", "out.jsonl"))
    assert any("27 read = 18 kept + 6 removed + 3 quarantined" in line for line in whole)
    assert parts == whole


def _sentences(page: Path) -> list[str]:
    """What a page says in its paragraphs."""
    text = re.sub(r"<(script|style)\b.*?</\1>", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", part).split()) for part in re.findall(r"<p\b.*?</p>", text, re.DOTALL)]
