"""Who wants to hear of a post-mortem, and of which post-mortems somebody wants to hear."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from oncall.models import Service, Team
from postmortems.models import FactorFinding, Postmortem, Subscription

EVERYTHING = Q(pk__isnull=False)
NOTHING = Q(pk__in=[])


def wanted(subscriptions: Iterable[Subscription]) -> Q:
    """Post-mortems that one of these asks for; join them with `distinct()`."""
    found = NOTHING
    for one in subscriptions:
        found |= _matches(one)
    return found


def wanted_problems(subscriptions: Iterable[Subscription]) -> Q:
    """Problems that one of these asks for; join them with `distinct()`."""
    found = NOTHING
    for one in subscriptions:
        asked = Q(services=one.service_id) if one.service_id else EVERYTHING
        asked &= Q(category=one.factor_id) if one.factor_id else EVERYTHING
        asked &= Q(team=one.team_id) | _of_team("services", one.team_id) if one.team_id else EVERYTHING
        found |= asked
    return found


def _matches(one: Subscription) -> Q:
    asked = EVERYTHING
    if one.service_id:
        asked &= Q(incidents__services=one.service_id) | Q(services=one.service_id)
    if one.team_id:
        asked &= _of_team("incidents__services", one.team_id) | _of_team("services", one.team_id)
    if one.factor_id:
        asked &= Q(findings__factor=one.factor_id, findings__kind=FactorFinding.Kind.CONTRIBUTING)
    return asked


def _of_team(path: str, team: int) -> Q:
    return Q(**{f"{path}__dev_team": team}) | Q(**{f"{path}__ops_team": team})


def of(postmortem: Postmortem) -> QuerySet[Subscription]:
    """The subscriptions that ask for this one, of people who are active. Who may see it is for the caller."""
    about = Q(incidents__postmortems=postmortem) | Q(postmortems=postmortem)
    services = Service.objects.filter(about)
    teams = Team.objects.filter(Q(developed_services__in=services) | Q(operated_services__in=services))
    factors = postmortem.findings.filter(kind=FactorFinding.Kind.CONTRIBUTING).values("factor")
    return Subscription.objects.filter(
        Q(service=None) | Q(service__in=services),
        Q(team=None) | Q(team__in=teams),
        Q(factor=None) | Q(factor__in=factors),
        person__is_active=True,
    ).select_related("person")
