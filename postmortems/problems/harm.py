"""What stands around a problem: the harm it has done, and the changes that may have removed it."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Max, QuerySet
from django.utils import timezone

from changes.models import Change
from incidents.models import Incident
from postmortems.models import Problem
from postmortems.problems.impact import Harm, Impact, impact

OFFERED = 5


def impact_of(problem: Problem) -> Impact:
    """Added up over its incidents, practice and false alarms left out (two queries)."""
    counted = Incident.objects.counted().filter(problems=problem).prefetch_related("services")
    harms = [
        Harm(one.severity, one.started_at, one.resolved_at, tuple(service.name for service in one.services.all()))
        for one in counted
    ]
    return impact(harms, timezone.now())


def with_impact(problems: QuerySet[Problem]) -> QuerySet[Problem]:
    """Each with `caused`, the number of its incidents, and `last_at`, when the last of them began."""
    return problems.annotate(caused=Count("incidents", distinct=True), last_at=Max("incidents__started_at"))


def fixes(problem: Problem, user: Any) -> list[Change]:
    """The latest changes of its services that succeeded since it was opened: one of them may be the fix."""
    since = Change.objects.visible_to(user).filter(state="succeeded", finished_at__gte=problem.created_at)
    since = since.filter(service__in=problem.services.all()).exclude(problems=problem)
    return list(since.select_related("service").order_by("-finished_at")[:OFFERED])
