"""Settings from `corpus-tools.toml`, or from `[tool.corpus-tools]` in `pyproject.toml`.

    rules = "our_rules.toml"          # any long option of the command line, for every verb that has it
    steps = ["fix_encoding", "my_steps.py:count_words", "decide"]

    [clean]                           # for one verb
    fail-on = "error"

    [step.detect_language]            # options of a step
    min_chars = 30

    [[waiver]]                        # see corpus_tools.checking.waivers
    code = "missing-license"
    reason = "Licences are being cleared."
    expires = 2030-06-30

The nearest file, from the working folder upwards, is read; the command line comes first.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from corpus_tools.errors import InputError, UsageError, why
from corpus_tools.text.toml import parse_toml

FILE = "corpus-tools.toml"


@dataclass(frozen=True, slots=True)
class Config:
    """What a settings file says: `shared` options, options by `verb`, options by `step`, and waivers."""

    path: Path | None = None
    shared: dict[str, Any] = field(default_factory=dict)
    verbs: dict[str, dict[str, Any]] = field(default_factory=dict)
    steps: dict[str, dict[str, Any]] = field(default_factory=dict)
    waivers: tuple[dict[str, Any], ...] = ()


def find_config(start: Path) -> Path | None:
    """The nearest settings file, from `start` upwards."""
    for folder in (start, *start.parents):
        own, project = folder / FILE, folder / "pyproject.toml"
        # A folder or a dead link, too: to go on without its settings could let much through. A pipe would hang.
        if own.is_file() or own.is_dir() or own.is_symlink():
            return own
        if project.is_file() and "corpus-tools" in _parsed(project).get("tool", {}):
            return project
    return None


def load_config(path: Path | None) -> Config:
    """The settings of one file; none at all where `path` is None. Names get underscores for dashes."""
    if path is None:
        return Config()
    table = _parsed(path)
    if path.name == "pyproject.toml":
        table = table.get("tool", {}).get("corpus-tools", {})
    shared: dict[str, Any] = {}
    verbs: dict[str, dict[str, Any]] = {}
    steps: dict[str, dict[str, Any]] = {}
    waivers = table.pop("waiver", [])
    if not isinstance(waivers, list) or not all(isinstance(waiver, dict) for waiver in waivers):
        raise UsageError(f"{path}: a waiver opens with [[waiver]], in double brackets.")
    for name, value in table.items():
        if name == "step":
            if not isinstance(value, dict) or not all(isinstance(options, dict) for options in value.values()):
                raise UsageError(f"{path}: [step] holds tables, e.g. [step.detect_language], then min_chars = 30.")
            steps = {_plain(step): dict(options) for step, options in value.items()}
        elif isinstance(value, dict):
            verbs[name.replace("_", "-")] = {
                _plain(option): _anchored(_plain(option), setting, path.parent) for option, setting in value.items()
            }
        else:
            shared[_plain(name)] = _anchored(_plain(name), value, path.parent)
    return Config(path, shared, verbs, steps, tuple(waivers))


def _anchored(option: str, value: Any, folder: Path) -> Any:  # any TOML value
    """A setting whose files are looked for beside the settings file, wherever the command is called from."""
    if option == "steps":
        steps = value.split(",") if isinstance(value, str) else value
        if not isinstance(steps, list) or not all(isinstance(step, str) for step in steps):
            raise UsageError(f'`steps` in a settings file takes names, e.g. steps = ["fix_encoding"], not {value!r}.')
        return [str(folder / step) if ".py:" in step else step for step in steps]
    if not isinstance(value, str):
        return value
    if option in ("rules", "baseline", "write_baseline"):
        return str(folder / value)
    if option == "schema" and Path(value.rpartition(":")[0] or value).suffix in (".py", ".yaml", ".yml"):
        return str(folder / value)
    return value


def _plain(name: str) -> str:
    return name.replace("-", "_")


def _parsed(path: Path) -> dict[str, Any]:
    if path.is_dir():
        raise InputError(f"{path} should hold settings, and is a folder. Rename it, or name a file with --config.")
    try:
        return parse_toml(path.read_bytes())
    except ValueError as error:
        raise UsageError(f"{path} is not valid TOML: {error}") from error
    except OSError as error:
        raise InputError(f"{path} can't be read: {why(error)}. Mend it, or name another with --config.") from error
