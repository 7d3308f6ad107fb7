"""The import walls: rooms know only the rooms below them, neighbours don't know each other, only cli prints."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "corpus_tools"
MODULES = sorted(PACKAGE.rglob("*.py"))

FLOOR = {"errors", "own", "settings", "flags", "ledger", "cells", "contract", "progress", "shown"}
"""What everybody may know."""

ALLOWED = {
    "text": set(),
    "rules": {"text"},
    "index": {"text", "rules"},
    "protocol": set(),
    "steps": {"protocol", "rules", "index", "text"},
    "decision": {"protocol", "rules"},
    "validation": {"protocol", "schemas", "text"},
    "report": {"text"},
    "io": {"text", "rules"},
    "git": {"io"},
    "chain": {"protocol"},
    "pipeline": {"io", "protocol"},
    "audit": {"io"},
    "config": {"text"},
    "engines": {"audit", "chain", "index", "io", "pipeline", "protocol", "report", "rules"},
    "tables": {"audit", "io", "pipeline", "report", "rules"},
    "cluster": {"chain", "engines", "index", "io", "pipeline", "protocol", "report", "steps", "tables", "text"},
    "run": {"audit", "chain", "cluster", "engines", "index", "io", "pipeline", "report", "rules", ""},
    "checking": {"audit", "chain", "git", "index", "io", "pipeline", "report", "rules", "text", ""},
    "frames": {"chain", "cluster", "io", "pipeline", "report", "tables"},
    "difference": {"git", "index", "io", "report", "text"},
    "restore": {"audit", "io"},
    "story": {"audit", "decision"},
    "comparison": {"audit", "story", "text"},
    "sample": {"restore", "story", "survey"},
    "ask": {"comparison", "frames", "io", "report", "story", "survey"},
    "draw": {"io", "report", "survey"},
    "survey": {"audit", "decision", "io", "restore"},
    "pairs": {"io", "text"},
    "cli": set(
        "audit chain checking comparison config decision difference draw index io pairs pipeline protocol report "
        "restore rules run sample story survey validation".split()
    )
    | {""},
    "__main__": {"cli"},
    "__init__": {"ask", "decision", "draw", "frames", "io", "protocol", "steps"},
}  # fmt: skip


def room(module: str) -> str:
    """The room of a module named from the package on; the package itself is the room ''."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else ""


def imports(path: Path) -> set[str]:
    """The modules of ours that a file imports, wherever in the file it does."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return {name for name in found if name.split(".")[0] == "corpus_tools"}


def called(path: Path) -> set[str]:
    """The names of plain functions that a file calls."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_imports_only_from_rooms_below_its_own(path: Path) -> None:
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    own = parts[0]
    for name in imports(path):
        target = room(name) if name != "corpus_tools" else ""
        if target in FLOOR or target == own or (target, own) == ("__version__", "cli"):
            continue
        assert target in ALLOWED[own], f"{path.name} is in the room {own} and imports {name}"


@pytest.mark.parametrize("path", sorted((PACKAGE / "steps").glob("[a-z]*.py")), ids=lambda path: path.stem)
def test_a_step_imports_no_other_step(path: Path) -> None:
    assert not [name for name in imports(path) if room(name) == "steps"]


def test_schemas_import_nothing_of_ours() -> None:
    for path in (PACKAGE.parent / "schemas").glob("*.py"):
        assert not {name for name in imports(path) if room(name) != "schemas"}


def test_text_knows_no_pandas() -> None:
    for path in (PACKAGE / "text").glob("*.py"):
        assert "pandas" not in path.read_text(encoding="utf-8").replace("no pandas", "")


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_only_the_command_line_prints_or_exits(path: Path) -> None:
    if path.relative_to(PACKAGE).parts[0] not in ("cli", "__main__.py"):
        assert not called(path) & {"print", "exit", "input"}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_module_is_longer_than_400_lines(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400
