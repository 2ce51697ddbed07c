"""What we have met before that resembles an incident: known errors, past incidents, articles."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVector
from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When

from incidents.models import Incident
from incidents.querysets import OPEN
from postmortems import fulltext
from postmortems.models import Article, Problem

SHOWN = 5
FEW = 3
"""While somebody types."""
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


def seen_in_words(title: str, user: Any) -> SeenBefore:
    """What resembles an incident that is about to be declared: open ones first, so that none is declared twice."""
    query = _any_of(title)
    if query is None:
        return SeenBefore([], [], [])
    known = Problem.objects.visible_to(user).known_errors().annotate(vector=fulltext.PROBLEM).filter(vector=query)
    seen = Incident.objects.visible_to(user).filter(practice=False, merged_into=None).exclude(status="cancelled")
    recent = Incident.objects.filter(pk__in=seen.order_by("-number").values("pk")[:RECENT])
    alike = recent.annotate(vector=fulltext.INCIDENT).filter(vector=query).annotate(is_past=~Q(status__in=OPEN))
    articles = Article.objects.visible_to(user).current().filter(kind__in=("solution", "runbook"))
    articles = articles.annotate(vector=fulltext.ARTICLE).filter(vector=query)
    rank = SearchRank(F("vector"), query)
    return SeenBefore(
        known_errors=list(known.order_by(rank.desc(), "-number")[:FEW]),
        incidents=list(alike.order_by("is_past", rank.desc(), "-number")[:FEW]),
        articles=list(articles.order_by(rank.desc(), "-number")[:FEW]),
    )


def _any_of(title: str) -> SearchQuery | None:
    """A query for any of the words; None where there is none worth looking for."""
    words = sorted(set(re.findall(r"\w{3,}", title[:200])))
    return SearchQuery(" OR ".join(words), search_type="websearch", config="english") if words else None


def _similar(incident: Incident, services: list[int], user: Any) -> QuerySet[Incident]:
    past = Incident.objects.visible_to(user).filter(status__in=("resolved", "closed"), practice=incident.practice)
    past = past.exclude(pk=incident.pk)
    if services:
        past = past.filter(services__in=services)
    recent = past.order_by("-number").values("pk").distinct()[:RECENT]
    found = Incident.objects.filter(pk__in=recent)
    query = _any_of(incident.title)
    if query is None:
        return found if services else found.none()
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
