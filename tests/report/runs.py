"""Runs to report on: the fixtures, and a corpus whose every text wants to break the page."""

import json
from collections.abc import Iterable
from pathlib import Path

from corpus_tools.report.page.page import page
from corpus_tools.run import Settings, run
from corpus_tools.survey.figures import figures_of
from corpus_tools.survey.visit import find_run

BOMB = "</script><script>alert(1)</script><img src=x onerror=alert(1)>"
TURNED = "\u202egnp.exe\u202c\u2066isolated"
STORY = (
    "The harbour office of Ellery said on Tuesday that the ferry to Saint Orrin sails again, two weeks after a storm "
    "had torn its ramp away.\n\n{bomb} Divers found the ramp in forty feet of water, and a crane from the shipyard "
    "lifted it onto a barge.\n\nThe first boat leaves at nine with post, bread and the school's new piano, said "
    "Harriet Lund, who has run the line for thirty years.\n\nTickets cost what they did before. {tail}"
)


def cleaned(paths: Iterable[str | Path], folder: Path, name: str = "out.jsonl", **settings: object) -> Path:
    """Run the chain and return the records' file."""
    out = folder / name
    run([str(path) for path in paths], Settings(output=str(out), **settings))  # type: ignore[arg-type]
    return out


def figures(out: Path) -> dict:
    return figures_of(find_run(out))


def report_on(paths: Iterable[str | Path], folder: Path) -> str:
    return page(figures(cleaned(paths, folder)))


def hostile_corpus(folder: Path) -> Path:
    """Records with markup, turned text, heaps of marks, endless titles and control characters in every column."""
    text = STORY.format(bomb=BOMB + TURNED, tail="z\u0300" + "\u0301" * 500)
    rows = [
        {"id": BOMB, "title": BOMB, "text": text, "source": BOMB, "language": '"><svg onload=alert(1)>'},
        {"id": "turned", "title": TURNED, "text": text + TURNED, "source": TURNED, "language": "en"},
        {"id": "long", "title": "L" * 10_000, "text": text[:400], "source": "S" * 10_000, "published_at": "0001-01-01"},
        {"id": "marks", "title": "z" + "\u0301" * 5_000, "text": "caf\u00c3\u00a9 " + BOMB + "\x9d\x1b[31m"},
        {"id": "braces", "title": "{{ manifest }} {% raw %} {a|b} ${c}", "text": BOMB, "url": "javascript:alert(1)"},
        {"id": "numbers", "title": 7, "text": ["no"], "source": {"name": BOMB}, "flags": [BOMB], "copies": BOMB},
    ]  # fmt: skip
    path = folder / "hostile <b>&.jsonl"
    lines = [json.dumps(row, ensure_ascii=False).encode() for row in rows]
    path.write_bytes(b"\n".join([*lines, b"<script>alert(2)</script>", b'["\xff"]']))
    return path
