"""Python files of the user's own, from which steps and schemas are taken."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

from corpus_tools.errors import InputError


def module_from(path: Path, wanted: str) -> ModuleType:
    """The file as a module; `wanted` says what is looked for in it, e.g. "a step".

    Raises InputError where there is no such file, and whatever the file itself raises.
    """
    if not path.is_file():
        raise InputError(f"There is no file {path} to take {wanted} from.")
    name = f"corpus_tools_own_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses and pickles look their module up by its name
    spec.loader.exec_module(module)
    return module
