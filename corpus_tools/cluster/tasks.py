"""Dask, asked for one thing: do these tasks, wherever there is room, and do again what a lost worker was at."""

from __future__ import annotations

import contextlib
import importlib
import itertools
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from corpus_tools.engines.size import cores
from corpus_tools.engines.worker import Failed
from corpus_tools.errors import InputError, UsageError
from corpus_tools.settings import Settings

Each = Callable[[Callable[..., Any], Iterable[tuple[Any, ...]]], list[Any]]
"""Calls a function with each of some arguments, anywhere, and gives the results in their order; raises what the
first of them raised."""

_HERE = ("threads", "synchronous")


@contextlib.contextmanager
def tasks(settings: Settings) -> Iterator[Each]:
    """Dask as the settings say, for the length of the block; UsageError where it is not installed or not there."""
    try:
        dask: Any = importlib.import_module("dask")
        distributed: Any = importlib.import_module("distributed")
    except ImportError as error:
        raise UsageError("--engine dask needs Dask: pip install 'corpus-tools[dask]'.") from error
    if settings.scheduler in _HERE:
        with dask.config.set(scheduler=settings.scheduler):
            yield _each(dask, lambda made: list(dask.compute(*made)))
        return
    with contextlib.ExitStack() as stack:
        client = stack.enter_context(_client(settings, distributed, stack))
        try:
            yield _each(dask, lambda made: list(client.gather(client.compute(made))))
        except distributed.scheduler.KilledWorker as error:
            raise InputError(
                f"Dask gave up: a task took {error.last_worker.address} and others down with it, most likely for want "
                "of memory. Give the workers more, or make the parts smaller: --part-size 16M."
            ) from error


def _client(settings: Settings, distributed: Any, stack: contextlib.ExitStack) -> Any:
    if settings.scheduler is None:
        cluster = distributed.LocalCluster(
            n_workers=settings.jobs or cores(), threads_per_worker=1, dashboard_address=None
        )
        return distributed.Client(stack.enter_context(cluster))
    try:
        return distributed.Client(settings.scheduler, timeout=10)
    except (OSError, ValueError) as error:
        raise UsageError(
            f"No Dask scheduler answers at {settings.scheduler}. Start one with `dask scheduler`, and workers with "
            f"`dask worker {settings.scheduler}`."
        ) from error


def _each(dask: Any, compute: Callable[[list[Any]], list[Any]]) -> Each:
    delayed, turns = dask.delayed(_guarded, pure=False, traverse=False), itertools.count()

    def each(function: Callable[..., Any], arguments: Iterable[tuple[Any, ...]]) -> list[Any]:
        name = f"{function.__name__}-{next(turns)}"
        results = compute(
            [delayed(function, given, dask_key_name=f"{name}-{number}") for number, given in enumerate(arguments)]
        )
        for result in results:
            if isinstance(result, Failed):
                raise result.error()
        return results

    return each


def _guarded(function: Callable[..., Any], given: tuple[Any, ...]) -> Any:
    """What a function gives, or what it raised, in a form that passes between processes."""
    try:
        return function(*given)
    except Exception as error:  # noqa: BLE001  # whatever it is, it is told where it can be shown
        return Failed.of(error)
