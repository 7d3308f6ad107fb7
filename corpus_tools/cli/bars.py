"""A line for each phase of long work: how much is done, how fast, and how long it still takes.

Imported only where somebody looks: rich takes a while.
"""

from __future__ import annotations

from rich.console import Console, RenderableType
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TaskID, TextColumn
from rich.table import Column
from rich.text import Text

_ROOM_FOR_BAR, _ROOM_FOR_RATE = 74, 50


class Phases:
    """The lines on a terminal, for the length of a `with` block; they vanish with it. Call it as a `Progress`."""

    def __init__(self, console: Console) -> None:
        columns = (
            TextColumn("{task.description:<15}", table_column=Column(no_wrap=True, overflow="ellipsis")),
            _Bar(console),
            _Share(),
            _Records(),
            _Rate(console),
            _Time(),
        )
        # Records may be on their way through stdout, so only stderr is kept clear of the lines.
        self._lines = Progress(*columns, console=console, transient=True, redirect_stdout=False, refresh_per_second=5)
        self._at: tuple[str, TaskID] | None = None

    def __enter__(self) -> Phases:
        self._lines.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._lines.stop()

    def __call__(self, doing: str, records: int, share: float | None = None, /) -> None:
        """Show it."""
        if self._at is None or self._at[0] != doing:
            self._end_phase()
            self._at = doing, self._lines.add_task(doing, total=None if share is None else 1.0, records=0, heard=0.0)
        task = self._lines.tasks[-1]
        told = task.fields["records"] + records
        self._lines.update(task.id, completed=share or 0.0, records=told, heard=task.elapsed or 0.0)

    def _end_phase(self) -> None:
        if self._at is not None:
            self._lines.update(self._at[1], total=1.0, completed=1.0)


class _Bar(ProgressColumn):
    def __init__(self, console: Console) -> None:
        super().__init__()
        self._console, self._bar = console, BarColumn(bar_width=16)

    def render(self, task: Task) -> RenderableType:
        """The bar, where there is room for one."""
        return self._bar.render(task) if self._console.width >= _ROOM_FOR_BAR else Text("")


class _Share(ProgressColumn):
    def render(self, task: Task) -> Text:
        """How much is done, where that is known."""
        return Text("" if task.total is None else f"{task.percentage:3.0f} %", justify="right")


class _Records(ProgressColumn):
    def render(self, task: Task) -> Text:
        """How many records that were."""
        records = task.fields["records"]
        return Text(f"{records:,} records" if records else "", justify="right")


class _Rate(ProgressColumn):
    def __init__(self, console: Console) -> None:
        super().__init__()
        self._console = console

    def render(self, task: Task) -> Text:
        """Records a second, from the beginning of the phase until it was last heard of."""
        heard = task.fields["heard"]
        if self._console.width < _ROOM_FOR_RATE or not heard or not task.fields["records"]:
            return Text("")
        return Text(f"{task.fields['records'] / heard:,.0f}/s", justify="right")


class _Time(ProgressColumn):
    max_refresh = 0.5

    def render(self, task: Task) -> Text:
        """How long it still takes at the rate so far; how long it took where that is not known, or over."""
        elapsed, share, heard = task.elapsed or 0.0, task.completed, task.fields["heard"]
        if task.total is None or task.finished or not share:
            return Text(_clock(elapsed), justify="right")
        # Chunks are finished in bursts, so a rate of the last seconds would jump; the time left counts down between.
        left = heard * (1 - share) / share - (elapsed - heard)
        return Text(f"{_clock(max(left, 0))} left", justify="right")


def _clock(seconds: float) -> str:
    """Minutes and seconds, with hours where there are any.

    >>> _clock(75), _clock(3_675)
    ('1:15', '1:01:15')
    """
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
