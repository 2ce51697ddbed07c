"""How a pipeline is doing: how often it succeeds, for how long it is red, how long its runs take. No Django here.

A pipeline is red from the end of a run that failed until the end of the next one that succeeds. Those that were
cancelled or skipped say nothing of it. Figures are those of metrics.md: durations are hidden below five of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median, quantiles

SUCCESS, FAILED = "success", "failed"
JUDGED = (SUCCESS, FAILED)
FEWEST = 5  # durations, below which a median would mislead
Interval = tuple[datetime, datetime]


@dataclass(frozen=True, kw_only=True)
class Run:
    """One that has ended; times are aware. `queued_at` and `started_at` as far as the sender told them."""

    status: str
    finished_at: datetime
    queued_at: datetime | None = None
    started_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Figures:
    """Of one pipeline in one window: `judged` runs succeeded or failed, `red` is how long it was red.

    `run_times` (of those that succeeded) and `queue_times` are in seconds.
    """

    judged: int
    succeeded: int
    red: timedelta
    run_times: Sequence[float]
    queue_times: Sequence[float]

    @property
    def share(self) -> float | None:
        """Successes of all judged runs, 0 to 1; None where there are none."""
        return self.succeeded / self.judged if self.judged else None

    @property
    def run_time(self) -> timedelta | None:
        """The median; None below five."""
        return _median(self.run_times)

    @property
    def run_time_p90(self) -> timedelta | None:
        return _p90(self.run_times)

    @property
    def queue_time(self) -> timedelta | None:
        """The median; None below five."""
        return _median(self.queue_times)

    @property
    def queue_time_p90(self) -> timedelta | None:
        return _p90(self.queue_times)


def figures(runs: Iterable[Run], since: datetime, until: datetime) -> Figures:
    """Of the runs that ended in [since, until]; the last judged one before tells whether it was red at `since`."""
    runs = list(runs)
    within = [run for run in runs if since <= run.finished_at <= until]
    judged = [run for run in within if run.status in JUDGED]
    succeeded = [run for run in judged if run.status == SUCCESS]
    return Figures(
        judged=len(judged),
        succeeded=len(succeeded),
        red=time_red(runs, since, until),
        run_times=_between((run.started_at, run.finished_at) for run in succeeded),
        queue_times=_between((run.queued_at, run.started_at) for run in judged),
    )


def red_intervals(runs: Iterable[Run], until: datetime) -> list[Interval]:
    """When it was red, in order and apart from one another; the last one ends at `until` where it still is."""
    intervals, since = [], None
    for run in _in_order(runs, until):
        if run.status == FAILED:
            since = since or run.finished_at
        elif since is not None:
            intervals.append((since, run.finished_at))
            since = None
    return [*intervals, (since, until)] if since is not None else intervals


def time_red(runs: Iterable[Run], since: datetime, until: datetime) -> timedelta:
    """How much of [since, until] it was red."""
    parts = (min(end, until) - max(start, since) for start, end in red_intervals(runs, until))
    return sum((part for part in parts if part > timedelta()), timedelta())


def _in_order(runs: Iterable[Run], until: datetime) -> list[Run]:
    """Judged runs by their end; of two that end at once the success counts last, lest somebody is told for nothing."""
    judged = [run for run in runs if run.status in JUDGED and run.finished_at <= until]
    return sorted(judged, key=lambda run: (run.finished_at, run.status == SUCCESS))


def _between(pairs: Iterable[tuple[datetime | None, datetime | None]]) -> list[float]:
    """Seconds, where both ends are known and in order."""
    return [(end - start).total_seconds() for start, end in pairs if start and end and start <= end]


def _median(seconds: Sequence[float]) -> timedelta | None:
    return timedelta(seconds=median(seconds)) if len(seconds) >= FEWEST else None


def _p90(seconds: Sequence[float]) -> timedelta | None:
    """Interpolated between neighbours, as PERCENTILE_CONT is."""
    return timedelta(seconds=quantiles(seconds, n=10, method="inclusive")[8]) if len(seconds) >= FEWEST else None
