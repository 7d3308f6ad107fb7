"""Call the command line in ways that nobody would, and look at how it ends.

    python -m tests.campaigns.commands [--examples 5000] [--seed 1]

Hypothesis makes up the verb, its options with fitting and unfitting values, the files it is given (records of any
shape, tables, pages, outputs of an earlier run, damaged ones) and a settings file, and makes what is wrong as short as
it can. A call is wrong that ends with a traceback or a broken promise (exit code 4), that fails without a word, that
leaves hidden files behind, or that loses a record. Prints the calls that were wrong; exits 1 where there are any.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import json
import os
import shutil
import sys
import tempfile
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import click
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from corpus_tools.__main__ import main as call
from corpus_tools.cli import corpus_tools
from corpus_tools.cli.options import Size

FIXTURES = Path(__file__).parents[2] / "fixtures" / "corpora"
ENDS = (0, 1, 2, 3)
_LEFT_OUT = {"engine", "scheduler", "jobs", "help", "version"}
"""Other engines and processes are broken in `faults.py`; here a call must take some milliseconds."""

_NUMBERS = ["1", "3", "7", "1000"]
_TEXTS = ["utf-8", "article", "PR005", "PR005=90%", "2024-05-14", "fix_encoding", "fix-encoding,decide", "body=text",
          "farrow-17", "text"]  # fmt: skip
_UNFIT = ["", " ", "0", "-1", "1e3", "99999999999999999999", "7k", "no-such", "2024-02-30", "HEAD~1", "mine.py:count",
          "x=y=z", "=", "text:out.txt", "é", "\udc80", "a\nb", "-", "--", "x" * 300]  # fmt: skip
_TOML = ['"x"', '""', "5", "-1", "1.5", "true", '"\\u0000"', "[]", "[5]", '["x"]', '[["a", "b"]]', "{a = 1}",
         "2024-05-14", '"PR005=1"', '"utf-8"', '"fix-encoding"', '["decide"]', '"raw.jsonl"']  # fmt: skip
_FILES = ["raw.jsonl", "made.jsonl", "table.csv", "pages", "clean.jsonl", "index", "-", "raw.jsonl", "clean.jsonl"]
_IDS = ["farrow-17", "courier-4410", "courier-4410-b", "bb-tin-1"]
_PLACES = {
    "out": ["clean.jsonl"],
    "run": ["clean.jsonl"],
    "name": [*_IDS, "article"],
    "one": _IDS,
    "other": _IDS,
    "pairs_file": ["pairs.jsonl"],
    "folder": ["index", "index", "new-index"],
    "states": ["raw.jsonl", "clean.jsonl", "made.jsonl", "table.csv"],
    "shell": ["bash", "zsh", "fish"],
}
"""What fits an argument, by its name."""
_OTHERS = ["clean.removed.jsonl", "clean.ledger.jsonl", "clean.run.json", "damaged.run.json", "rules.toml",
           "pairs.jsonl", "empty.jsonl", "not-there.jsonl", "no-folder/out.jsonl", "."]  # fmt: skip

_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=5,
)
_NAMES = st.sampled_from(
    [
        "id",
        "url",
        "title",
        "text",
        "source",
        "author",
        "published_at",
        "license",
        "flags",
        "language",
        "duplicate_of",
        "syndication_chain",
        "source_line",
        "publisher",
        "x",
    ]
)
_RECORDS = st.dictionaries(
    _NAMES, _VALUES | st.sampled_from(["cafÃ©", "The ferry sails. (AP)", "© 2024 ANA"]), max_size=5
)
_LINES = st.lists(_RECORDS.map(json.dumps) | st.text(max_size=30), max_size=6)


def verbs(
    group: click.Group = corpus_tools, before: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every verb with the words that call it."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from verbs(command, (*before, name))
        else:
            yield (*before, name), command


def _option(option: click.Option) -> st.SearchStrategy[list[str]]:
    name = st.sampled_from([*option.opts, *option.secondary_opts])
    if option.is_flag:
        return name.map(lambda name: [name])
    match option.type:
        case click.Choice():
            values = [*map(str, option.type.choices)]
        case click.Path():
            values = ["out.jsonl", "out", *_FILES, *_OTHERS]
        case click.types.IntParamType() | Size():
            values = _NUMBERS
        case _:
            values = _TEXTS
    return st.tuples(name, _mostly(values, _UNFIT)).map(list)


def _mostly(values: list[str], others: list[str]) -> st.SearchStrategy[str]:
    return st.integers(0, 9).flatmap(lambda dice: st.sampled_from(others if dice == 9 else values))


def _argument(argument: click.Argument) -> st.SearchStrategy[list[str]]:
    if isinstance(argument.type, click.Choice):
        return _mostly(list(argument.type.choices), _UNFIT).map(lambda value: [value])
    values = _PLACES.get(argument.name or "", _FILES)
    fewest, most = (2, 2) if argument.name == "states" else (1, 1) if argument.nargs == 1 else (0, 2)
    return st.lists(_mostly(values, _OTHERS + _UNFIT), min_size=fewest, max_size=most)


def _calls(words: tuple[str, ...], command: click.Command) -> st.SearchStrategy[list[str]]:
    options = [p for p in command.params if isinstance(p, click.Option) and p.name not in _LEFT_OUT]
    chosen = st.lists(st.sampled_from(options).flatmap(_option), max_size=3)
    arguments = st.tuples(*(_argument(p) for p in command.params if isinstance(p, click.Argument)))
    return st.tuples(chosen, arguments).map(lambda parts: [*words, *itertools.chain(*parts[0], *parts[1])])


CALLS = st.sampled_from(list(verbs())).flatmap(lambda verb: _calls(*verb))
_SETTINGS = st.just([]) | st.lists(
    st.tuples(
        st.sampled_from(
            sorted({o.strip("-") for _, c in verbs() for p in c.params if p.name not in _LEFT_OUT for o in p.opts})
        ),
        st.sampled_from(_TOML),
    ),
    max_size=2,
    unique_by=lambda pair: pair[0],
)


def prepare(folder: Path) -> None:
    """The files that calls name: a corpus, what a run made of it, an index, rules, and damaged ones."""
    shutil.copy(FIXTURES / "raw_news.jsonl", folder / "raw.jsonl")
    shutil.copy(FIXTURES / "briefs.csv", folder / "table.csv")
    shutil.copytree(FIXTURES / "pages", folder / "pages")
    (folder / "empty.jsonl").touch()
    (folder / "rules.toml").write_text('[[agency]]\nname = "Arah News"\ncodes = ["ARN"]\n', encoding="utf-8")
    made = ["mark-duplicates", "raw.jsonl", "--pairs", "pairs.jsonl", "-o", "marked.jsonl", "-q", "-j", "1"]
    (folder / "damaged.run.json").write_text('{"counts": 5, "options": []}', encoding="utf-8")
    for line in (
        made,
        ["clean", "raw.jsonl", "-o", "clean.jsonl", "-q", "-j", "1"],
        ["index", "build", "index", "clean.jsonl"],
    ):
        assert attempt(folder, line)[0] == 0, line


def attempt(folder: Path, line: Sequence[str], said: bytes = b"") -> tuple[int, str]:
    """Make one call in a folder: its exit code, and what it says on stderr."""
    here, streams = Path.cwd(), (sys.stdin, sys.stdout, sys.stderr)
    with tempfile.TemporaryDirectory() as place, contextlib.ExitStack() as stack:
        Path(place, "in").write_bytes(said)
        try:
            os.chdir(folder)
            sys.stdin = stack.enter_context(Path(place, "in").open(encoding="utf-8"))
            sys.stdout = stack.enter_context(Path(place, "out").open("w", encoding="utf-8"))
            sys.stderr = stack.enter_context(Path(place, "err").open("w", encoding="utf-8", errors="backslashreplace"))
            code = call(list(line))
            sys.stderr.flush()
        finally:
            os.chdir(here)
            sys.stdin, sys.stdout, sys.stderr = streams
        return code, Path(place, "err").read_text(encoding="utf-8", errors="replace")


def judge(folder: Path, line: Sequence[str], code: int, told: str) -> None:
    """Raise AssertionError where a call ended badly."""
    assert code in ENDS, f"{line} ended with {code}: {told[-2000:]}"
    assert "Traceback" not in told, f"{line} ended with a traceback: {told[-2000:]}"
    assert code < 2 or told.strip(), f"{line} failed with {code} and without a word"
    hidden = [str(path) for path in folder.rglob(".*") if path.name != ".corpus_tools"]
    assert not hidden, f"{line} left {hidden}"
    for manifest in folder.glob("out*.run.json"):
        counts = json.loads(manifest.read_text(encoding="utf-8"))["counts"]
        assert counts["read"] == counts["kept"] + counts["removed"] + counts["quarantined"], (
            f"{line} lost records: {counts}"
        )


def play(examples: int, number: int | None = None) -> Counter[int]:
    """Make so many calls, and count how they ended; raises AssertionError with the shortest call that ended badly."""
    ends: Counter[int] = Counter()
    with tempfile.TemporaryDirectory(prefix="corpus_tools.commands.") as place:
        whole = Path(place, "whole")
        whole.mkdir()
        prepare(whole)

        @settings(max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(CALLS, _LINES, _SETTINGS, st.booleans())
        def one(line: list[str], made: list[str], asked: list[tuple[str, str]], shared: bool) -> None:
            folder = Path(place, "one")
            shutil.copytree(whole, folder)
            try:
                lines = "\n".join(made).encode("utf-8", "replace")
                (folder / "made.jsonl").write_bytes(lines)
                table = "" if shared else f"[{line[0]}]\n"
                rows = "\n".join(f"{name} = {value}" for name, value in asked)
                (folder / "corpus-tools.toml").write_text(f"{table}{rows}\n", encoding="utf-8")
                code, told = attempt(folder, line, lines)
                judge(folder, line, code, f"{told}\nsettings: {table}{rows}\nmade.jsonl: {lines!r}")
                ends[code] += 1
            finally:
                shutil.rmtree(folder)

        (seed(number)(one) if number is not None else one)()
    return ends


def main() -> int:
    """Make the calls, and say how they ended."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--examples", type=int, default=5000)
    ask.add_argument("--seed", type=int, default=1)
    given_ = ask.parse_args()
    warnings.simplefilter("ignore")
    try:
        ends = play(given_.examples, given_.seed)
    except (AssertionError, ExceptionGroup) as wrong:
        for error in getattr(wrong, "exceptions", (wrong,)):
            sys.stdout.write(f"WRONG {error}\n")
        return 1
    sys.stdout.write(f"seed {given_.seed}: {ends.total():,} calls, by exit code {dict(sorted(ends.items()))}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
