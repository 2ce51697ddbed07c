"""Changes and runs whose sender named a service that we do not know, and giving them to the one that was meant."""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db import transaction
from django.db.models import Count, F, Max, QuerySet, Value
from django.db.models.functions import Coalesce, NullIf

from changes import ledger
from changes.models import Change, Pipeline, PipelineRun
from notifications.models import Event, Integration
from oncall import mapping
from oncall.assigning import Waiting
from oncall.catalogue import find_services
from oncall.models import Service
from oncall.placing import place_waiting as place_rows

SAID = Coalesce(NullIf("service_hint", Value("")), "repository")  # what the sender calls the service, or has it in
MOST_NAMES = 500
MOST_PIPELINES = 2_000


def changes_waiting(user: Any) -> QuerySet[Change, dict[str, Any]]:
    """One row for each name of each sender (`oncall.assigning.Rows`)."""
    return _counted(Change.objects.visible_to(user).unmatched(), SAID, "started_at")


def runs_waiting(user: Any) -> QuerySet[PipelineRun, dict[str, Any]]:
    """The same of runs: a pipeline says in which repository it is."""
    runs = PipelineRun.objects.visible_to(user).filter(service=None).exclude(repository="")
    return _counted(runs, F("repository"), "updated_at")


def _counted(rows: Any, said: Any, at: str) -> Any:
    named = rows.order_by().values("integration_id", sender=F("integration__name"), said=said)
    return named.annotate(count=Count("pk"), last=Max(at)).order_by("-last")[:MOST_NAMES]


def assign_changes(integration: Integration | None, name: str, service: Service) -> int:
    """The changes that wait under this name are of `service`; returns how many there were."""
    meant = Change.objects.unmatched().filter(integration=integration).alias(said=SAID).filter(said=name)
    return ledger.place(changes=meant, service=service)


def assign_runs(integration: Integration | None, name: str, service: Service) -> int:
    """The runs of the pipelines of this repository are of `service`; returns how many there were."""
    if not name:
        return 0
    Pipeline.objects.filter(repository=name, service=None).update(service=service)
    return PipelineRun.objects.filter(integration=integration, repository=name, service=None).update(service=service)


@transaction.atomic
def place_waiting(event: Event) -> None:
    """React to `integration.mapped` and `service.named`: changes and runs that now have a service are given to it."""

    def place(ids: list[int], service: Service) -> None:
        ledger.place(changes=Change.objects.filter(pk__in=ids), service=service)

    place_rows(event, room="changes", waiting=Change.objects.prefetch_related("entries"), said=_said, place=place)
    if "before" not in event.payload:
        _place_runs(event.payload.get("integration"))


def _said(change: Change) -> mapping.Said:
    return ledger.said_of(change, (entry.data for entry in change.entries.all()))


def _place_runs(only: int | None) -> None:
    """Runs are given to their service pipeline by pipeline: one says the same every time."""
    waiting = PipelineRun.objects.filter(service=None)
    if only:
        waiting = waiting.filter(integration=only)
    kinds = waiting.order_by("integration_id").values_list("integration_id", "repository", "pipeline").distinct()
    for sender, some in groupby(kinds[:MOST_PIPELINES], key=itemgetter(0)):
        integration = Integration.objects.filter(pk=sender).first()
        pipelines = [(repository, name) for _, repository, name in some]
        said = [mapping.said(repository=repository, job=name) for repository, name in pipelines]
        for (repository, name), service in zip(pipelines, find_services(said, integration), strict=True):
            if service:
                waiting.filter(integration=sender, repository=repository, pipeline=name).update(service=service)
                Pipeline.objects.filter(repository=repository, name=name, service=None).update(service=service)


CHANGES = Waiting("change", "changes", changes_waiting, assign_changes)
RUNS = Waiting("pipeline run", "pipeline runs", runs_waiting, assign_runs)
