"""The health of pipelines: how their latest runs ended, and how long they took."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from django.db.models import F, Window
from django.db.models.functions import RowNumber

from changes.models import PipelineRun
from changes.querysets import PipelineRunQuerySet

LATEST = 20  # runs by which a pipeline is judged


@dataclass(frozen=True)
class Health:
    """One pipeline of one repository, by its latest runs, the newest first."""

    pipeline: str
    repository: str
    latest: list[PipelineRun]

    @property
    def state(self) -> str:
        """How the newest run stands."""
        return self.latest[0].status

    @property
    def label(self) -> str:
        return self.latest[0].get_status_display()

    @property
    def judged(self) -> int:
        """Runs that ended in success or failure."""
        return sum(run.status in ("success", "failed") for run in self.latest)

    @property
    def failed(self) -> int:
        return sum(run.status == "failed" for run in self.latest)

    @property
    def usual(self) -> timedelta | None:
        """The median time of the runs that succeeded; None where none did."""
        took = [
            (run.finished_at - run.started_at).total_seconds()
            for run in self.latest
            if run.status == "success" and run.started_at and run.finished_at
        ]
        return timedelta(seconds=median(took)) if took else None


def health(runs: PipelineRunQuerySet) -> list[Health]:
    """Every pipeline among `runs`, those whose newest run failed first; one query."""
    numbered = runs.annotate(
        place=Window(RowNumber(), partition_by=["pipeline", "repository"], order_by=F("updated_at").desc())
    )
    latest = numbered.filter(place__lte=LATEST).order_by("pipeline", "repository", "place")
    return sorted(_grouped(latest), key=lambda each: each.state != PipelineRun.Status.FAILED)


def _grouped(runs: Iterable[PipelineRun]) -> list[Health]:
    grouped: dict[tuple[str, str], list[PipelineRun]] = {}
    for run in runs:
        grouped.setdefault((run.pipeline, run.repository), []).append(run)
    return [Health(pipeline, repository, latest) for (pipeline, repository), latest in grouped.items()]
