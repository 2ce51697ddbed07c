"""What we have met before that resembles an incident: known errors, past incidents, articles."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVector
from django.db.models import Case, F, IntegerField, QuerySet, Value, When

from incidents.models import Incident
from postmortems.models import Article, Problem

SHOWN = 5
RECENT = 500
"""Among so many of the latest incidents of the same services, the most alike in words are looked for."""


@dataclass(frozen=True)
class SeenBefore:
    """What one person may see of it, the most useful first."""

    known_errors: list[Problem]
    incidents: list[Incident]
    articles: list[Article]

    def __bool__(self) -> bool:
        return bool(self.known_errors or self.incidents or self.articles)


def seen_before(incident: Incident, user: Any) -> SeenBefore:
    """What is known of the incident's services, and what happened to them in similar words."""
    services = list(incident.services.values_list("pk", flat=True))
    known = Problem.objects.visible_to(user).known_errors().filter(services__in=services)
    known = known.select_related("owner", "team").prefetch_related("services")
    return SeenBefore(
        known_errors=list(known.distinct().order_by("impact", "urgency", "-number")[:SHOWN]),
        incidents=list(_similar(incident, services, user).prefetch_related("services", "postmortems")[:SHOWN]),
        articles=list(_articles(services, user)[:SHOWN]),
    )


def _similar(incident: Incident, services: list[int], user: Any) -> QuerySet[Incident]:
    past = Incident.objects.visible_to(user).filter(status__in=("resolved", "closed"), practice=incident.practice)
    past = past.exclude(pk=incident.pk)
    if services:
        past = past.filter(services__in=services)
    recent = past.order_by("-number").values("pk").distinct()[:RECENT]
    found = Incident.objects.filter(pk__in=recent)
    words = set(re.findall(r"\w{3,}", incident.title))
    if not words:
        return found if services else found.none()
    query = SearchQuery(" OR ".join(sorted(words)), search_type="websearch", config="english")
    vector = SearchVector("title", weight="A", config="english") + SearchVector("summary", weight="B", config="english")
    ranked = found.annotate(rank=SearchRank(vector, query)).order_by("-rank", "-number")
    return ranked if services else ranked.filter(rank__gt=0)


def _articles(services: list[int], user: Any) -> QuerySet[Any]:
    trust = Case(
        *(When(confidence=name, then=Value(order)) for order, name in enumerate(("validated", "not_validated"))),
        default=Value(2),
        output_field=IntegerField(),
    )
    return (
        Article.objects.visible_to(user)
        .current()
        .with_uses()
        .select_related("team")
        .prefetch_related("services")
        .filter(services__in=services, kind__in=("solution", "runbook"))
        .annotate(trust=trust)
        .order_by("trust", F("number").desc())
        .distinct()
    )
