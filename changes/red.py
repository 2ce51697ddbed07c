"""Pipelines that are red, and telling their Dev team when one stays so for longer than its limit.

The team is told once in a spell, and again when it is over.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Min, QuerySet
from django.utils import timezone

from changes.models import Pipeline, PipelineRun
from changes.models.pipelines import USUAL
from notifications import outbox
from notifications.errors import InvalidInput
from oncall.models import Person, Service
from oncall.permissions import require_responder

LONGEST = timedelta(days=90)


def pipeline_of(run: PipelineRun, *, default_branch: str = "") -> Pipeline:
    """The pipeline that this is a run of, made with its first one and held until the transaction ends.

    The branch that counts is the repository's default branch, as soon as a sender tells it or one of the usual names
    is seen; what somebody has set by hand stays. The service is the run's, unless somebody has said another.
    """
    held = Pipeline.objects.select_for_update(of=("self",))
    pipeline, _ = held.get_or_create(repository=run.repository, name=run.pipeline)
    branch = default_branch[:200] or (run.branch if run.branch in USUAL else "")
    if (branch and not pipeline.branch) or (run.service_id and not pipeline.service_id):
        pipeline.branch = pipeline.branch or branch
        pipeline.service_id = pipeline.service_id or run.service_id
        pipeline.save(update_fields=["branch", "service"])
    return pipeline


@transaction.atomic
def judge(pipeline: Pipeline) -> None:
    """Bring a held pipeline up to its runs: since when it is red, and when that will have lasted too long."""
    since, before = _red_since(pipeline), pipeline.red_since
    over = before is not None and (since is None or since > before)
    if over and pipeline.told_at:
        outbox.emit("pipeline.green", {"pipeline": pipeline.pk})
    if over:
        pipeline.told_at = None
    pipeline.red_since = since
    pipeline.next_at = since + pipeline.red_limit if since and not pipeline.told_at else None
    pipeline.save(update_fields=["red_since", "next_at", "told_at"])


@transaction.atomic
def configure(
    *, pipeline: Pipeline, red_limit: timedelta, branch: str, service: Service | None, by: Person
) -> Pipeline:
    """Say for how long it may be red, which branch counts (`*`: every one) and whose it is.

    Raises Forbidden for viewers, and InvalidInput.
    """
    require_responder(by)
    if not timedelta(minutes=1) <= red_limit <= LONGEST:
        raise InvalidInput(red_limit=f"{red_limit} does not do: give between 1 min and {LONGEST.days} d.")
    held = Pipeline.objects.select_for_update(of=("self",)).get(pk=pipeline.pk)
    held.red_limit, held.branch, held.service = red_limit, branch.strip(), service
    held.save(update_fields=["red_limit", "branch", "service"])
    judge(held)
    return held


def tell_due(*, limit: int = 100) -> int:
    """Tell of the pipelines that have been red for too long; returns how many there were."""
    with transaction.atomic():
        due = waiting().filter(next_at__lte=timezone.now()).order_by("next_at", "pk")
        pipelines = list(due.select_for_update(skip_locked=True, of=("self",))[:limit])
        outbox.emit_many([("pipeline.red", {"pipeline": pipeline.pk}) for pipeline in pipelines])
        told = Pipeline.objects.filter(pk__in=[pipeline.pk for pipeline in pipelines])
        told.update(next_at=None, told_at=timezone.now())
    return len(pipelines)


def waiting() -> QuerySet[Pipeline]:
    """Those that are red, and of which nobody was told yet."""
    return Pipeline.objects.filter(next_at__isnull=False)


def _red_since(pipeline: Pipeline) -> datetime | None:
    """The end of the first run that failed since the last one that succeeded, as `changes.redness` has it."""
    runs = PipelineRun.objects.judged_of(pipeline)
    good = runs.filter(status=PipelineRun.Status.SUCCESS).order_by("-finished_at").first()
    bad = runs.filter(status=PipelineRun.Status.FAILED)
    since: datetime | None = (bad.filter(finished_at__gt=good.finished_at) if good else bad).aggregate(
        since=Min("finished_at")
    )["since"]
    return since
