"""The folder that a run on many machines writes: parts, and one manifest that comes last."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from typing import Any

from corpus_tools.cluster.files import FileFlow
from corpus_tools.cluster.flow import Ran
from corpus_tools.cluster.job import WORK, Job
from corpus_tools.cluster.sources import find_files, sources_of
from corpus_tools.cluster.store import Store
from corpus_tools.cluster.tasks import Each
from corpus_tools.cluster.work import finish_part
from corpus_tools.errors import OutputError, UsageError
from corpus_tools.io.outputs import manifest_json
from corpus_tools.io.parted import BESIDE, MANIFEST
from corpus_tools.progress import Progress
from corpus_tools.settings import Settings


class Folder:
    """The folder of one run; it is complete when it has its manifest."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._store = Store(settings.output.rstrip("/"))

    def run(self, inputs: Sequence[str], each: Each, tell: Progress) -> Ran:
        """Run the chain and write the parts."""
        settings = self._settings
        kind, whole = settings.reading.get("format"), bool(settings.reading.get("encoding"))
        sources = sources_of(find_files(inputs, kind), kind, settings.part_bytes, whole=whole)
        return FileFlow(Job.of(settings, len(sources)), each, finish_part, tell, sources).run()

    def told(self) -> dict[str, str]:
        """What stands where, for the manifest."""
        address = self._store.address
        beside = {kind: f"{address}/{kind}" for kind in BESIDE} | {"run": f"{address}/{MANIFEST}"}
        return {"output": address} | (beside if self._settings.sidecars else {})

    def finish(self, manifest: dict[str, Any]) -> None:
        """Write the manifest."""
        if self._settings.sidecars:
            self._store.write(MANIFEST, manifest_json(manifest))


@contextlib.contextmanager
def opened(settings: Settings) -> Iterator[Folder]:
    """The folder for the length of a run; of a run that fails nothing stays. UsageError for what Dask can't do."""
    _refuse(settings)
    with filled(Store(settings.output.rstrip("/"))):
        yield Folder(settings)


@contextlib.contextmanager
def filled(store: Store) -> Iterator[None]:
    """A folder that a run may fill for the length of the block; OutputError where something is in it.

    In the end unfinished things go, and all of it where the run fails.
    """
    if there := store.names():
        raise OutputError(
            f"{store.address} is not empty: it has {there[0]}. Name another folder, or remove what is in it."
        )
    done = False
    try:
        yield
        done = True
    finally:
        (store.below(WORK) if done else store).remove()


def _refuse(settings: Settings) -> None:
    if settings.output == "-":
        raise UsageError("--engine dask writes a folder of parts. Name one: -o clean/ or -o s3://bucket/clean/.")
    if settings.output_format not in (None, "jsonl"):
        raise UsageError(f"--engine dask writes JSON lines, and no {settings.output_format}. Leave --to out.")
    given = {
        "index": settings.index,
        "pairs": settings.pairs,
        "audit": settings.audit,
        "resume": settings.resume,
        "dry-run": settings.dry_run,
        "overrule": settings.common.get("overrule"),
        "limit": settings.reading.get("limit"),
    }
    for name in (name for name, value in given.items() if value is not None and value is not False):
        raise UsageError(f"--{name} is for one machine. Leave it out, or leave --engine dask out.")
