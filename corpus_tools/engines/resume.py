"""Going on after a stop: whether a run can, whether it may, and what is left of it when it ends."""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import importlib.util
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

import orjson

from corpus_tools import contract
from corpus_tools.engines.folder import WorkFolder
from corpus_tools.engines.size import unpacked_bytes
from corpus_tools.errors import InputError, OutputError, UsageError, WorkerLost, why
from corpus_tools.index.lock import Lock
from corpus_tools.index.manifest import NAME
from corpus_tools.io.outputs import goes_away, manifest_json
from corpus_tools.io.read import Reader
from corpus_tools.rules import load
from corpus_tools.settings import Settings

WORTH_BYTES = 32 << 20
"""Input from which on a run keeps what it has finished: what is smaller is cleaned again in half a minute."""
_HEAD_BYTES = 1 << 16
_CAN_GO_ON = (KeyboardInterrupt, InputError, OutputError, WorkerLost)
"""What ends a run that may well succeed the next time."""


class Work:
    """The work folder of one run, or none where the run can't go on after a stop. Leave the `with` block when the
    outputs are there: after `finished` the folder goes.
    """  # noqa: D205  # one sentence

    def __init__(self, reader: Reader, settings: Settings) -> None:
        self.folder: WorkFolder | None = None
        self._lock: Lock | None = None
        self._finished = False
        obstacle = _obstacle(reader, settings)
        if settings.resume and obstacle:
            raise UsageError(f"--resume needs input and output that are files, and {obstacle}.")
        size = unpacked_bytes(reader) or 0
        if obstacle is None and (settings.resume or size >= WORTH_BYTES):
            self._open(reader, settings)

    def _open(self, reader: Reader, settings: Settings) -> None:
        path = folder_of(settings.output)
        try:
            path.mkdir(parents=True, exist_ok=True)
            busy = f"Another run is writing {settings.output}. Wait for its end, or name another output."
            self._lock, self.folder = Lock(path, busy), WorkFolder(path)
            said, told = identity(reader, settings), path / "run.json"
            if settings.resume and told.is_file():
                _check_same(told, said)
            else:
                _clear(path)
                told.write_bytes(manifest_json(said))
        except OSError as error:
            self._let_go()
            raise OutputError(f"{path} could not be written: {why(error)}.") from error
        except BaseException:
            self._let_go()
            raise

    def finished(self) -> None:
        """The outputs are in their places."""
        self._finished = True

    def __enter__(self) -> Work:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.folder is None:
            return
        if not self._finished and isinstance(error, _CAN_GO_ON) and self.folder.has_parts():
            error.add_note(f"What was finished waits in {self.folder.path}: the same command with --resume goes on.")
            self._let_go()
            return
        # The lock goes last: until then nobody else may begin here.
        (self.folder.path / "run.json").unlink(missing_ok=True)
        self.folder.remove()
        self._let_go()

    def _let_go(self) -> None:
        if self._lock is not None:
            self._lock.release()


def folder_of(output: str) -> Path:
    """The work folder of an output.

    >>> folder_of("data/out.jsonl").as_posix()
    'data/.out.jsonl.work'
    """
    path = Path(output)
    return path.with_name(f".{path.name}.work")


def _obstacle(reader: Reader, settings: Settings) -> str | None:
    if settings.dry_run:
        return "--dry-run writes nothing"
    if goes_away(settings.output):
        return "the output is a pipe"
    lost = next((path for path in reader.paths if not Path(path).is_file()), None)
    if lost is not None:
        return f"{'standard input' if lost == '-' else lost} can be read only once"
    return None


def identity(reader: Reader, settings: Settings) -> dict[str, Any]:
    """What must be the same for a run to go on: input, options, rules, and the program itself."""
    given = dataclasses.asdict(settings)
    for name in ("jobs", "resume"):  # who does the work leaves no trace in it
        del given[name]
    said = {
        "contract": contract.VERSION,
        "python": ".".join(map(str, sys.version_info[:3])),
        "program": _program(),
        "rules": load.fingerprint(settings.common.get("rules")),
        "own": {place: _hash(Path(file)) for place, file in _own_files(settings)},
        "options": given,
        "index": None if settings.index is None else _hash(settings.index / NAME),
        "inputs": {str(number): _input(path) for number, path in enumerate(reader.paths)},
    }
    plain: dict[str, Any] = orjson.loads(manifest_json(said))
    return plain


def _program() -> str:
    """SHA-256 over this package's own files: a version number says too little while it is being worked on."""
    digest = hashlib.sha256()
    package = Path(__file__).parents[1]
    for file in sorted([*package.rglob("*.py"), *Path(contract.__file__).parents[1].glob("schemas/*.py")]):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _own_files(settings: Settings) -> Iterator[tuple[str, str]]:
    """The user's own files and modules that take part."""
    names = (str(settings.common.get(option) or "") for option in ("schema", "overrule"))
    for name in (*(settings.steps or ()), *names):
        place = name.rpartition(":")[0] or name
        if Path(place).suffix in (".py", ".yaml", ".yml", ".jsonl", ".csv") and Path(place).is_file():
            yield place, place
        elif ":" in name:
            with contextlib.suppress(ModuleNotFoundError, ValueError):
                spec = importlib.util.find_spec(place)
                if spec is not None and spec.origin is not None:
                    yield place, spec.origin


def _input(path: str) -> list[Any]:
    file = Path(path)
    found = file.stat()
    with file.open("rb") as opened:
        head = hashlib.sha256(opened.read(_HEAD_BYTES)).hexdigest()
    return [path, found.st_size, found.st_mtime_ns, head]


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


_IN_WORDS = {
    "contract": "the contract of columns",
    "python": "the version of Python",
    "program": "corpus-tools itself",
    "rules": "a rule file",
    "index": "the index",
}


def _check_same(told: Path, now: Mapping[str, Any]) -> None:
    try:
        before = orjson.loads(told.read_bytes())
    except orjson.JSONDecodeError:
        before = {}
    changed = next((what for what in _differences(before, now)), None)
    if changed is not None:
        raise UsageError(
            f"The run in {told.parent} can't go on: {changed} has changed since. Start over without --resume."
        )


def _differences(before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    for name, value in now.items():
        had = before.get(name)
        if had == value:
            continue
        if not (isinstance(value, dict) and isinstance(had, dict)):
            yield _IN_WORDS.get(name, name)
            continue
        for key in [*value, *(key for key in had if key not in value)]:
            if had.get(key) == value.get(key):
                continue
            if name == "inputs":
                yield f"the input {(value.get(key) or had[key])[0]}"
            elif name == "own":
                yield f"{key}"
            elif isinstance(value.get(key), dict) and isinstance(had.get(key), dict):
                yield from (f"the option {inner}" for inner in {**had[key], **value[key]}
                            if had[key].get(inner) != value[key].get(inner))  # fmt: skip
            else:
                yield f"the option {key}"


def _clear(path: Path) -> None:
    """Remove what a run left here that nobody goes on with."""
    for file in path.iterdir():
        if file.name != "lock":
            file.unlink()
