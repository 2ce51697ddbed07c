"""The health of pipelines over a window, as their pages and the API show it: the figures of `changes.redness`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.safestring import SafeString

from changes import redness
from changes.models import Pipeline, PipelineRun
from changes.querysets import PipelineRunQuerySet
from changes.redness import Figures
from notifications.charts import Run, runs, sparkline
from notifications.durations import words

WINDOWS = {"7d": timedelta(days=7), "30d": timedelta(days=30)}
USUAL_WINDOW = "7d"
LATEST = 20  # runs in a sparkline


@dataclass(frozen=True)
class Health:
    """One pipeline in [since, until]: its judged runs on the branch that counts, the oldest first, and its figures."""

    pipeline: Pipeline
    since: datetime
    until: datetime
    ended: Sequence[PipelineRun]
    figures: Figures

    @property
    def newest(self) -> PipelineRun | None:
        return self.ended[-1] if self.ended else None

    @property
    def percent(self) -> str:
        """Its success share, "–" without a judged run."""
        return "–" if self.figures.share is None else f"{self.figures.share:.0%}"

    @property
    def spark(self) -> SafeString:
        """How long its latest runs took."""
        took = [_took(run) for run in self.ended[-LATEST:]]
        return sparkline(took, label=f"Seconds of the latest runs of {self.pipeline}")

    @property
    def chart(self) -> SafeString:
        """Its runs on the time axis of the window."""
        shown = [_drawn(run) for run in self.ended]
        label = f"Runs of {self.pipeline}"
        return runs(shown, since=self.since, until=self.until, label=label, ticks=_midnights(self.since, self.until))


def health(
    pipelines: Sequence[Pipeline], *, visible: PipelineRunQuerySet, since: datetime, until: datetime
) -> list[Health]:
    """Of each of these pipelines, in their order; two queries, however many they are."""
    of_them = Q(pk__in=[])
    for pipeline in pipelines:
        of_them |= _counted(pipeline)
    judged = visible.filter(of_them).judged()
    within = _by_pipeline(judged.filter(finished_at__gte=since, finished_at__lte=until).order_by("finished_at"))
    before = judged.filter(finished_at__lt=since).order_by("repository", "pipeline", "-finished_at")
    last = _by_pipeline(before.distinct("repository", "pipeline"))
    found = []
    for pipeline in pipelines:
        key = (pipeline.repository, pipeline.name)
        known = [_as_pure(run) for run in (*last[key], *within[key])]
        found.append(Health(pipeline, since, until, within[key], redness.figures(known, since, until)))
    return found


def _counted(pipeline: Pipeline) -> Q:
    runs = Q(repository=pipeline.repository, pipeline=pipeline.name)
    return runs & Q(branch__in=pipeline.branches) if pipeline.branches else runs


def _by_pipeline(rows: Iterable[PipelineRun]) -> dict[tuple[str, str], list[PipelineRun]]:
    grouped = defaultdict(list)
    for run in rows:
        grouped[run.repository, run.pipeline].append(run)
    return grouped


def _drawn(run: PipelineRun) -> Run:
    assert run.finished_at  # noqa: S101 - by the query
    return Run(run.finished_at, _took(run) or 0.0, run.status == redness.FAILED, _says(run))


def _as_pure(run: PipelineRun) -> redness.Run:
    assert run.finished_at  # noqa: S101 - by the query
    return redness.Run(
        status=run.status, finished_at=run.finished_at, queued_at=run.queued_at, started_at=run.started_at
    )


def _took(run: PipelineRun) -> float | None:
    """Seconds, where its sender told when it began."""
    if run.started_at is None or run.finished_at is None or run.started_at > run.finished_at:
        return None
    return (run.finished_at - run.started_at).total_seconds()


def _says(run: PipelineRun) -> str:
    took = _took(run)
    return f"{run.get_status_display()}, {run.short_revision}{f', {words(took)}' if took is not None else ''}"


def _midnights(since: datetime, until: datetime) -> list[tuple[datetime, str]]:
    """The days of the axis in the viewer's zone, every one or every fifth."""
    every = max(1, (until - since).days // 6)
    first = timezone.localtime(since).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    days = [first + timedelta(days=number) for number in range(0, (until - since).days, every)]
    return [(day, f"{day:%-d %b}") for day in days if day < until]
