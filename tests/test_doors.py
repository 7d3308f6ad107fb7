"""Nobody gets in: no code comes out of data, indexes or settings, and no name in them leads out of a folder."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus_tools.__main__ import main

ROOT = Path(__file__).parent.parent
MODULES = sorted([*(ROOT / "corpus_tools").rglob("*.py"), *(ROOT / "schemas").rglob("*.py")])

NEVER = {"marshal", "shelve", "dill", "cloudpickle", "joblib", "runpy", "code", "ctypes"}
"""Modules that make code or objects of bytes."""
PICKLES = {
    "corpus_tools/difference/compare.py",  # a temporary file without a name
    "corpus_tools/engines/bench.py",  # a temporary file without a name
    "corpus_tools/engines/processes.py",  # a pipe to a process of its own
    "corpus_tools/engines/worker.py",  # the other end of it
    "corpus_tools/index/marks.py",  # a temporary file without a name
    "corpus_tools/io/plain.py",  # files with names; it knows values alone
    "corpus_tools/io/spool.py",  # a temporary file without a name
}
"""Who may use pickle, and for what."""
CALLS = {"eval", "exec", "compile", "__import__"}
OPENED_BY_NAME = {"corpus_tools/own.py"}
"""Who runs a Python file: the one that a person names."""


def _nodes(path: Path) -> Iterator[ast.AST]:
    return ast.walk(ast.parse(path.read_text(encoding="utf-8")))


def _imported(path: Path) -> set[str]:
    found = set()
    for node in _nodes(path):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_module_makes_code_or_objects_of_what_it_reads(path: Path) -> None:
    name, imported = path.relative_to(ROOT).as_posix(), _imported(path)
    assert not imported & NEVER
    assert ("pickle" in imported) == (name in PICKLES)
    for node in _nodes(path):
        if isinstance(node, ast.Call):
            called = node.func
            plain = called.id if isinstance(called, ast.Name) else None
            member = called.attr if isinstance(called, ast.Attribute) else None
            assert not ast.unparse(called).startswith("yaml."), f"line {node.lineno}"
            assert plain not in CALLS, f"line {node.lineno}"
            assert member not in ("system", "popen", "read_pickle"), f"line {node.lineno}"
            assert member != "exec_module" or name in OPENED_BY_NAME, f"line {node.lineno}"
            asked = {keyword.arg: ast.unparse(keyword.value) for keyword in node.keywords}
            assert asked.get("shell", "False") == "False", f"line {node.lineno}"
            assert asked.get("allow_pickle", "False") == "False", f"line {node.lineno}"


@pytest.mark.parametrize(
    "said",
    [
        'schema_type: dataframe\ncolumns: !!python/object/apply:pathlib.Path.touch ["PLANTED"]\n',
        "a: [",
        "42",
        "- 1",
        "schema_type: dataframe\ncolumns: 3",
        "schema_type: dataframe\ncolumns: {a: 3}",
        "schema_type: dataframe\ncolumns: {a: {dtype: nonsense}}",
        "schema_type: dataframe\ncolumns: {text: {dtype: str, checks: {nonsense: 3}}}",
        "\0",
    ],
)
def test_a_schema_in_yaml_calls_nothing_and_one_that_is_none_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], said: str
) -> None:
    planted, schema, source = tmp_path / "planted", tmp_path / "schema.yaml", tmp_path / "in.jsonl"
    schema.write_text(said.replace("PLANTED", str(planted)))
    source.write_text('{"text": "The ferry sails again on Thursday."}\n')
    assert main(["validate", str(source), "--schema", str(schema)]) == 2
    assert not planted.exists()
    assert str(schema) in capsys.readouterr().err


LEADING_OUT = ("../../evil", "/evil", "..\\..\\evil", "~/evil", "a/../../../evil", "C:\\evil", "evil\0", "file:///evil")


@pytest.mark.parametrize("ending", [".jsonl", ".csv", ".parquet"])
def test_no_value_of_a_record_is_a_place_to_write_to(tmp_path: Path, ending: str) -> None:
    names = (
        "id",
        "url",
        "source",
        "title",
        "author",
        "source_file",
        "duplicate_of",
        "cluster_id",
        "license",
        "x/../../y",
    )
    home = tmp_path / "a" / "b" / "home"
    home.mkdir(parents=True)
    (home / "in.jsonl").write_text("".join(
        json.dumps({"text": f"The ferry to Marl sails again on day {number}.", **dict.fromkeys(names, value)}) + "\n"
        for number, value in enumerate(LEADING_OUT)
    ))  # fmt: skip
    out = home / f"out{ending}"
    assert main(["clean", "-q", str(home / "in.jsonl"), "-o", str(out)]) == 0
    assert main(["index", "build", str(home / "index"), str(home / "in.jsonl")]) == 0
    assert main(["report", str(out), "-o", str(home / "report.html")]) == 0
    assert main(["restore", str(out), "-o", str(home / "back.jsonl")]) == 0
    there = {path.name for path in home.iterdir()}
    kinds = ("findings", "ledger", "quarantine", "removed", "run")
    beside = {path for path in there if path.split(".")[:2][-1] in kinds}
    assert there - beside == {"in.jsonl", out.name, "index", "report.html", "back.jsonl"}
    for folder in (home.parent.parent, home.parent, home):
        assert list(folder.parent.iterdir()) == [folder]


def test_a_manifest_of_a_run_names_no_file_elsewhere(tmp_path: Path) -> None:
    """`restore` reads what stands beside the records, whatever folder the manifest names."""
    home, elsewhere = tmp_path / "home", tmp_path / "elsewhere"
    home.mkdir()
    elsewhere.mkdir()
    (home / "in.jsonl").write_text('{"text": "The ferry sails again on Thursday."}\n')
    assert main(["clean", "-q", str(home / "in.jsonl"), "-o", str(home / "out.jsonl")]) == 0
    manifest = json.loads((home / "out.run.json").read_text())
    (home / "out.ledger.jsonl").rename(elsewhere / "secret.jsonl")
    manifest["outputs"]["ledger"] = str(elsewhere / "secret.jsonl")
    (home / "out.run.json").write_text(json.dumps(manifest))
    assert main(["restore", str(home / "out.jsonl"), "-o", str(home / "back.jsonl")]) == 3
    assert not (home / "back.jsonl").exists()
