"""Reactions to what this room tells itself (config/reactions.py)."""

from __future__ import annotations

from django.urls import reverse

from changes.gate.telling import tell_team
from changes.models import Pipeline
from notifications.durations import words
from notifications.models import Event


def tell_red(event: Event) -> None:
    """The Dev team of a pipeline's service hears that it has been red for longer than its limit."""
    pipeline = _pipeline(event)
    if pipeline and pipeline.red_since:
        limit = words(pipeline.red_limit.total_seconds())
        since = f"{pipeline.red_since:%a %d %b %H:%M} UTC"
        _tell(
            event, pipeline, f"{pipeline} is red", f"It has been red since {since}, longer than its limit of {limit}."
        )


def tell_green(event: Event) -> None:
    """Whoever was told that it was red hears that it is green again."""
    pipeline = _pipeline(event)
    if pipeline:
        _tell(event, pipeline, f"{pipeline} is green again", "Its latest run succeeded.")


def _pipeline(event: Event) -> Pipeline | None:
    pipelines = Pipeline.objects.select_related("service__dev_team__lead")
    return pipelines.filter(pk=event.payload["pipeline"]).first()


def _tell(event: Event, pipeline: Pipeline, subject: str, sentence: str) -> None:
    """A pipeline of no service, or of one that no Dev team builds, is for administrators to give to somebody."""
    team = pipeline.service.dev_team if pipeline.service else None
    where = f"{pipeline.service or 'No service'}, {pipeline.repository or 'no repository'}"
    tell_team(
        team,
        key=f"{event.type}:{event.pk}",
        subject=subject,
        text=f"{subject}. {sentence}\n{where}",
        path=reverse("changes:pipeline", args=[pipeline.pk]),
    )
