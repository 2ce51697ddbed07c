"""Where the runs of delivery pipelines stand."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from changes import events, red
from changes.models import PipelineRun
from notifications import outbox
from notifications.models import Integration
from notifications.weblinks import web_address
from oncall import mapping
from oncall.catalogue import find_service

PROGRESS = {PipelineRun.Status.QUEUED: 0, PipelineRun.Status.RUNNING: 1}
ENDED = 2


@transaction.atomic
def record(*, run: events.PipelineRun, integration: Integration | None = None) -> PipelineRun:
    """Bring a run up to this report. A report that was overtaken by a later one changes nothing but gaps.

    GitLab retries what failed within the same pipeline: of two ends that differ, the later one holds.
    """
    fields = _fields(run)
    row, new = PipelineRun.objects.get_or_create(
        integration=integration, external_id=run.external_id[:200], defaults=fields | {"status": run.status}
    )
    row = PipelineRun.objects.select_for_update().get(pk=row.pk)
    advanced = _progress(run.status) > _progress(row.status) or _ended_anew(row, run)
    for name, value in fields.items():
        if value and (advanced or not getattr(row, name)):
            setattr(row, name, value)
    if advanced:
        row.status = run.status
    said = mapping.said(job=run.pipeline, labels=run.labels)
    row.service = find_service(run.service_hint or "", run.repository, integration, said) or row.service
    row.updated_at = timezone.now()
    ended = _progress(row.status) == ENDED
    if ended:
        row.finished_at = min(row.finished_at or row.updated_at, row.updated_at)  # clocks differ
    row.save()
    pipeline = red.pipeline_of(row, default_branch=run.default_branch)
    if ended and (new or advanced):
        outbox.emit("pipeline.finished", {"run": row.pk})
        red.judge(pipeline)
    return row


def _ended_anew(row: PipelineRun, run: events.PipelineRun) -> bool:
    later = run.finished_at and row.finished_at and run.finished_at > row.finished_at
    return bool(later) and run.status != row.status and _progress(run.status) == _progress(row.status) == ENDED


def _progress(status: str) -> int:
    return PROGRESS.get(PipelineRun.Status(status), ENDED)


def _fields(run: events.PipelineRun) -> dict[str, Any]:
    """What a report says, cut to the columns."""
    return {
        "pipeline": run.pipeline[:200],
        "repository": run.repository[:200],
        "branch": run.branch[:200],
        "revision": run.revision[:100],
        "actor": run.actor[:200],
        "url": web_address(run.url, longest=500),
        "queued_at": run.queued_at,
        "started_at": run.started_at,
        "finished_at": run.finished_at,
    }
