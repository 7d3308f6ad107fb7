"""Dask, asked for one thing: do these tasks, wherever there is room, and do again what a lost worker was at."""

from __future__ import annotations

import contextlib
import importlib
import sys
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Protocol

from corpus_tools.engines.size import cores, processes
from corpus_tools.engines.worker import Failed
from corpus_tools.errors import InputError, UsageError
from corpus_tools.settings import Settings


class Each(Protocol):
    """Calls a function with each of some arguments, anywhere, and gives the results in their order.

    `values` are Dask's own delayed values, one for each call, which gets it last. Raises what the first call raised.
    """

    def __call__(
        self, function: Callable[..., Any], arguments: Iterable[tuple[Any, ...]], values: Sequence[Any] = ()
    ) -> list[Any]:
        """Call it."""


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
        with _told(distributed, "make the parts smaller: --part-size 16M"):
            yield _each(dask, lambda made: list(client.gather(client.compute(made))))


@contextlib.contextmanager
def tasks_here() -> Iterator[Each]:
    """Dask as it is set up where we are called, for the length of a block: its client if there is one, else threads."""
    dask: Any = importlib.import_module("dask")
    told = _told(sys.modules["distributed"], "repartition the frame") if "distributed" in sys.modules else None
    with told or contextlib.nullcontext():
        yield _each(dask, lambda made: list(dask.compute(*made)))


@contextlib.contextmanager
def _told(distributed: Any, advice: str) -> Iterator[None]:
    """Tell in our words that workers died of one task."""
    try:
        yield
    except distributed.scheduler.KilledWorker as error:
        raise InputError(
            f"Dask gave up: a task took {error.last_worker.address} and others down with it, most likely for want "
            f"of memory. Give the workers more, or {advice}."
        ) from error


def _client(settings: Settings, distributed: Any, stack: contextlib.ExitStack) -> Any:
    if settings.scheduler is None:
        # Without an address its server takes port 8787, and warns where another cluster has it.
        cluster = distributed.LocalCluster(
            n_workers=processes(settings.jobs or cores()),
            threads_per_worker=1,
            dashboard_address="127.0.0.1:0",
            scheduler_kwargs={"dashboard": False},
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
    delayed = dask.delayed(_guarded, pure=False, traverse=False)

    def each(
        function: Callable[..., Any], arguments: Iterable[tuple[Any, ...]], values: Sequence[Any] = ()
    ) -> list[Any]:
        name = f"{function.__name__}-{uuid.uuid4().hex}"  # of other runs the same scheduler may know
        results = compute(
            [
                delayed(function, given, *values[number : number + 1], dask_key_name=f"{name}-{number}")
                for number, given in enumerate(arguments)
            ]
        )
        for result in results:
            if isinstance(result, Failed):
                raise result.error()
        return results

    return each


def _guarded(function: Callable[..., Any], given: tuple[Any, ...], *value: Any) -> Any:
    """What a function gives, or what it raised, in a form that passes between processes."""
    try:
        return function(*given, *value)
    except Exception as error:  # noqa: BLE001  # whatever it is, it is told where it can be shown
        return Failed.of(error)
