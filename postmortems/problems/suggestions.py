"""Problems that incidents suggest: a contributing factor that recurs at a service, and no problem stands for it yet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, F, Q
from django.utils import timezone

from incidents.models import Incident
from oncall.models import Service
from postmortems.models import Factor, FactorFinding, Postmortem, Problem, SuggestionDismissal

WITHIN = timedelta(days=365)
FEWEST = 3
"""So many incidents have to share a factor and a service."""
SHOWN = 10


@dataclass(frozen=True)
class Suggestion:
    """A factor, a service, and the incidents that share them with the post-mortems that say so, latest first."""

    factor: Factor
    service: Service
    incidents: list[Incident]
    postmortems: list[Postmortem]

    @property
    def sentence(self) -> str:
        return (
            f"These {len(self.incidents)} incidents share {self.factor.name} and {self.service.name}: open a problem?"
        )

    @property
    def title(self) -> str:
        """What a problem for it may be called until somebody knows better."""
        return f"{self.factor.name} recurs at {self.service.name}"


def suggestions(user: Any, *, factor: str = "", service: str = "") -> list[Suggestion]:
    """Those worth asking this person, most incidents first; of one `factor` (key) and `service` (slug) alone, if told.

    Left out: what an unresolved problem of that category and service covers already, and what was dismissed, unless
    more incidents have come since.
    """
    narrowed = Q(place__isnull=False)
    if factor:
        narrowed &= Q(factor__key=factor)
    if service:
        narrowed &= Q(place__in=Service.objects.filter(slug=service).values("pk"))
    return list(_filled(_pairs(user, narrowed)))


def _pairs(user: Any, narrowed: Q) -> Sequence[Any]:
    """One query: factor by service, with the incidents of the last 365 days that share them."""
    seen = Incident.objects.visible_to(user).counted().filter(started_at__gte=timezone.now() - WITHIN)
    findings = FactorFinding.objects.filter(kind="contributing", fixed_at=None)
    findings = findings.filter(postmortem__in=Postmortem.objects.visible_to(user), postmortem__incidents__in=seen)
    return list(
        findings.annotate(place=F("postmortem__incidents__services"))
        .filter(narrowed)
        .values("factor", "place")
        .annotate(
            number=Count("postmortem__incidents", distinct=True),
            shared=ArrayAgg("postmortem__incidents", distinct=True),
            told_by=ArrayAgg("postmortem", distinct=True),
        )
        .filter(number__gte=FEWEST)
        .order_by("-number", "factor", "place")
    )


def _filled(pairs: Sequence[Any]) -> Iterator[Suggestion]:
    """The records behind the pairs, in four queries."""
    covered = set(Problem.objects.unresolved().exclude(category=None).values_list("category", "services"))
    asked = Q(factor__in=[pair["factor"] for pair in pairs])
    dismissed = {(one.factor_id, one.service_id): one.incidents for one in SuggestionDismissal.objects.filter(asked)}
    open_pairs = [
        pair
        for pair in pairs
        if (key := (pair["factor"], pair["place"])) not in covered and dismissed.get(key, 0) < pair["number"]
    ][:SHOWN]
    factors = Factor.objects.in_bulk([pair["factor"] for pair in open_pairs])
    services = Service.objects.in_bulk([pair["place"] for pair in open_pairs])
    incidents = Incident.objects.in_bulk([pk for pair in open_pairs for pk in pair["shared"]])
    postmortems = Postmortem.objects.in_bulk([pk for pair in open_pairs for pk in pair["told_by"]])
    for pair in open_pairs:
        yield Suggestion(
            factors[pair["factor"]],
            services[pair["place"]],
            sorted((incidents[pk] for pk in pair["shared"]), key=lambda one: -one.number),
            sorted((postmortems[pk] for pk in pair["told_by"]), key=lambda one: -one.number),
        )
